"""The matching engine on seeded regions: seconds, memory, proven gap; and other ways beside it.

    python -m bench.matching [S M L XL] [--seed 1] [--supply 0.1] [--pace 1] [--beside] [--replan]

Each size runs in a process of its own, so that its memory is its own. `--beside` runs greedy,
OR-Tools and HiGHS on the same pairs (S and M); `--replan` withdraws people from the plan one by
one and times the repair. `--pace` lets the way between two roles take so many minutes a kilometre.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np

from bench.matching.beside import WAYS
from bench.matching.family import SIZES, region_of
from takatuf.engine.matching.index import index_of, pairs_of
from takatuf.engine.matching.plan import gap_between
from takatuf.engine.matching.planning import RegionPlan, instance_of, plan_region
from takatuf.engine.matching.region import Region
from takatuf.engine.matching.replanning import Standing
from takatuf.engine.matching.warming import warm

TOO_MANY_FOR_HIGHS = 100_000  # pairs
WITHDRAWN = 480


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=" ".join(SIZES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--supply", type=float, default=1.0)
    parser.add_argument("--pace", type=int, default=0)
    parser.add_argument("--beside", action="store_true")
    parser.add_argument("--replan", action="store_true")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if strange := set(wanted.sizes) - set(SIZES):
        sys.exit(f"There is no size {', '.join(sorted(strange))}: {', '.join(SIZES)}.")
    warm()
    if wanted.alone:
        print(json.dumps(_measured(wanted.sizes[0], wanted)))
        return
    print(
        "size  supply  volunteer-weeks   roles   seats  filled  seconds  processor    gap    GB"
    )
    for size in wanted.sizes or ["S", "M"]:
        _print(size, wanted, _alone(size, wanted))


def _alone(size: str, wanted: argparse.Namespace) -> dict:
    options = [f"--seed={wanted.seed}", f"--supply={wanted.supply}", f"--pace={wanted.pace}"]
    options.append("--alone")
    options += ["--beside"] * wanted.beside + ["--replan"] * wanted.replan
    done = subprocess.run(
        [sys.executable, "-m", "bench.matching", size, *options],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _measured(size: str, wanted: argparse.Namespace) -> dict:
    plan_region(region_of("T", 1))  # kernels are read from the cache
    region = replace(region_of(size, wanted.seed, wanted.supply), pace=wanted.pace)
    clock, processor = time.perf_counter(), time.process_time()
    planned = plan_region(region, seed=wanted.seed)
    found = {
        "seconds": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "weeks": len(region.people),
        "roles": len(region.asked),
        "seats": int(region.asked["maximum"].sum()),
        "filled": len(planned.agent),
        "points": planned.plan.objective,
        "bound": planned.plan.bound,
    }
    if wanted.replan:
        found["replan"] = _replanned(planned, wanted.seed)
    if wanted.beside:
        found["beside"] = _beside(region)
    return found


def _replanned(planned: RegionPlan, seed: int) -> list[float]:
    """Milliseconds of each repair: median, 99th percentile, most; and the gap afterwards."""
    standing = Standing(planned.instance, planned.plan)
    random, times = np.random.default_rng(seed), []
    for agent in random.choice(np.unique(planned.agent), WITHDRAWN, replace=False):
        started = time.perf_counter()
        standing.withdraw_agent(int(agent))
        times.append(1000 * (time.perf_counter() - started))
    left = standing.plan(planned.plan.bound)
    return [*np.percentile(times, (50, 99, 100)).tolist(), left.gap]


def _beside(region: Region) -> dict:
    instance = instance_of(region, pairs_of(region, index_of(region)))
    return {
        name: way(instance)
        for name, way in WAYS.items()
        if name != "HiGHS" or instance.pairs <= TOO_MANY_FOR_HIGHS
    }


def _print(size: str, wanted: argparse.Namespace, found: dict) -> None:
    gap = gap_between(found["points"], found["bound"])
    print(
        f"{size:5} {wanted.supply:6.0%} {found['weeks']:16,} {found['roles']:7,} "
        f"{found['seats']:7,} {found['filled']:7,} {found['seconds']:8.2f} "
        f"{found['processor']:10.2f} {gap:6.2%} {found['gb']:5.2f}"
    )
    if "replan" in found:
        median, late, most, after = found["replan"]
        print(
            f"      {WITHDRAWN} withdrawals: median {median:.2f} ms, p99 {late:.1f} ms, most "
            f"{most:.1f} ms; gap to the old bound afterwards {after:.2%}"
        )
    for name, (seconds, points, bound, remark) in found.get("beside", {}).items():
        below = "-" if points is None else f"{gap_between(points, found['bound']):.2%}"
        above = "-" if bound is None else f"{bound / found['bound'] - 1:+.2%}"
        print(
            f"      {name}: {seconds:.2f} s, {below} below our bound, "
            f"its own bound {above}  {remark}"
        )


if __name__ == "__main__":
    main()

"""What each public page costs, beside a hello page through the same middleware, in one run.

The product's server with two workers on the given data; the clients on the same machine.
"""

import importlib
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.house import arguments, environment, prepare, start_django
from bench.load import Figures, measure
from bench.server import Server, serve

FURTHER = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to measure.

    :param path_of: the address of the n-th request.
    :param cookie: of a signed-in visitor.
    """

    name: str
    path_of: Callable[[int], str]
    cookie: str = ""


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--requests", type=int, default=400, help="of each page and load")
    parser.add_argument("--only", default="", help="pages whose name holds these words")
    parser.add_argument("--out", type=Path, help="also write the figures here, as JSON")
    wanted = parser.parse_args()
    variables = environment(wanted.folder, wanted.database)
    start_django(variables | {"DJANGO_SETTINGS_MODULE": "bench.settings"})
    prepare()
    addresses = importlib.import_module("bench.addresses")  # needs Django started
    hello, *others = addresses.pages()
    pages: list[Page] = [hello, *(page for page in others if wanted.only in page.name)]
    rows = []
    with serve(variables) as server:
        _warm(server, pages)
        for page in pages:
            rows.append(_row(server, page, wanted.requests, addresses.queries(page)))
            _show(rows[-1], rows[0])
        memory = [round(each) for each in server.megabytes()]
    sys.stdout.write(f"\nresident memory of the workers afterwards: {memory} MB\n")
    if wanted.out:
        wanted.out.write_text(json.dumps({"pages": rows, "worker_megabytes": memory}, indent=1))


def _warm(server: Server, pages: list[Page]) -> None:
    """Many connections, so that both workers have drawn every page once."""
    for page in pages:
        measure(server, page.path_of, requests=32, clients=16, cookie=page.cookie)


def _row(server: Server, page: Page, requests: int, queries: int | None) -> dict[str, Any]:
    one = measure(server, page.path_of, requests=requests, clients=1, cookie=page.cookie)
    # Other numbers than before: what is to be uncached must be met for the first time.
    eight = measure(
        server, lambda n: page.path_of(n + FURTHER), requests=requests, clients=8,
        cookie=page.cookie,
    )  # fmt: skip
    return {"name": page.name, "queries": queries, "one": asdict(one), "eight": asdict(eight)}


HEAD = (
    "| page | queries | CPU a request | × hello | requests/s of 8 clients | % of hello "
    "| p50 / p99 of 1 client | p50 / p99 of 8 | bytes | compressed |\n" + "|---" * 10 + "|\n"
)


def _show(row: dict[str, Any], hello: dict[str, Any]) -> None:
    one, eight = Figures(**row["one"]), Figures(**row["eight"])
    base = Figures(**hello["eight"])
    if row is hello:
        sys.stdout.write(HEAD)
    wrong = f" **{one.wrong + eight.wrong} not 200**" if one.wrong + eight.wrong else ""
    sys.stdout.write(
        f"| {row['name']}{wrong} | {row['queries']} | {eight.cpu:.2f} ms "
        f"| {eight.cpu / base.cpu:.1f} | {eight.rate:.0f} | {100 * eight.rate / base.rate:.0f} "
        f"| {one.p50:.1f} / {one.p99:.1f} ms | {eight.p50:.1f} / {eight.p99:.1f} ms "
        f"| {eight.raw:,} | {eight.packed:,} |\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Importing spreadsheets: seconds for reading, preview and taking, peak memory, the same again.

Each file is taken in a process of its own, so that their peaks can be compared: once as the
screen's jobs do it, with a preview, and once by the command.
"""

import importlib
import io
import multiprocessing
import resource
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from bench import sheets
from bench.house import arguments, environment, prepare, start_django

KINDS = ("people", "hours", "opportunities")


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--kind", choices=KINDS, nargs="+", default=list(KINDS))
    wanted = parser.parse_args()
    for kind in wanted.kind:
        for rows in wanted.rows:
            if kind == "hours":  # of people who are known
                _apart(wanted, "people", rows // sheets.HOURS_EACH, _quietly)
            _apart(wanted, kind, rows, _by_jobs)
            _apart(wanted, kind, rows + 1, _by_command)


def _apart(wanted: Namespace, kind: str, rows: int, way: Callable) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_measure, args=(wanted, kind, rows, way)
    )
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _measure(wanted: Namespace, kind: str, rows: int, way: Callable) -> None:
    start_django(environment(wanted.folder, wanted.database))
    prepare()
    path = wanted.folder / f"{kind}-{rows}{sheets.suffix(kind)}"
    if not path.exists():
        sheets.write(kind, rows, path)
    way(kind, rows, path)


def _quietly(kind: str, _rows: int, path: Path) -> None:
    _command(kind, path)


def _by_jobs(kind: str, rows: int, path: Path) -> None:
    size = path.stat().st_size / 1e6
    _report(f"{kind}, {rows:,} rows, {size:.1f} MB, as on screen", _import, kind, path)


def _by_command(kind: str, rows: int, path: Path) -> None:
    _report(f"{kind}, {rows:,} rows, by the command", _command, kind, path)


def _report(
    title: str, way: Callable[[str, Path], tuple[str, str]], kind: str, path: Path
) -> None:
    idle = _megabytes()
    first, outcome = way(kind, path)
    peak = _megabytes()
    again, unchanged = way(kind, path)
    _say(f"{title}: {first}; {outcome}")
    _say(f"    memory at most {peak:.0f} MB ({idle:.0f} MB before)")
    _say(f"    the same file again: {again}; {unchanged}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _megabytes() -> float:
    """The largest this process, or one it started, has ever been."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def _command(kind: str, path: Path) -> tuple[str, str]:
    call = importlib.import_module("django.core.management").call_command
    out = io.StringIO()
    laps = Laps()
    call(f"import_{kind}", str(path), stdout=out)
    laps.end("all")
    return str(laps), out.getvalue().strip().splitlines()[-1]


def _import(kind: str, path: Path) -> tuple[str, str]:
    commands = importlib.import_module("takatuf.imports.commands")
    work = importlib.import_module("takatuf.imports.work")
    layouts = importlib.import_module("takatuf.imports.layouts")
    file_class = importlib.import_module("django.core.files").File
    now = importlib.import_module("django.utils.timezone").now()
    importer = importlib.import_module("takatuf.kernel.registries").importers[kind]
    importer.get_ready(at=now)
    body = importer.body_for_code("")
    laps = Laps()
    with path.open("rb") as file:
        run = commands.upload(
            kind=kind, acting_body=body, file=file_class(file, name=path.name), by=None, at=now
        )
    laps.end("reading")
    layout = layouts.load(run.layout)
    commands.set_mapping(run=run, layout=layout, by=None, at=now, check=False)
    work.check_rows(run)
    run.refresh_from_db()
    laps.end("preview")
    commands.start(run=run, by=None, at=now, enqueue=False)
    work.take_rows(run)
    run.refresh_from_db()
    laps.end("taking")
    return str(laps), (
        f"imported {run.imported}, bad {run.bad}, duplicates {run.duplicates}, "
        f"unchanged {run.unchanged}"
    )


class Laps:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last, self._began = time.perf_counter(), time.process_time()

    def end(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now

    def __str__(self) -> str:
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())
        busy = time.process_time() - self._began
        return (
            f"{steps}; together {sum(self.seconds.values()):.1f} s, of processor {busy:.1f} s"
        )


if __name__ == "__main__":
    main()

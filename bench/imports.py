"""Importing people from a spreadsheet: seconds for reading, preview and taking, peak memory.

Each size runs in a process of its own, so that their peaks can be compared.
"""

import importlib
import multiprocessing
import random
import resource
import sys
import time
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.house import arguments, environment, prepare, start_django

SEED = 20260101
HEADINGS = [
    "م", "الاسم الرباعي", "رقم الهوية", "الجوال", "الجنس", "تاريخ الميلاد", "المدينة",
    "المهارات", "البريد", "ملاحظات",
]  # fmt: skip
SKILLS = ["إسعافات أولية", "تصوير", "ترجمة - تصميم", "محاسبة", "", "", "تنظيم الفعاليات"]
PLACES = ["تبوك", "تيماء", "ضباء", "املج", "الوجه", "حقل"]
PHONES = ["05{0}", "9665{0}", "+966 5{0}", "009665{0}"]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 20_000])
    wanted = parser.parse_args()
    for rows in wanted.rows:
        process = multiprocessing.get_context("spawn").Process(target=_one, args=(wanted, rows))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


def _one(wanted: Namespace, rows: int) -> None:
    start_django(environment(wanted.folder, wanted.database))
    prepare()
    path = wanted.folder / f"people-{rows}.xlsx"
    _write(path, rows)
    idle = _megabytes()
    first, outcome = _import(path)
    peak = _megabytes()
    again, unchanged = _import(path)
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in first.items())
    sys.stdout.write(
        f"{rows:,} rows, {path.stat().st_size / 1e6:.1f} MB: {steps}; "
        f"together {sum(first.values()):.1f} s; {outcome}\n"
        f"    memory at most {peak:.0f} MB ({idle:.0f} MB before)\n"
        f"    the same file again {sum(again.values()):.1f} s; {unchanged}\n"
    )


def _megabytes() -> float:
    """The largest this process, or one it started, has ever been."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def _import(path: Path) -> tuple[dict[str, float], str]:
    commands = importlib.import_module("takatuf.imports.commands")
    work = importlib.import_module("takatuf.imports.work")
    layouts = importlib.import_module("takatuf.imports.layouts")
    file_class = importlib.import_module("django.core.files").File
    now = importlib.import_module("django.utils.timezone").now()
    laps = Laps()
    with path.open("rb") as file:
        run = commands.upload(
            kind="people", file=file_class(file, name=path.name), by=None, at=now
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
    return laps.seconds, (
        f"imported {run.imported}, bad {run.bad}, duplicates {run.duplicates}, "
        f"unchanged {run.unchanged}"
    )


class Laps:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def end(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now


# ---------------------------------------------------------------- the file
def _write(path: Path, rows: int) -> None:
    """A title, an empty row, headings, people: as units keep their lists."""
    rng = random.Random(f"{SEED} {rows}")
    words: Any = importlib.import_module("takatuf.demo.words")
    xlsxwriter: Any = importlib.import_module("xlsxwriter")
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("سجل المتطوعين")
        sheet.right_to_left()
        sheet.write(0, 0, "سجل متطوعي وحدة التطوع")
        sheet.write_row(2, 0, HEADINGS)
        for number in range(rows):
            sheet.write_row(
                3 + number, 0, [number + 1, _name(rng, words), *_person(rng, rows, number)]
            )


def _name(rng: random.Random, words: Any) -> str:
    first = rng.choice(words.MEN + words.WOMEN)
    return f"{first} {rng.choice(words.FATHERS)} {rng.choice(words.MEN)} {rng.choice(words.FAMILIES)}"


def _person(rng: random.Random, rows: int, number: int) -> list[object]:
    phone = rng.choice(PHONES).format(f"{rows % 97:02d}{number:06d}")
    born = date(1970, 1, 1) + timedelta(days=rng.randrange(13_000))
    return [
        _identity(rng), phone, rng.choice(["ذكر", "أنثى", "F"]),
        rng.choice([born.isoformat(), f"{born:%d/%m/%Y}"]), rng.choice(PLACES),
        rng.choice(SKILLS), f"row{number}.{rows}@bench.example", "",
    ]  # fmt: skip


def _identity(rng: random.Random) -> str:
    """Ten digits that pass the check of a national number."""
    digits = [1, *(rng.randrange(10) for _ in range(8))]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return "".join(map(str, digits)) + str(-(doubled + sum(digits[1::2])) % 10)


if __name__ == "__main__":
    main()

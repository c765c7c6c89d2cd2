"""Sheets as volunteering units keep them, of any size, seeded: people, opportunities, hours.

Titles above the header, a month a sheet, Arabic digits, Hijri dates, phones and times in many
spellings, Windows-1256 (which has no Arabic digits) with semicolons. Every row says something of its own.
"""

import csv
import importlib
import random
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

SEED = 20260101
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PEOPLE = [
    "م", "الاسم الرباعي", "رقم الهوية", "الجوال", "الجنس", "تاريخ الميلاد", "المدينة",
    "المهارات", "البريد", "ملاحظات",
]  # fmt: skip
HOURS = ["الاسم", "الهوية", "الفرصة", "التاريخ", "من", "إلى", "المجموع"]
OPPORTUNITIES = [
    "طابع زمني", "المنسق", "عنوان الفرصة", "البريد الإلكتروني", "الحالة", "تاريخ الإكمال",
    "رابط التسجيل", "تاريخ الانتهاء", "المحافظة", "عدد المقاعد", "الساعات",
]  # fmt: skip
SKILLS = ["إسعافات أولية", "تصوير", "ترجمة - تصميم", "محاسبة", "", "", "تنظيم الفعاليات"]
PLACES = ["تبوك", "تيماء", "ضباء", "املج", "الوجه", "حقل"]
PHONES = ["05{0}", "9665{0}", "+966 5{0}", "009665{0}"]
WORK = [
    "تنظيف الشاطئ", "حملة تشجير حديقة الحي", "زيارة كبار السن", "مبادرة إفطار صائم",
    "حملة التبرع بالدم", "تصميم هوية لجمعية", "دورة الإسعافات الأولية",
]  # fmt: skip
STATES = ["مقبول", "قيد المراجعة", "منتهية", "مرفوض"]
MONTHS = 12
HOURS_EACH = 10  # rows about one person


def write(kind: str, rows: int, path: Path) -> None:
    """The same file for the same kind and number of rows, whenever it is written."""
    rng = random.Random(f"{SEED} {kind} {rows}")
    WRITERS[kind](path, rows, rng)


def suffix(kind: str) -> str:
    return ".csv" if kind == "opportunities" else ".xlsx"


# ---------------------------------------------------------------- people
def _write_people(path: Path, rows: int, rng: random.Random) -> None:
    lines = ([n + 1, *person(rng, rows, n)] for n in range(rows))
    _book(path, {"سجل المتطوعين": (PEOPLE, lines)}, title="سجل متطوعي وحدة التطوع")


def person(rng: random.Random, rows: int, number: int) -> list[object]:
    words: Any = importlib.import_module("takatuf.demo.words")
    first = rng.choice(words.MEN + words.WOMEN)
    name = f"{first} {rng.choice(words.FATHERS)} {rng.choice(words.MEN)} {rng.choice(words.FAMILIES)}"
    phone = rng.choice(PHONES).format(f"{rows % 97:02d}{number:06d}")
    born = date(1970, 1, 1) + timedelta(days=rng.randrange(13_000))
    return [
        name, _identity(rng), phone, rng.choice(["ذكر", "أنثى", "F"]), _spelt(rng, born),
        rng.choice(PLACES), rng.choice(SKILLS), f"row{number}.{rows}@bench.example", "",
    ]  # fmt: skip


def _identity(rng: random.Random) -> str:
    """Ten digits that pass the check of a national number."""
    digits = [1, *(rng.randrange(10) for _ in range(8))]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return "".join(map(str, digits)) + str(-(doubled + sum(digits[1::2])) % 10)


def _spelt(rng: random.Random, day: date) -> object:
    """A date as somebody typed it."""
    to_hijri: Any = importlib.import_module("hijridate").Gregorian
    hijri = to_hijri(day.year, day.month, day.day).to_hijri()
    return rng.choice(
        [
            day, day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}".translate(ARABIC),
            f"{hijri.day}/{hijri.month}/{hijri.year}هـ",
        ]
    )  # fmt: skip


# ---------------------------------------------------------------- hours
def _write_hours(path: Path, rows: int, rng: random.Random) -> None:
    """About the people of the sheet that ``person`` fills, ten rows each, a month a sheet."""
    count = max(1, rows // HOURS_EACH)
    crowd_rng = random.Random(f"{SEED} people {count}")
    crowd = [person(crowd_rng, count, number)[:2] for number in range(count)]
    sheets = {
        f"شهر {month}": (HOURS, _month(crowd, rows, month, rng))
        for month in range(1, MONTHS + 1)
    }
    _book(path, sheets, title="كشف الساعات التطوعية")


def _month(
    crowd: list[list[object]], rows: int, month: int, rng: random.Random
) -> Iterator[list[object]]:
    """Each person's rows lie on days of their own; files of other sizes in other years."""
    year = 2015 + rows % 10
    for number in range(month - 1, rows, MONTHS):
        name, identity = crowd[number // HOURS_EACH % len(crowd)]
        day = date(year, month, 1 + number // HOURS_EACH // len(crowd) % 28)
        start = time(rng.randrange(7, 17), rng.choice([0, 30]))
        hours = rng.randrange(1, 6)
        end = time(start.hour + hours, start.minute)
        yield [
            name, identity, rng.choice(WORK), _spelt(rng, day),
            rng.choice([start, f"{start:%H:%M}"]), rng.choice([end, f"{end:%H:%M}"]),
            rng.choice([hours, str(hours).translate(ARABIC), f"{hours} ساعات"]),
        ]  # fmt: skip


# ---------------------------------------------------------------- opportunities
def _write_opportunities(path: Path, rows: int, rng: random.Random) -> None:
    with path.open("w", encoding="cp1256", newline="") as target:
        writer = csv.writer(target, delimiter=";")
        writer.writerow(OPPORTUNITIES)
        writer.writerows(_opportunity(rng, rows, number) for number in range(rows))


def _opportunity(rng: random.Random, rows: int, number: int) -> list[object]:
    """A third has no link, so that title and day must tell them apart."""
    made = date(2020, 1, 1) + timedelta(days=number // 7 % 1_900)
    end = made + timedelta(days=rng.randrange(3, 40))
    place = rng.choice(PLACES)
    link = f"https://bench.example/o/{rows}/{number}" if number % 3 else ""
    return [
        f"{made:%d/%m/%Y} {rng.randrange(7, 20):02}:{rng.randrange(60):02}:00", "منسق الوحدة",
        f"{WORK[number % len(WORK)]} {number // 7 // 1_900 or ''}".strip(), "unit@bench.example",
        rng.choice(STATES), rng.choice(["", f"{end:%Y/%m/%d}"]), link,
        rng.choice([f"{end:%d-%m-%Y}", f"{end:%d/%m/%Y}", "??/??/????"]),
        f"{place} ", rng.choice(["20", "??", "20 متطوع"]), rng.choice(["?", "4 ساعات", "3"]),
    ]  # fmt: skip


# ---------------------------------------------------------------- workbooks
def _book(path: Path, sheets: dict[str, tuple[list[str], Iterator]], *, title: str) -> None:
    """A title across, an empty row, headings, rows."""
    xlsxwriter: Any = importlib.import_module("xlsxwriter")
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(str(path), options) as book:
        clock = book.add_format({"num_format": "hh:mm"})
        for name, (headings, lines) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.right_to_left()
            sheet.merge_range(0, 0, 0, len(headings) - 1, title)
            sheet.write_row(2, 0, headings)
            for line, cells in enumerate(lines, start=3):
                for column, cell in enumerate(cells):
                    style = clock if isinstance(cell, time) else None
                    sheet.write(line, column, cell, style)


WRITERS: dict[str, Callable[[Path, int, random.Random], None]] = {
    "people": _write_people,
    "hours": _write_hours,
    "opportunities": _write_opportunities,
}

"""Which cells are data and no headings, and which rows are the sheet's own totals."""

import re

from takatuf.imports.sheets.matching import key
from takatuf.imports.sheets.shapes import Record
from takatuf.kernel.text.digits import western

TOTALS = {
    key(text)
    for text in (
        "المجموع", "مجموع", "الإجمالي", "إجمالي", "المجموع الكلي", "الإجمالي الكلي",
        "الإجمالي العام", "المجموع العام", "إجمالي عام", "العدد الكلي", "العدد الإجمالي",
        "المجموع الفرعي", "إجمالي الساعات", "مجموع الساعات", "إجمالي المتطوعين",
        "مجموع المتطوعين", "عدد المتطوعين", "المتوسط", "المعدل", "total",
        "grand total", "subtotal", "sub total",
        "sum", "average", "total hours", "total volunteers", "count",
    )
}  # fmt: skip
TOTAL = {word for text in ("إجمالي", "مجموع", "عدد", "total", "number") for word in key(text)}
COUNTED = TOTAL | {
    word
    for text in (
        "المتطوعين المتطوعات المشاركين المشاركات المسجلين الأسماء الساعات الفرص المبادرات",
        "المقاعد الحضور الحاضرين الأيام اليوم اليومي الشهر الكلي العام و",
        "of hours volunteers opportunities seats participants names days",
    )
    for word in key(text)
}
NO_SUM = {
    word
    for text in ("عدد", "متوسط", "المتوسط", "معدل", "المعدل", "count", "number", "average")
    for word in key(text)
}
_DATA = re.compile(
    r"[\d\W_]*\d[\d\W_]*(هـ?|م|ه|ص|ساعة|ساعات|h|am|pm)?|\S+@\S+\.\S+|\w+://\S+", re.IGNORECASE
)


def looks_like_data(text: str) -> bool:
    """Numbers, dates, times, addresses: not a heading."""
    return bool(_DATA.fullmatch(western(text).strip()))


def is_total(record: Record) -> bool:
    """A word for "total" and otherwise only numbers."""
    labels = 0
    for cell in record.cells:
        if isinstance(cell, str) and not looks_like_data(cell):
            labels += 1
            if labels > 2 or not says_total(cell):  # noqa: PLR2004
                return False
    return labels > 0


def says_total(text: str) -> bool:
    """``الإجمالي``, ``إجمالي عدد المتطوعين: 64``."""
    said = _said(text)
    return said in TOTALS or (len(said) > 1 and said[0] in TOTAL and COUNTED.issuperset(said))


def says_sum(text: str) -> bool:
    """A total that adds up: no count, no average."""
    return says_total(text) and NO_SUM.isdisjoint(_said(text))


def _said(text: str) -> tuple[str, ...]:
    return key(re.sub(r"[\d٠-٩].*", "", text))

"""CSV and its relatives: encoding, separator, records with their line numbers."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from math import log
from typing import BinaryIO, Literal

from takatuf.imports.sheets.cells import LONGEST, tidy
from takatuf.imports.sheets.errors import SheetError

Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE
SEPARATORS = (",", ";", "\t", "|")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 256 * 1024
# Single-byte encodings of Arabic; each byte string decodes in each of them, so letters decide.
ARABIC_CODE_PAGES = ("cp1256", "iso8859_6", "cp720", "mac_arabic")
# How often a letter stands in Arabic text, roughly, in thousandths.
FREQUENT = "ا160 ل120 ي75 م65 و60 ن60 ر55 ت45 ب40 ة30 ع35 د35 س30 ف30 ه30 ك25 ق25 ح20 أ20 ج17 "
SELDOM = "ش13 ط12 خ12 ص11 ذ10 ى10 ث8 ز8 إ8 ض7 غ5 ئ4 ء4 ظ2 ؤ1 آ1 ،5 ؟1 ؛1 \u200f5 \u200e5"
LETTERS = {part[0]: int(part[1:]) / 1000 for part in (FREQUENT + SELDOM).split()}
RARE = 0.0001
WINDOWS_IS_USUAL = 5.0
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u061c\u2066\u2067\u2068\u2069\ufeff\0"
)
FEWEST_CONTROLS = 0.01  # of the characters of a text; above it is a binary file
LONG_FIELD = 5_000


def read_delimited(file: BinaryIO) -> Iterator[tuple[int, list]]:
    """Each record with the line it starts on. Cells are text or None.

    :raises SheetError: if it is not text.
    """
    encoding = detect_encoding(file)
    head = _head(file, encoding)
    if not head.strip():
        raise SheetError("empty")
    separator, skip = detect_separator(head)
    quoting = _quoting(head, separator)
    csv.field_size_limit(LONGEST * 4)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        yield from _records(text, separator, quoting, skip)
    finally:
        text.detach()


def _records(text, separator: str, quoting: Quoting, skip: int) -> Iterator[tuple[int, list]]:
    lines = (line.replace("\0", "") for line in text)
    for _ in range(skip):
        next(lines, None)
    reader = csv.reader(lines, delimiter=separator, quoting=quoting, skipinitialspace=True)
    start = 1
    try:
        for record in reader:
            yield start + skip, [tidy(cell) for cell in record]
            start = reader.line_num + 1
    except csv.Error:
        raise SheetError("broken") from None


# ---------------------------------------------------------------- encoding
def detect_encoding(file: BinaryIO) -> str:
    """A byte order mark, UTF-16 by its zero bytes, UTF-8 if it is, else an Arabic code page."""
    file.seek(0)
    head = file.read(SAMPLE)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if wide := _utf16_without_mark(head):
        return wide
    if _is_binary(head):
        raise SheetError("not_a_sheet")
    return "utf-8" if _is_utf8(file) else _arabic_code_page(head)


def _utf16_without_mark(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        # Digits, separators and line ends are ASCII: a zero byte each, on one side only.
        if half and zeros > half * 0.05 and others < zeros * 0.05 and _is_text(head, name):
            return name
    return None


def _is_text(head: bytes, encoding: str) -> bool:
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")
    odd = sum(
        letter == "\ufffd"
        or not (letter.isprintable() or letter.isspace() or letter in INVISIBLE)
        for letter in text
    )
    return odd <= len(text) * FEWEST_CONTROLS


def _is_binary(head: bytes) -> bool:
    controls = sum(head.count(bytes([n])) for n in range(32) if n not in (9, 10, 11, 12, 13))
    return controls > len(head) * FEWEST_CONTROLS


def _is_utf8(file: BinaryIO) -> bool:
    """Nearly all of it decodes: one damaged letter does not turn a file into another one's."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    wrong = right = 0
    while chunk := file.read(SAMPLE):
        text = decoder.decode(chunk)
        wrong += text.count("\ufffd")
        right += sum(1 for letter in text if letter > "\x7f") - text.count("\ufffd")
    wrong += decoder.decode(b"", final=True).count("\ufffd")
    return wrong <= right * 0.02


def _arabic_code_page(head: bytes) -> str:
    """The code page in which the high bytes make the likeliest Arabic; in doubt Windows's."""
    high = Counter(byte for byte in head if byte > 127)  # noqa: PLR2004
    return max(ARABIC_CODE_PAGES, key=lambda name: _likelihood(head, high, name))


def _likelihood(head: bytes, high: Counter[int], name: str) -> float:
    letters = sum(
        times * log(LETTERS.get(bytes([byte]).decode(name, "replace"), RARE))
        for byte, times in high.items()
    )
    articles = len(re.findall(r"\bال", head.decode(name, "replace")))
    return letters + 2 * articles + (WINDOWS_IS_USUAL if name == "cp1256" else 0)


# ---------------------------------------------------------------- separator
def _head(file: BinaryIO, encoding: str) -> str:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(file.read(SAMPLE)).lstrip("\ufeff").replace("\0", "")


def detect_separator(head: str) -> tuple[str, int]:
    """The separator, and how many lines to leave out before the first record."""
    if said := re.match(r"sep=(.)\r?\n", head):  # what Excel writes to tell itself
        return said[1], 1
    lines = head.splitlines(keepends=True)
    if len(head) > SAMPLE // 4 and len(lines) > 1:
        lines.pop()  # it may be cut in the middle
    return max(SEPARATORS, key=lambda mark: _regularity(lines[:400], mark)), 0


def _regularity(lines: list[str], separator: str) -> tuple[float, int]:
    """How many records share one width above 1, then how wide that is."""
    quoting = _quoting("".join(lines), separator)
    widths: Counter[int] = Counter()
    try:
        for record in csv.reader(lines, delimiter=separator, quoting=quoting):
            if any(cell.strip() for cell in record):
                widths[len(record)] += 1
    except csv.Error:
        return 0.0, 0
    total = sum(widths.values())
    width, times = max(
        ((width, times) for width, times in widths.items() if width > 1),
        key=lambda pair: (pair[1], pair[0]),
        default=(0, 0),
    )
    return round(times / total, 1) if total else 0.0, width


def _quoting(text: str, separator: str) -> Quoting:
    """None where it makes no sense of the text: a lone quote would swallow the rest of it."""
    if '"' not in text:
        return csv.QUOTE_MINIMAL
    try:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        paired = all(len(cell) < LONG_FIELD for record in records for cell in record)
    except csv.Error:
        paired = False
    return csv.QUOTE_MINIMAL if paired else csv.QUOTE_NONE

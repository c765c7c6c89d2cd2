"""Files broken on purpose: refused in a sentence, and cut copies are noticed."""

import io
import zipfile
from datetime import date, time

import pytest
import xlsxwriter

from takatuf.imports.importers import START_TIME
from takatuf.imports.sentences import SENTENCES, sentence
from takatuf.imports.sheets import limits
from takatuf.imports.sheets.conversion import CutFile, convert, read_lines
from takatuf.imports.sheets.errors import CODES, SheetError
from takatuf.imports.tests.sheets import HEADER, guests, workbook


def converted(tmp_path, content: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    convert(source, tmp_path / "rows")
    for sheet in read_lines((tmp_path / "rows").open("rb")):
        list(sheet.records)


def refusal(tmp_path, content: bytes) -> str:
    with pytest.raises(SheetError) as caught:
        converted(tmp_path, content)
    assert sentence(caught.value)
    return caught.value.code


@pytest.mark.parametrize("keep", [10, 100, 1000, 3000, 0.5, 0.9, 0.99])
def test_a_cut_workbook_is_refused_in_a_sentence(tmp_path, keep):
    whole = workbook({"s": [HEADER, *guests(200)]})
    size = int(len(whole) * keep) if keep < 1 else keep

    assert refusal(tmp_path, whole[:size]) == "broken"


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_workbook_is_read_or_refused(tmp_path, seed):
    content = bytearray(workbook({"s": [HEADER, *guests(50)]}))
    for step in range(20):
        content[(seed * 7919 + step * 104729) % len(content)] ^= 0xFF
    said = ""
    try:
        converted(tmp_path, bytes(content))
    except SheetError as problem:
        said = sentence(problem)
    assert "%(" not in said


def test_a_cell_at_the_far_corner_does_not_take_the_memory(tmp_path):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")
    book.close()

    assert refusal(tmp_path, target.getvalue()) == "too_large"


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        for part in range(6):
            bomb.writestr(f"xl/worksheets/sheet{part}.xml", b"0" * 80 * limits.MEGABYTE)

    assert refusal(tmp_path, target.getvalue()) == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"\n \n,,\n", "empty"), (b"%PDF-1.7 ...", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "not_a_sheet"), (b"<html><body>x", "not_a_sheet"),
        (bytes(range(256)) * 20, "not_a_sheet"), (b"PK\x05\x06" + bytes(18), "not_a_sheet"),
        (b"PK\x03\x04" + bytes(50), "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "broken"),
        ((",".join("x" * 300) + "\n").encode(), "too_many_columns"),
        (b"a,b\n" * (limits.MOST_ROWS + 1), "too_many_rows"),
        (b"x" * (limits.MOST_BYTES + 1), "too_large"),
    ],
)  # fmt: skip
def test_each_kind_of_useless_file_has_its_sentence(tmp_path, content, code):
    assert refusal(tmp_path, content) == code


def test_a_workbook_of_too_many_sheets_is_refused(tmp_path):
    book = workbook({f"s{n}": [["x"]] for n in range(limits.MOST_SHEETS + 1)})
    assert refusal(tmp_path, book) == "too_many_sheets"


def test_every_code_has_a_sentence():
    assert set(SENTENCES) == CODES


def test_a_cut_copy_is_noticed(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(workbook({"s": [HEADER, *guests(500)]}))
    convert(source, tmp_path / "rows")
    whole = (tmp_path / "rows").read_bytes()
    (tmp_path / "rows").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(CutFile):
        sum(len(list(sheet.records)) for sheet in read_lines((tmp_path / "rows").open("rb")))


def test_what_is_written_as_lines_comes_back_the_same(tmp_path):
    rows = [["الاسم", "التاريخ", "من"], ["سارة", date(2025, 1, 7), 0.5], ["هند", None, 12]]
    (tmp_path / "source").write_bytes(workbook({"ورقة": rows}))
    convert(tmp_path / "source", tmp_path / "rows")

    (sheet,) = [
        (s.name, [r.cells for r in s.records])
        for s in read_lines((tmp_path / "rows").open("rb"))
    ]

    assert sheet == (
        "ورقة",
        [["الاسم", "التاريخ", "من"], ["سارة", date(2025, 1, 7), 0.5], ["هند", None, 12.0]],
    )
    assert START_TIME.parse(0.5) == time(12)

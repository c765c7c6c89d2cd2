"""manage.py import_…: what it takes, what it leaves, what it says."""

import csv
import io
import re

import pytest
from django.core.management import CommandError, call_command

from takatuf.imports.management.base import ImportCommand
from takatuf.imports.models import ImportRun
from takatuf.imports.tests.sheets import HEADER, delimited, guests, number, workbook
from takatuf.kernel.models import Evidence, Job

pytestmark = pytest.mark.django_db
ARABIC = re.compile(r"[\u0600-\u06ff]")


class Command(ImportCommand):
    kind = "guests"


def run(path, *options) -> str:
    said = io.StringIO()
    call_command(Command(), str(path), *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def sheet(tmp_path):
    def write(rows, name="guests.xlsx"):
        path = tmp_path / name
        path.write_bytes(rows if isinstance(rows, bytes) else workbook({"ورقة": rows}))
        return path

    return write


def test_it_closes_with_one_line_and_leaves_a_report(sheet):
    first = guests(1)[0]
    path = sheet([["سجل"], HEADER, *guests(3), ["", number(9), ""], first, ["المجموع", "", 4]])

    said = run(path)

    assert said.splitlines()[-1] == "imported 3, bad 1, duplicates 1, unchanged 0"
    text = (path.parent / "guests.xlsx.report.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    header, bad, duplicate = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert header == ["sheet", "line", "outcome", "field", "reason"]
    assert bad[:3] == ["ورقة", "6", "bad"]
    assert duplicate[:3] == ["ورقة", "7", "duplicate"]
    assert all(row[4] for row in (bad, duplicate))
    assert Job.objects.count() == 0  # the command does the work itself


def test_columns_nothing_is_taken_from_are_named_once(sheet):
    head = [*HEADER, "المقاس", None, "لون", None]
    rows = [[*row, "كبير", "زيادة", None, None] for row in guests(2)]
    other = [[*row, "صغير", None, None, None] for row in guests(2, start=5)]
    path = sheet(workbook({"a": [head, *rows], "b": [head, *other], "c": [["x"], ["y"]]}))

    said = run(path).splitlines()

    assert "columns not used: “المقاس”, “E”, “لون”" in said
    assert said[-1] == "imported 4, bad 0, duplicates 0, unchanged 0"


def test_where_every_column_is_used_nothing_is_said_of_columns(sheet):
    assert "columns" not in run(sheet([HEADER, *guests(2)]))


@pytest.mark.parametrize(
    ("heading", "said"),
    [("اسم الشركة", "اسم الشركة"), (None, "A"), ("الاسم", "الاسم")],
)
def test_a_column_that_is_only_guessed_is_taken_where_a_person_says_so(sheet, heading, said):
    first = "{}" if heading == "الاسم" else "ضيف {}"  # cells that are no names contradict it
    rows = [[first.format("سعد" if n else "فهد"), number(n), f"05{n:08}"] for n in range(6)]
    path = sheet([[heading, *HEADER[1:]], *rows])
    told = io.StringIO()

    with pytest.raises(CommandError, match=f'--map "{said}=name"') as refused:
        call_command(Command(), str(path), stdout=told)

    assert f"guessed: name = “{said}”" in told.getvalue().splitlines()
    assert "\n" not in str(refused.value)
    assert Evidence.objects.count() == 0
    assert not list(path.parent.glob("*.csv"))
    lines = run(path, "--map", f"{said}=name").splitlines()
    assert lines[-1] == "imported 6, bad 0, duplicates 0, unchanged 0"
    assert not any(line.startswith("guessed") for line in lines)


def test_a_guess_that_no_row_needs_is_named_and_stops_nothing(sheet):
    path = sheet([[*HEADER, "مدينة السكن الحالية"], *[[*row, "تبوك"] for row in guests(2)]])

    said = run(path).splitlines()

    assert "guessed: place = “مدينة السكن الحالية”" in said
    assert said[-1] == "imported 2, bad 0, duplicates 0, unchanged 0"


def test_a_second_time_changes_nothing(sheet):
    path = sheet([HEADER, *guests(4)])
    run(path)
    before = list(Evidence.objects.values())

    assert run(path).splitlines()[-1] == "imported 0, bad 0, duplicates 0, unchanged 4"
    assert list(Evidence.objects.values()) == before


def test_options_name_body_person_sheet_report_and_columns(sheet, person, tmp_path):
    rows = [
        ["من هو", "n", "رقم"],
        *[[name, f"{n}", i] for n, (name, i, _m) in enumerate(guests(3))],
    ]
    path = sheet(workbook({"a": [["x"], ["y"]], "b": rows}))
    report = tmp_path / "elsewhere.csv"

    said = run(
        path, "--body", "FIRST", "--by", "IMPORTER@example.org", "--sheet", "b",
        "--map", "من هو=name", "--map", "C=national_id", "--map", "n=", "--report", str(report),
    )  # fmt: skip

    assert said.splitlines()[-1] == "imported 3, bad 0, duplicates 0, unchanged 0"
    assert report.exists()
    one = ImportRun.objects.get()
    assert (one.by, one.acting_body) == (person, "kernel.evidence:1")


@pytest.mark.parametrize(
    "options",
    [
        ["--body", "NOWHERE"], ["--by", "nobody@example.org"], ["--sheet", "no such"],
        ["--map", "name"], ["--map", "الاسم=no_such_field"], ["--map", "no such=name"],
        ["--map", "الاسم="], ["--report", "/nowhere/at/all.csv"],
    ],
)  # fmt: skip
def test_a_wrong_option_is_one_sentence(sheet, options):
    path = sheet([HEADER, *guests(2)])

    with pytest.raises(CommandError) as refused:
        run(path, *options)

    assert "\n" not in str(refused.value)
    assert not ARABIC.search(str(refused.value).replace("ورقة", "").replace("الاسم", ""))
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.4", b"PK\x03\x04xxxx", "a folder"])
def test_a_file_that_cannot_be_read_is_one_sentence(sheet, tmp_path, content):
    path = tmp_path / "file.xlsx"
    if content == "a folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        run(path)

    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)
    assert not ARABIC.search(str(refused.value))
    assert not ImportRun.objects.exists()
    assert list(tmp_path.glob("*.report.csv")) == []


def test_a_csv_in_windows_1256_goes_the_same_way(sheet):
    content = delimited([HEADER, *guests(5)], separator=";", encoding="cp1256")

    said = run(sheet(content, "g.csv"))

    assert said.splitlines()[-1] == "imported 5, bad 0, duplicates 0, unchanged 0"


@pytest.mark.parametrize("named", [False, True])
def test_no_report_replaces_an_earlier_one(sheet, tmp_path, named):
    path = sheet([HEADER, *guests(2), ["", number(9), ""]])
    options = ["--report", str(tmp_path / "said.csv")] if named else []
    stem = "said" if named else "guests.xlsx.report"

    said = [run(path, *options).splitlines()[-2] for _time in range(3)]

    reports = [tmp_path / f"{stem}{number}.csv" for number in ("", "-2", "-3")]
    assert said == [f"report: {report}" for report in reports]
    assert sorted(tmp_path.glob("*.csv")) == sorted(reports)


def test_the_report_never_replaces_the_file(sheet):
    path = sheet([HEADER, *guests(2)])

    with pytest.raises(CommandError, match="names the file itself"):
        run(path, "--report", str(path))

    assert Evidence.objects.count() == 0
    assert path.read_bytes().startswith(b"PK")


def test_where_its_folder_may_not_be_written_the_report_lies_here(sheet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sheet([HEADER, *guests(2)]).open("rb") as file:
        said = run(f"/proc/self/fd/{file.fileno()}").splitlines()

    assert said[-1] == "imported 2, bad 0, duplicates 0, unchanged 0"
    assert (tmp_path / said[-2].removeprefix("report: ")).exists()


def test_ctrl_c_half_way_leaves_whole_chunks_and_a_way_on(sheet, monkeypatch):
    monkeypatch.setattr("takatuf.imports.work.CHUNK", 2)
    path = sheet([HEADER, *guests(7)])

    def stop(_command, run):
        if run.processed == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Command, "tell", stop)
        with pytest.raises(CommandError) as stopped:
            run(path)

    assert str(stopped.value).startswith("Stopped after 4 of 7 rows")
    assert (ImportRun.objects.get().status, Evidence.objects.count()) == ("cancelled", 4)
    assert run(path).splitlines()[-1] == "imported 3, bad 0, duplicates 0, unchanged 4"

"""The walk from a file to rows: what is taken, once, and what waits for a person."""

import pytest
from django.db import transaction
from django.utils import translation

from takatuf.imports import commands, layouts, work
from takatuf.imports.enums import RunStatus
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.tests.importing import BODY, MERGED, OTHER_BODY
from takatuf.imports.tests.runs import AT, checked, decide, figures, row_of, taken, uploaded
from takatuf.imports.tests.sheets import HEADER, delimited, guests, number, workbook
from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Evidence, TraceLink
from takatuf.kernel.transitions import WrongState, history

pytestmark = pytest.mark.django_db


def test_good_rows_are_taken_and_leave_only_a_fingerprint(person):
    run = taken([["سجل الضيوف"], [], HEADER, *guests(7), ["المجموع", None, 7]], by=person)

    assert run.status == RunStatus.DONE
    assert figures(run) == {"imported": 7, "bad": 0, "duplicates": 0, "unchanged": 0}
    assert Evidence.objects.count() == 7
    assert set(Evidence.objects.values_list("actor", flat=True)) == {person.ref}
    assert ImportRow.objects.count() == 0
    assert ImportedRow.objects.filter(scope=BODY, run=run).count() == 7


def test_importing_the_same_file_twice_changes_nothing():
    rows = [HEADER, *guests(5)]
    taken(rows)
    before = list(Evidence.objects.order_by("pk").values())

    again = taken(rows)

    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 5}
    assert list(Evidence.objects.order_by("pk").values()) == before


def test_the_same_rows_in_another_layout_are_still_the_same_rows():
    rows = guests(4)
    taken([HEADER, *rows])
    shuffled = [["Mobile", "Full name", "م", "ID number"]] + [
        [f"00966{mobile[1:]}", name, n, int(identity)]
        for n, (name, identity, mobile) in enumerate(rows)
    ]

    again = taken(delimited(shuffled, separator=";", encoding="cp1256"), name="b.csv")

    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 4}


def test_another_body_takes_the_rows_for_itself():
    taken([HEADER, *guests(2)])

    run = taken([HEADER, *guests(2)], body=OTHER_BODY)

    # Its own fingerprints are new; the importer itself finds the guests unchanged.
    assert figures(run) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 2}


def test_bad_rows_keep_sheet_line_and_reason_and_the_rest_is_taken():
    run = taken(
        [
            ["title"],
            HEADER,
            ["سارة", number(1), "123"],
            ["", number(2), "0550000002"],
            ["نورة", "1234567890", "0550000003"],
            ["ريم", number(4), "0550000004"],
            ["مرفوض", number(5), "0550000005"],
            ["ممنوع", number(6), "0550000006"],
        ]
    )

    assert figures(run) == {"imported": 1, "bad": 5, "duplicates": 0, "unchanged": 0}
    rows = ImportRow.objects.filter(outcome="bad").order_by("line")
    assert [(row.sheet, row.line, row.field) for row in rows] == [
        (0, 3, "mobile"), (0, 4, "name"), (0, 5, "national_id"), (0, 7, "name"), (0, 8, ""),
    ]  # fmt: skip
    assert all(row.reason for row in rows)
    assert rows[4].why == "The database refuses this guest."
    assert list(Evidence.objects.values_list("title", flat=True)) == ["ريم"]


def test_what_stands_there_and_says_nothing_is_quoted():
    with translation.override("en"):
        run = checked([HEADER, ["😀", number(1), "0550000001"], ["", number(2), ""]])
        picture, blank = [row.why for row in ImportRow.objects.filter(run=run).order_by("line")]

    assert picture == "Name: “😀” says nothing. Write it in letters or figures."
    assert blank == "Name is missing."


def test_a_preview_changes_nothing_and_says_what_would_happen(person):
    rows = [HEADER, *guests(3), ["x", "1", "2"], guests(1)[0]]

    run = checked(rows, by=person)

    assert run.status == RunStatus.PREVIEWED
    assert figures(run) == {"imported": 3, "bad": 1, "duplicates": 1, "unchanged": 0}
    assert [line["outcome"] for line in run.sample] == ["new"] * 3 + ["bad", "duplicate"]
    assert Evidence.objects.count() == ImportedRow.objects.count() == 0
    assert figures(taken(rows, by=person)) == figures(run)


def test_a_row_repeated_in_the_file_waits_for_a_person():
    first, second = guests(2)
    run = taken([HEADER, first, second, first])

    assert figures(run) == {"imported": 2, "bad": 0, "duplicates": 1, "unchanged": 0}
    row = ImportRow.objects.get()
    assert (row.line, row.decision) == (4, "")
    assert "2" in row.why

    decide(run, row, "same")

    assert row_of(run).reference == ImportedRow.objects.order_by("pk").first().reference
    assert Evidence.objects.count() == 2
    again = taken([HEADER, first, second, first])
    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 3}


def test_an_undecided_duplicate_is_asked_about_again_but_never_taken():
    rows = [HEADER, *guests(2), guests(1)[0]]
    taken(rows)

    again = taken(rows)

    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 1, "unchanged": 2}
    assert Evidence.objects.count() == 2


def test_deciding_another_one_adds_it_and_skip_does_not(person):
    taken([HEADER, ["سارة", number(1), ""]], by=person)
    run = taken(
        [HEADER, ["ساره", number(2), "0551234567"], ["سارة", number(3), "0551234568"]],
        by=person,
    )
    add, skip = ImportRow.objects.filter(run=run, outcome="duplicate").order_by("line")

    decide(run, add, "different")
    decide(run, skip, "skip")

    assert Evidence.objects.count() == 2
    assert Evidence.objects.filter(sha256=number(2)).exists()
    add.refresh_from_db()
    assert (add.decision, add.decided_by) == ("different", person)
    again = taken(
        [HEADER, ["ساره", number(2), "0551234567"], ["سارة", number(3), "0551234568"]],
        by=person,
    )
    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 2}


def test_a_decision_is_taken_once_and_only_among_the_answers_offered(person):
    taken([HEADER, ["سارة", number(1), ""]], by=person)
    run = taken([HEADER, ["لا يدمج", number(1), ""]], by=person)
    row = row_of(run)

    for decision, candidate in (("different", 0), ("same", 5), ("same", 0), ("nonsense", 0)):
        with pytest.raises(DomainError):
            decide(run, row, decision, candidate=candidate)
    row.refresh_from_db()
    assert row.decision == ""
    assert Evidence.objects.get().subject == "tests.guests:1"
    decide(run, row, "skip")
    with pytest.raises(commands.NotDecidable):
        decide(run, row, "same")


def test_a_duplicate_of_a_line_that_was_not_taken_waits_for_that_line(person):
    taken([HEADER, ["سارة", number(1), ""]], by=person)
    rows = [HEADER, ["هند", number(1), ""], ["هند", number(1), ""]]
    run = taken(rows, by=person)
    first, second = ImportRow.objects.filter(run=run).order_by("line")

    with pytest.raises(commands.NotDecidable):
        decide(run, second, "same")
    decide(run, first, "same")
    decide(run, second, "same")

    assert TraceLink.objects.get().target == MERGED[1]


def test_duplicates_cannot_be_decided_in_a_preview():
    run = checked([HEADER, *guests(1), guests(1)[0]])

    with pytest.raises(commands.NotDecidable):
        decide(run, row_of(run), "same")

    assert Evidence.objects.count() == 0


def test_remarks_are_kept_beside_taken_rows():
    run = taken([HEADER, ["سارة", number(1), ""]])

    assert figures(run)["imported"] == 1
    assert ImportRow.objects.get().why == "No mobile number."


# ---------------------------------------------------------------- mapping
def test_a_required_column_must_be_named():
    run = uploaded([["الاسم", "ملاحظات"], ["سارة", "x"], ["هند", "y"]])

    with pytest.raises(commands.NothingMapped):
        commands.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=AT)

    run.refresh_from_db()
    assert (run.status, run.revision) == (RunStatus.UPLOADED, 0)


def test_a_run_cannot_start_before_its_rows_are_checked():
    run = uploaded([HEADER, *guests(2)])
    with pytest.raises(WrongState):
        commands.start(run=run, by=None, at=AT)
    commands.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=AT)
    with pytest.raises(WrongState):
        commands.start(run=run, by=None, at=AT)

    assert Evidence.objects.count() == 0


def test_sheets_of_months_are_taken_together_and_a_summary_is_left_out():
    book = workbook(
        {
            "محرم": [["كشف محرم"], HEADER, *guests(3), ["المجموع", None, 3]],
            "صفر": [HEADER, *guests(2, start=50)],
            "ملخص": [["الشهر", "العدد"], ["محرم", 3], ["صفر", 2]],
        }
    )
    run = taken(book)

    assert figures(run) == {"imported": 5, "bad": 0, "duplicates": 0, "unchanged": 0}
    assert [sheet["use"] for sheet in run.layout] == [True, True, False]


def test_every_step_is_in_the_log(person):
    run = taken([HEADER, *guests(1)], by=person)

    actions = [(entry.action, entry.actor) for entry in history(run)]
    assert actions == [
        ("uploaded", person.ref), ("mapped", person.ref), ("checked", None),
        ("started", person.ref), ("finished", None),
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [10, 2000])
def test_a_chunk_takes_the_same_queries_whatever_the_file(
    rows, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(work, "CHUNK", 2000)
    run = checked([HEADER, *guests(rows)])
    commands.start(run=run, by=None, at=AT)

    # bulk_create splits at the engine's own limits: three more inserts of 2,000 rows.
    with transaction.atomic(), django_assert_max_num_queries(48):
        work.take_rows(ImportRun.objects.get(pk=run.pk))

    assert Evidence.objects.count() == rows

"""What stays of a file: nothing of it that no row needs any more."""

import json

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from takatuf.imports import commands, keeping, layouts, work
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.tests.runs import AT, checked, decide, figures, row_of, taken, uploaded
from takatuf.imports.tests.sheets import HEADER, guests, number
from takatuf.kernel.sayings import Saying, keep, tell

pytestmark = pytest.mark.django_db
SHORT = "1010101"  # no identity number: the sentence of its row quotes it
BAD = ["ضيف ناقص", SHORT, "0550000001"]


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def stored(run):
    """Every word that can be opened of what the database keeps of the run and its rows."""
    rows = ImportRow.objects.filter(run=run).values("cells", "candidates", "reason")
    runs = ImportRun.objects.filter(pk=run.pk).values("layout", "sample")
    return json.dumps([*rows, *runs], ensure_ascii=False)


def files(run):
    storage = run.rows_file.storage
    return storage.listdir("imports")[1] if storage.exists("imports") else []


def test_what_a_reason_quotes_is_deleted_with_the_cells():
    run = taken([HEADER, *guests(1), BAD])
    assert SHORT in ImportRow.objects.get().why

    commands.forget(run=run, at=AT)

    assert SHORT not in stored(run)
    assert HEADER[1] not in stored(run)
    assert "عشرة أرقام" in ImportRow.objects.get().why  # what to mend is still said
    assert keeping.CUT in ImportRow.objects.get().why


def test_a_reason_in_somebody_s_own_words_is_deleted_whole():
    run = taken([HEADER, ["مرفوض", number(4), "0550000001"]])
    ImportRow.objects.update(reason=f"Not {number(4)}.")

    commands.forget(run=run, at=AT)

    assert number(4) not in stored(run)
    assert ImportRow.objects.get().why


@pytest.mark.parametrize("value", [1010101010, "1010101010", ["1010101010"]])
def test_no_value_of_a_kept_sentence_stays(value):
    inner = Saying(_("The birth date cannot be right: %(date)s."), date=value)
    said = keep(Saying(_("%(field)s: %(problem)s"), field=_("Name"), problem=inner))

    left = keeping.unquoted(said)

    assert "1010101010" in tell(said)
    assert "1010101010" not in json.dumps(left)
    assert str(_("Name")) in tell(left)


@pytest.mark.parametrize("end", ["done", "stopped", "gave up"])
def test_no_cell_stays_in_the_layout_of_a_run_that_is_over(end):
    rows = [HEADER, *guests(3)]
    run = checked(rows)
    assert number(0) in stored(run)

    if end == "stopped":
        commands.cancel(run=run, by=None, at=AT)
    elif end == "gave up":
        commands.start(run=run, by=None, at=AT, enqueue=False)
        commands.give_up(run=run, at=AT)
    else:
        run = taken(rows)

    assert [word for guest in guests(3) for word in guest if word in stored(run)] == []
    run.refresh_from_db()
    assert layouts.load(run.layout)[0].headers == HEADER


def test_a_failed_check_leaves_no_sample():
    run = checked([HEADER, *guests(3)])
    commands.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=AT, check=False)
    ImportRun.objects.filter(pk=run.pk).update(sample=[{"values": {"name": "ضيف"}}])

    commands.give_up(run=run, at=AT)

    assert "ضيف" not in stored(run)


def test_the_file_goes_with_the_end_of_its_import(at_once):
    with at_once():
        run = checked([HEADER, *guests(3), BAD])
    assert len(files(run)) == 1

    with at_once():
        commands.start(run=run, by=None, at=AT)
    with at_once():
        again = taken([HEADER, *guests(3), BAD])

    again.refresh_from_db()
    assert again.rows_file.name == ""
    assert figures(again)["bad"] == 1
    assert ImportRow.objects.get(run=again).cells == BAD  # still to be mended


def test_a_stopped_import_leaves_no_file(at_once):
    run = uploaded([HEADER, *guests(3)])
    assert len(files(run)) == 1

    with at_once():
        commands.cancel(run=run, by=None, at=AT)

    assert files(run) == []


def test_a_row_keeps_what_the_line_says_that_it_is_like_and_the_file_goes(
    at_once, client, person
):
    with at_once():
        run = taken([HEADER, *guests(2), guests(1)[0]], by=person)
    assert files(run) == []
    client.force_login(person)

    page = client.get(reverse("imports:duplicate", args=[run.pk, row_of(run).pk]))

    (line,) = page.context["candidates"]
    assert [line["facts"][name] for name in ("name", "mobile")] == [
        guests(1)[0][0], guests(1)[0][2],
    ]  # fmt: skip


@pytest.mark.parametrize("chunk", [1, 500])
def test_the_line_is_known_to_later_rows_after_an_interruption_too(monkeypatch, chunk):
    monkeypatch.setattr(work, "CHUNK", chunk)
    run = checked([HEADER, *guests(2), guests(1)[0]])
    commands.start(run=run, by=None, at=AT, enqueue=False)

    def stop(_run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work.take_rows(run, stop)
    work.take_rows(run)

    assert row_of(run).candidates[0]["facts"]["name"] == guests(1)[0][0]


def test_a_decided_row_keeps_three_digits_of_the_identity_number(client, person):
    run = taken([HEADER, *guests(2), guests(1)[0]], by=person)
    assert number(0) in stored(run)

    decide(run, row_of(run), "skip")

    assert number(0) not in stored(run)
    assert row_of(run).cells[1] == keeping.HIDDEN + number(0)[-3:]
    client.force_login(person)
    page = client.get(reverse("imports:duplicate", args=[run.pk, row_of(run).pk]))
    download = client.get(reverse("imports:download", args=[run.pk, "duplicate"]))
    assert b"".join(download.streaming_content)
    assert (page.status_code, download.status_code) == (200, 200)


def test_the_columns_page_shows_no_identity_number(client, person):
    run = uploaded([HEADER, *guests(3)], by=person)
    client.force_login(person)

    page = client.get(reverse("imports:columns", args=[run.pk])).content.decode()

    assert [n for n in range(3) if number(n) in page] == []
    assert keeping.HIDDEN + number(2)[-3:] in page
    assert guests(3)[2][0] in page


def test_the_upload_page_says_how_long_rows_are_kept(client, person, settings):
    settings.IMPORT_FILE_DAYS = 12
    client.force_login(person)

    for language, said in (("ar", "يومًا من آخر خطوة"), ("en", "days after the last step")):
        with translation.override(language):
            page = client.get(reverse("imports:upload", args=["guests"])).content.decode()
        assert f'<bdi dir="ltr">12</bdi> {said}' in page or f"12 {said}" in page

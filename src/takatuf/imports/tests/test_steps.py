"""The pages of an import, from the file to what is left to decide."""

import io
import re

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.sheets.cells import words
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.importing import GuestImporter
from takatuf.imports.tests.pages import confirm, send
from takatuf.imports.tests.runs import figures, taken
from takatuf.imports.tests.sheets import HEADER, guests, number
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def test_from_file_to_result_in_five_steps(browser, person):
    rows = [["سجل الضيوف"], [], HEADER, *guests(3), ["", number(9), ""], guests(1)[0]]
    assert browser.get(reverse("imports:home")).status_code == 200
    answer = send(browser, rows)
    run = ImportRun.objects.get()
    assert answer.url == reverse("imports:columns", args=[run.pk])
    assert run.original_name == "كشف.xlsx"
    assert "كشف" not in run.rows_file.name

    page = browser.get(answer.url)
    assert page.context["form"].fields["column_0_0"].initial == "name"

    answer = confirm(browser, run)
    assert answer.url == reverse("imports:run", args=[run.pk])
    waiting = browser.get(answer.url).content.decode()
    assert reverse("imports:progress", args=[run.pk]) in waiting
    run_jobs()
    preview = browser.get(answer.url)
    assert "imports/preview.html" in [template.name for template in preview.templates]
    assert Evidence.objects.count() == 0

    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()
    done = browser.get(answer.url)

    run.refresh_from_db()
    assert figures(run) == {"imported": 3, "bad": 1, "duplicates": 1, "unchanged": 0}
    assert "imports/result.html" in [template.name for template in done.templates]
    duplicate = ImportRow.objects.get(outcome="duplicate")
    address = reverse("imports:duplicate", args=[run.pk, duplicate.pk])
    assert address in done.content.decode()
    beside = browser.get(address)
    assert beside.content.decode().count(guests(1)[0][0]) >= 2
    answer = browser.post(address, {"answer": "same-0"})
    assert answer.url == reverse("imports:run", args=[run.pk])
    duplicate.refresh_from_db()
    assert (duplicate.decision, duplicate.decided_by) == ("same", person)


def test_columns_nothing_is_taken_from_are_named_at_every_step(browser):
    send(browser, [[*HEADER, "المقاس"], *[[*row, "كبير"] for row in guests(2)]])
    run = ImportRun.objects.get()
    columns = browser.get(reverse("imports:columns", args=[run.pk])).content.decode()
    chosen = re.search(r'name="column_0_3".*?</select>', columns, re.DOTALL)[0]
    assert re.search(r'value="-"\s+selected>' + _("Leave out"), chosen)

    confirm(browser, run)
    run_jobs()
    address = reverse("imports:run", args=[run.pk])
    preview = browser.get(address)
    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()
    done = browser.get(address)

    for page, name in ((preview, "preview"), (done, "result")):
        assert f"imports/{name}.html" in [template.name for template in page.templates]
        said = page.content.decode()
        assert _("Columns that stay out:") in said
        assert page.context["left_out"] == ["المقاس"]
        assert "المقاس" in said


def test_a_file_without_problems_shows_no_list_of_them(browser):
    send(browser, [HEADER, *guests(2)])
    run = ImportRun.objects.get()
    confirm(browser, run)
    run_jobs()
    address = reverse("imports:run", args=[run.pk])
    preview = browser.get(address).content.decode()
    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()
    done = browser.get(address).content.decode()

    assert _("No row needs a closer look.") in preview
    for page in (preview, done):
        assert _("Rows to look at") not in page
        assert "?show=" not in page


def test_the_list_opens_at_the_first_kind_there_is(browser):
    send(browser, [HEADER, *guests(1), ["ضيف بلا جوال", number(7), ""]])
    run = ImportRun.objects.get()
    confirm(browser, run)
    run_jobs()

    page = browser.get(reverse("imports:run", args=[run.pk]))

    assert [tab["text"] for tab in page.context["tabs"]] == [_("With a remark")]
    assert [one["row"].line for one in page.context["rows"]] == [3]


def test_progress_stops_asking_once_the_work_is_over(browser):
    send(browser, [HEADER, *guests(2)])
    run = ImportRun.objects.get()
    confirm(browser, run)
    address = reverse("imports:progress", args=[run.pk])

    assert "HX-Refresh" not in browser.get(address).headers
    run_jobs()
    assert browser.get(address).headers["HX-Refresh"] == "true"


def test_the_person_may_stop_at_every_step(browser):
    for steps in range(3):
        send(browser, [HEADER, *guests(2, start=10 * steps)])
        run = ImportRun.objects.order_by("-pk").first()
        if steps > 0:
            confirm(browser, run)
        if steps > 1:
            run_jobs()
        browser.post(reverse("imports:stop", args=[run.pk]))
        run_jobs()
        run.refresh_from_db()
        assert (run.status, run.processed, run.rows.count()) == ("cancelled", 0, 0)
        page = browser.get(reverse("imports:run", args=[run.pk])).content.decode()
        assert _("Stopped before anything was taken.") in page
        assert _("Rows to look at") not in page  # nor figures of nothing
    assert Evidence.objects.count() == 0


def test_who_only_reads_an_import_is_not_told_of_rows_nobody_has_looked_at(
    browser, client, stranger, monkeypatch
):
    send(browser, [HEADER, *guests(2)])
    run = ImportRun.objects.get()
    monkeypatch.setattr(GuestImporter, "may_read_all", lambda *_args, **_named: True)
    client.force_login(stranger)

    page = client.get(reverse("imports:run", args=[run.pk])).content.decode()

    assert _("Nothing has been taken yet: whoever imports it goes on from here.") in page
    assert _("Every row was there already: nothing has changed.") not in page
    assert _("Rows to look at") not in page


def test_a_date_quoted_in_an_arabic_reason_keeps_its_order(browser, person):
    run = taken([HEADER, ["ضيف", "1997-13-40", number(1)]], by=person)

    with translation.override("ar"):
        assert "«\u20681997-13-40\u2069»" in run.rows.get(outcome="bad").why


def test_the_download_has_the_layout_of_the_file_and_the_reasons(browser, person):
    rows = [["سجل", None, None], [], HEADER, ["=HYPERLINK(1)", "12", "0550000001"], *guests(1)]
    run = taken(rows, by=person)

    answer = browser.get(reverse("imports:download", args=[run.pk, "bad"]))

    assert answer.status_code == 200
    content = io.BytesIO(b"".join(answer.streaming_content))
    (sheet,) = list(read_all(content))
    assert sheet[0] == ["سجل"]
    assert sheet[1][:3] == HEADER
    assert sheet[2][:3] == ["=HYPERLINK(1)", "12", "0550000001"]
    # A cell read back has lost the marks that keep the quoted word's direction.
    assert sheet[2][3] == words(ImportRow.objects.get(outcome="bad").why)
    again = taken(content.getvalue(), by=person)
    assert figures(again)["bad"] == 1


def read_all(content):
    for sheet in read(content):
        yield [record.cells for record in sheet.records]


def test_a_decision_that_is_refused_says_why_in_place(browser, person):
    run = taken([HEADER, *guests(1), guests(1)[0]], by=person)
    address = reverse("imports:duplicate", args=[run.pk, ImportRow.objects.get().pk])

    answer = browser.post(address, {"answer": "nonsense"})

    assert answer.status_code == 409
    assert ImportRow.objects.get().decision == ""

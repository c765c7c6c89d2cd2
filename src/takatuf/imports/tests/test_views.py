"""The pages, as the people who may import see them, and as those see them who may not."""

import io
import re
import threading
import time

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from takatuf.imports import turns
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.sheets.cells import words
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.importing import GuestImporter
from takatuf.imports.tests.runs import figures, taken
from takatuf.imports.tests.sheets import HEADER, guests, number, workbook
from takatuf.imports.turns import turn
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["ar", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


def send(browser, rows, name="كشف.xlsx", **data):
    content = rows if isinstance(rows, bytes) else workbook({"ورقة": rows})
    address = reverse("imports:upload", args=["guests"])
    return browser.post(address, {"file": SimpleUploadedFile(name, content), **data})


def confirm(browser, run, **changes):
    page = browser.get(reverse("imports:columns", args=[run.pk]))
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value()}
    return browser.post(reverse("imports:columns", args=[run.pk]), data | changes)


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


def test_mapping_by_hand_where_the_headings_say_nothing(browser):
    rows = [["a", "b", "c"], *[[n, f"ضيف {n} كريم", number(n)] for n in range(1, 4)]]
    send(browser, rows)
    run = ImportRun.objects.get()
    answer = confirm(browser, run, column_0_2="-")
    assert answer.status_code == 422
    assert ImportRun.objects.get().status == "uploaded"

    confirm(browser, run, column_0_1="name", column_0_2="national_id")
    run_jobs()
    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()

    run.refresh_from_db()
    assert figures(run)["imported"] == 3


def test_one_field_in_two_columns_is_refused_at_the_field(browser):
    send(browser, [HEADER, *guests(2)])
    run = ImportRun.objects.get()

    answer = confirm(browser, run, column_0_2="name")

    assert answer.status_code == 422
    assert "column_0_2" in answer.context["form"].errors
    assert ImportRun.objects.get().status == "uploaded"


def test_a_date_quoted_in_an_arabic_reason_keeps_its_order(browser, person):
    run = taken([HEADER, ["ضيف", "1997-13-40", number(1)]], by=person)

    with translation.override("ar"):
        assert "«\u20681997-13-40\u2069»" in run.rows.get(outcome="bad").why


def test_the_header_can_be_moved_to_another_row(browser):
    rows = [["ملاحظة", "قديم", "ع"], HEADER, *guests(2)]
    send(browser, rows)
    run = ImportRun.objects.get()
    address = reverse("imports:columns", args=[run.pk])

    moved = browser.get(address, {"header_0": "1"}).context["form"]
    back = browser.get(address, {"header_0": "2"}).context["form"]
    without = browser.get(address, {"header_0": "0"}).context["form"]

    assert moved.found[0].headers[0] == "ملاحظة"
    assert back.found[0].columns[0] == "name"
    assert without.found[0].header == []


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


def test_a_file_that_is_no_sheet_is_refused_in_place(browser):
    for name, content in (
        ("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04" + b"\0" * 99), ("a.pdf", b"%PDF-1.7 x"),
        ("a.csv", bytes(range(32)) * 50),
    ):  # fmt: skip
        answer = send(browser, content, name=name)
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()


def test_while_a_file_is_read_another_one_is_asked_to_wait(browser, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    with turn():
        answer = send(browser, [HEADER, *guests(1)])

    assert answer.status_code == 422
    said = _("Another file is being read at the moment. Wait a minute, then try again.")
    assert answer.context["form"].errors["file"] == [said]
    assert not ImportRun.objects.exists()
    assert send(browser, [HEADER, *guests(1)]).status_code == 302


def test_a_page_waits_a_moment_for_a_file_that_is_soon_read(browser, person):
    run = taken([HEADER, *guests(1), guests(1)[0]], by=person)
    twin = reverse("imports:duplicate", args=[run.pk, ImportRow.objects.get().pk])
    has_it = threading.Event()

    def read_another():
        with turn():
            has_it.set()
            time.sleep(0.3)

    other = threading.Thread(target=read_another)
    other.start()
    has_it.wait(5)
    answer = browser.get(twin)
    other.join()

    assert answer.status_code == 200


def test_pages_that_read_a_whole_file_wait_for_their_turn_too_and_others_do_not(
    browser, person, monkeypatch
):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    run = taken([HEADER, *guests(1), guests(1)[0]], by=person)
    twin = reverse("imports:duplicate", args=[run.pk, ImportRow.objects.get().pk])
    report = reverse("imports:download", args=[run.pk, "duplicate"])
    send(browser, [["ملاحظة"], HEADER, *guests(2)])
    columns = reverse("imports:columns", args=[ImportRun.objects.latest("pk").pk])

    def statuses():
        for page, typed in (
            (twin, {}), (report, {}), (columns, {"header_0": "1"}), (columns, {}),
        ):  # fmt: skip
            answer = browser.get(page, typed)
            list(answer)  # a file is open until it was read
            yield answer.status_code

    with turn():
        assert list(statuses()) == [409, 409, 409, 200]
    assert list(statuses()) == [200] * 4


def test_a_body_is_chosen_only_among_ones_own(client):
    two = get_user_model().objects.create_user(email="importer-of-two@example.org")
    client.force_login(two)
    refused = send(client, [HEADER, *guests(1)], body="kernel.evidence:3")
    assert refused.status_code == 422
    assert not ImportRun.objects.exists()

    send(client, [HEADER, *guests(1)], body="kernel.evidence:2")

    run = ImportRun.objects.get()
    assert (run.acting_body, run.body_title) == ("kernel.evidence:2", "Second body")


# ---------------------------------------------------------------- those who may not
PAGES = ("run", "columns", "progress")
ACTS = ("start", "stop")


def test_visitors_are_asked_to_sign_in(client):
    for name, args in (("home", []), ("upload", ["guests"]), *((p, [1]) for p in PAGES)):
        answer = client.get(reverse(f"imports:{name}", args=args))
        assert answer.status_code == 302
        assert "next=" in answer.url


def test_people_without_a_body_may_not_import(client, stranger):
    client.force_login(stranger)

    assert client.get(reverse("imports:home")).status_code == 403
    assert send(client, [HEADER, *guests(1)]).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_strangers_run_does_not_exist(client, person, stranger):
    run = taken([HEADER, *guests(2), guests(1)[0]], by=person)
    duplicate = ImportRow.objects.get()
    client.force_login(stranger)

    for name in PAGES:
        assert client.get(reverse(f"imports:{name}", args=[run.pk])).status_code == 404
    for name in ACTS:
        assert client.post(reverse(f"imports:{name}", args=[run.pk])).status_code == 404
    decide = reverse("imports:duplicate", args=[run.pk, duplicate.pk])
    assert client.post(decide, {"answer": "different"}).status_code == 404
    assert client.get(reverse("imports:download", args=[run.pk, "bad"])).status_code == 404
    duplicate.refresh_from_db()
    assert duplicate.decision == ""
    assert Evidence.objects.count() == 2


def test_another_bodys_run_does_not_exist_either(browser, person):
    run = taken([HEADER, *guests(1)], by=person, body="kernel.evidence:2")

    assert browser.get(reverse("imports:run", args=[run.pk])).status_code == 404


def test_an_unknown_kind_does_not_exist(browser):
    assert browser.get(reverse("imports:upload", args=["ghosts"])).status_code == 404


def test_a_decision_that_is_refused_says_why_in_place(browser, person):
    run = taken([HEADER, *guests(1), guests(1)[0]], by=person)
    address = reverse("imports:duplicate", args=[run.pk, ImportRow.objects.get().pk])

    answer = browser.post(address, {"answer": "nonsense"})

    assert answer.status_code == 409
    assert ImportRow.objects.get().decision == ""


def test_a_strange_answer_is_no_page_of_errors(browser, person):
    run = taken([HEADER, *guests(1)], by=person)
    home = reverse("imports:run", args=[run.pk])

    assert browser.get(home, {"show": "x"}).status_code == 404
    assert browser.get(home, {"after": "x"}).status_code == 200
    assert browser.get(reverse("imports:download", args=[run.pk, "x"])).status_code == 404
    assert browser.get(reverse("imports:start", args=[run.pk])).status_code == 405

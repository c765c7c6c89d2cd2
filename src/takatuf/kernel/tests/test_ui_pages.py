import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.test import Client
from django.urls import include, path

from takatuf.kernel.context import other_language_url
from takatuf.kernel.errors import DomainError, NotAllowed

FAILURES = {
    "missing": Http404(),
    "forbidden": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "large": RequestDataTooBig(),
    "refused": DomainError("المناوبة امتلأت <b>الآن</b>."),
    "not-yours": NotAllowed("هذا الطلب لجهة أخرى."),
    "busy": OperationalError("database is locked"),
    "full": OperationalError("database or disk is full"),
    "our-fault": OperationalError("no such table: kernel_nothing"),
    "broken": RuntimeError("a bug"),
}


def fail(request, name):
    raise FAILURES[name]


def elsewhere(request):
    return redirect(f"/sign-in/?next={request.path}&way=code")


def form_only(request):
    return HttpResponseNotAllowed(["POST"])


def take(request):
    return HttpResponse("ok")


urlpatterns = [
    path("", include("takatuf.kernel.urls")),
    path("fail/<name>/", fail),
    path("form-only/", form_only),
    path("elsewhere/", elsewhere),
    path("take/", take),
]
handler400 = "takatuf.kernel.views_errors.bad_request"
handler500 = "takatuf.kernel.views_errors.server_error"

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    settings.LANGUAGE_CODE = "ar"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("missing", 404), ("forbidden", 403), ("suspicious", 400), ("large", 413), ("refused", 409),
        ("not-yours", 403), ("busy", 503), ("full", 503), ("our-fault", 500), ("broken", 500),
    ],
)  # fmt: skip
def test_each_failure_has_a_page_with_a_heading_and_a_way_on(visitor, name, status):
    answer = visitor.get(f"/fail/{name}/")
    page = answer.content.decode()

    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert 'class="btn main" href="/"' in page
    assert 'dir="rtl"' in page


def test_a_refusal_shows_its_sentence_and_escapes_it(visitor):
    page = visitor.get("/fail/refused/").content.decode()

    assert "المناوبة امتلأت &lt;b&gt;الآن&lt;/b&gt;." in page


def test_a_refusal_to_htmx_is_a_notice_beside_what_the_person_was_doing(visitor):
    answer = visitor.get("/fail/refused/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#notices"
    assert "<html" not in answer.content.decode()


def test_a_busy_database_tells_htmx_with_a_notice(visitor):
    answer = visitor.get("/fail/busy/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (503, "#notices")
    assert answer["Retry-After"] == "30"


def test_a_fault_of_ours_tells_htmx_with_a_notice(visitor):
    answer = visitor.get("/fail/broken/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (500, "#notices")
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("http://testserver/places/?day=2", "/sign-in/?next=%2Fplaces%2F%3Fday%3D2&way=code"),
        ("https://evil.example/places/", "/sign-in/?next=/elsewhere/&way=code"),
    ],
)
def test_a_redirect_opens_a_page_and_comes_back_to_the_one_htmx_was_on(visitor, page, way):
    asked = {"HX-Request": "true", "HX-Current-URL": page}

    answer = visitor.post("/elsewhere/", headers=asked)

    assert (answer.status_code, answer["HX-Redirect"]) == (200, way)
    assert "Location" not in answer
    assert visitor.post("/elsewhere/").status_code == 302


def test_a_whole_page_answered_to_htmx_takes_the_whole_window(visitor):
    asked = {"HX-Request": "true"}

    answer = visitor.get("/fail/forbidden/", headers=asked)
    again = visitor.get(
        "/fail/forbidden/", headers=asked | {"HX-History-Restore-Request": "true"}
    )

    assert answer.content.lower().startswith(b"<!doctype")
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML show:window:top")
    assert "HX-Retarget" not in again


def test_a_busy_database_is_answered_without_asking_the_database(
    visitor, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = visitor.get("/fail/busy/")

    assert answer["Retry-After"] == "30"


def test_a_session_that_cannot_be_saved_is_also_the_databases_trouble(visitor, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_response", locked
    )

    assert visitor.get("/take/").status_code == 503


def test_an_address_for_forms_says_so_and_keeps_the_allow_header(visitor):
    answer = visitor.get("/form-only/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1>" in answer.content.decode()


def test_a_form_without_its_token_is_sent_back_with_a_reason(settings):
    settings.ROOT_URLCONF = __name__
    answer = Client(enforce_csrf_checks=True).post("/take/")

    assert answer.status_code == 403
    assert 'class="btn main"' in answer.content.decode()


def test_an_old_page_is_told_so_by_htmx_above_what_is_typed_in_it(settings):
    settings.ROOT_URLCONF = __name__
    settings.LANGUAGE_CODE = "ar"
    old = Client(enforce_csrf_checks=True)

    answer = old.post("/take/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#notices")
    assert "<html" not in answer.content.decode()
    assert "تحديث الصفحة" in answer.content.decode()


@pytest.mark.parametrize(
    ("here", "there"),
    [("/", "/en/"), ("/en/", "/"), ("/ui/?theme=dark", "/en/ui/?theme=dark"),
     ("/en/ui/?a=1", "/ui/?a=1"), ("/english/", "/en/english/")],
)  # fmt: skip
def test_the_other_language_is_the_same_page(here, there):
    assert other_language_url(here) == there
    if here != "/english/":
        assert other_language_url(there) == here


@pytest.mark.parametrize(
    ("address", "mark"),
    [("/ui/", 'lang="ar" dir="rtl"'), ("/en/ui/", 'lang="en" dir="ltr"')],
)
def test_the_page_of_parts_stands_in_both_languages(client, address, mark):
    page = client.get(address).content.decode()

    assert mark in page
    assert " style=" not in page
    assert "<script>" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_parts_can_be_asked_for_in_a_theme(client, theme):
    assert (
        f'data-theme="{theme}">\n<head>' in client.get(f"/ui/?theme={theme}").content.decode()
    )


def test_an_invented_theme_is_ignored(client):
    assert 'data-theme="pink' not in client.get("/ui/?theme=pink").content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 900)], ids=["phone", "desk"])
def test_the_page_of_parts_has_no_fault_axe_can_find(open_page, language, size, theme):
    page = open_page(f"/ui/?theme={theme}", language=language, size=size)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert not wide
    assert Axe().run(page).response["violations"] == []


@pytest.mark.browser
def test_a_dialog_opens_by_script_and_gives_the_focus_back(open_page):
    page = open_page("/ui/")
    opener = page.locator("[data-dialog]")
    opener.click()
    box = page.locator("#sample-dialog")

    assert box.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert page.evaluate("document.activeElement.hasAttribute('data-dialog')")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "onward", "back"),
    [("ar", "ArrowLeft", "ArrowRight"), ("en", "ArrowRight", "ArrowLeft")],
)
def test_a_slider_runs_with_the_text_and_says_the_word_of_its_step(
    open_page, language, onward, back
):
    page = open_page("/ui/", language=language)
    box = page.locator(".scale").first
    slider, words = box.locator("input"), box.locator("li").all_inner_texts()

    def stands_at(step: int) -> bool:
        said = slider.get_attribute("aria-valuetext")
        shown = (box.locator("output").inner_text(), box.locator("li.now").inner_text())
        return slider.input_value() == str(step) and {said, *shown} == {words[step - 1]}

    assert stands_at(3)
    slider.focus()
    page.keyboard.press(onward)
    assert stands_at(4)
    page.keyboard.press(back)
    page.keyboard.press("Home")
    assert stands_at(1)
    box.locator("li").last.click()
    assert stands_at(5)
    handle, last = slider.bounding_box(), box.locator("li").last.bounding_box()
    end = handle["x"] + (14 if language == "ar" else handle["width"] - 14)
    assert abs(end - (last["x"] + last["width"] / 2)) < 2, "a word stands below its step"


@pytest.mark.browser
def test_a_slider_is_read_by_the_words_below_it_where_no_script_runs(open_page):
    box = open_page("/ui/", scripts=False).locator(".scale").first
    assert box.locator("output").is_hidden()
    assert box.locator("li").count() == 5

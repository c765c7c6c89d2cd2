"""What cannot be answered is said on the page, wherever on it the question was asked."""

import pytest
from playwright.sync_api import expect

from takatuf.placement import commands

pytestmark = pytest.mark.browser
BUTTON = "#shifts .form-actions button"
ASK_NOWHERE = """form => {
    form.outerHTML = form.outerHTML.replace(/hx-post="[^"]*"/, 'hx-post="/nowhere/"');
    htmx.process(document.getElementById("shifts"));
}"""


@pytest.fixture
def person(world, visit, volunteer):
    """Somebody with a shift chosen, who is about to ask for it."""
    person = visit(f"/opportunities/{world.opportunity.code}/", signed_in=volunteer)
    person.find("#shifts [name=place]").first.check()
    return person


def test_what_is_not_there_any_more_opens_the_page_that_says_so(person):
    person.find("form#join").evaluate(ASK_NOWHERE)
    person.find(BUTTON).click()

    expect(person.find("h1")).to_have_text("لا توجد صفحة بهذا العنوان")
    assert person.find("h1").count() == 1
    person.errors.clear()  # the browser notes the 404
    person.look()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_a_proxy_says_in_our_place_is_told_in_our_words(person, status):
    person.page.route(
        "**/*",
        lambda route: (
            route.fulfill(status=status, content_type="text/html", body="<h1>Bad Gateway</h1>")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    person.find(BUTTON).click()

    expect(person.find("#toasts")).to_contain_text("لم يصل رد")
    expect(person.find("#shifts [name=place]").first).to_be_checked()
    assert "Bad Gateway" not in person.page.content()
    person.errors.clear()  # the browser notes the status


def test_a_fault_is_told_above_what_was_chosen(person, monkeypatch):
    def breaks(**_given):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(commands, "apply", breaks)
    person.find(BUTTON).click()

    expect(person.find("#notices")).to_contain_text("ما كُتب هنا باقٍ")
    expect(person.find("#shifts [name=place]").first).to_be_checked()
    person.errors.clear()  # the browser notes the 500

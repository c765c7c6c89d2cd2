"""In a real browser: the list narrows as boxes are ticked, the studio saves itself."""

import re
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from takatuf.accounts.tests.factories import sign_in
from takatuf.opportunities import commands
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.tests.factories import draft, manager_of, soon
from tests.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page: Page, person, path: str) -> None:
    """Go on as this person, both proofs shown."""
    client = Client()
    sign_in(client, person)
    assert (
        import_module(settings.SESSION_ENGINE).SessionStore(client.session.session_key).load()
    )
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key,
          "url": page.url}]
    )  # fmt: skip
    page.goto(path)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_ticking_a_box_narrows_the_list_and_the_address(open_page, language):
    soon(title="تعبئة السلال", accessible=True)
    soon(title="تنظيف الشاطئ")
    page = open_page("/opportunities/", language=language, size=DESK)
    expect(page.locator(".opp")).to_have_count(2)

    page.locator("label.chip", has=page.locator("[name=accessible]")).click()

    expect(page.locator(".opp")).to_have_count(1)
    expect(page).to_have_url(re.compile("accessible=1"))
    expect(page.locator("[name=accessible]")).to_be_checked()
    page.locator(".chip[aria-current]").first.click()
    expect(page.locator(".opp")).to_have_count(2)


def test_on_a_phone_a_link_shows_what_is_found_and_filters_stay_open_while_choosing(open_page):
    soon(title="تعبئة السلال", accessible=True)
    soon(title="تنظيف الشاطئ", accessible=True)
    page = open_page("/opportunities/?accessible=1", size=PHONE)
    filters = page.locator("#filters")
    expect(filters).not_to_have_attribute("open", "")

    filters.locator("summary").click()
    page.locator("label.chip", has=page.locator("[name=seats]")).click()

    expect(page).to_have_url(re.compile("seats=1"))
    expect(page.locator("[name=seats]")).to_be_checked()
    expect(filters).to_have_attribute("open", "")


def test_without_scripts_the_filters_are_a_form(open_page):
    soon(title="تعبئة السلال", accessible=True)
    soon(title="تنظيف الشاطئ")
    page = open_page("/opportunities/?accessible=1", scripts=False)

    expect(page.locator(".opp")).to_have_count(1)


def test_the_studio_saves_itself_and_shows_the_score(open_page):
    made = draft(title="متطوعين")
    page = open_page("/", size=DESK)
    enter(page, manager_of(made.body), f"/studio/{made.code}/design/work/")
    expect(page.locator(".opp-score bdi")).to_have_text("9/10")

    page.locator("#id_title").fill("إسعاف زوار الكورنيش")

    expect(page.locator(".opp-score bdi")).to_have_text("10/10")
    page.locator("#id_beneficiaries").fill("زوار الكورنيش")
    expect(page.locator("#version")).to_have_value("3")
    made.refresh_from_db()
    assert (made.title, made.beneficiaries) == ("إسعاف زوار الكورنيش", "زوار الكورنيش")


HOLD_ANSWERS = """() => {
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...body) {
    const answered = this.onload;
    this.onload = () => setTimeout(() => answered.call(this), 1000);
    return send.apply(this, body);
  };
}"""


def test_who_saves_while_the_studio_saves_is_nobody_else(open_page):
    made = draft()
    page = open_page("/", size=DESK)
    enter(page, manager_of(made.body), f"/studio/{made.code}/design/work/")
    page.evaluate(HOLD_ANSWERS)
    page.locator("#id_gains").fill("كلماتي أنا")
    with page.expect_response("**/design/work/"):
        page.locator("#id_gains").dispatch_event("change")

    page.locator("#id_beneficiaries").fill("زوار الكورنيش")
    page.locator("#step .form-actions button").click()

    page.wait_for_url("**/design/people/")
    made.refresh_from_db()
    assert (made.gains, made.beneficiaries) == ("كلماتي أنا", "زوار الكورنيش")


def test_two_people_in_the_studio_lose_nothing(open_page):
    made = draft()
    manager = manager_of(made.body)
    page = open_page("/", size=DESK)
    enter(page, manager, f"/studio/{made.code}/design/work/")
    commands.save_step(
        opportunity_id=made.pk, version=1, changes={"title": "كلمات شخص آخر"}, by=manager, at=made.created_at
    )  # fmt: skip

    page.locator("#id_gains").fill("كلماتي أنا")

    expect(page.locator("#panel [role=alert]")).to_be_visible()
    expect(page.locator("#id_gains")).to_have_value("كلماتي أنا")
    assert Opportunity.objects.get(pk=made.pk).title == "كلمات شخص آخر"
    page.locator("#panel [name=keep]").click()
    page.wait_for_url("**/design/people/")
    assert Opportunity.objects.get(pk=made.pk).gains == "كلماتي أنا"

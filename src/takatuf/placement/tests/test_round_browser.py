"""A plan in a real browser, on a phone, in Arabic: asked why, approved, said no to."""

import pytest
from playwright.sync_api import Page, expect

from takatuf.opportunities.tests.test_browser import enter
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import manager_of
from takatuf.placement.tests.rounds import agreed, place, solved
from takatuf.registry.tests.factories import BodyFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOT_TYPED = "دور يحتاج مقابلة قبل الاعتماد"


@pytest.fixture
def plan(open_page):
    """The plan of two places before the manager of the body they are of."""
    body = BodyFactory()
    for hours in (8, 15):
        place(hours=hours, seats=1, body=body)
    for _ in range(2):
        agreed()
    row, said = solved(), []
    page: Page = open_page("/")
    page.on("console", lambda entry: said.append(entry.text))
    enter(page, manager_of(body), f"/rounds/{row.pk}/")
    return page, said, row, body


def statuses(row):
    return sorted(Proposal.objects.filter(round=row).values_list("status", flat=True))


def test_the_plan_is_approved_with_one_button(plan):
    page, said, row, _body = plan
    expect(page.locator("h1")).to_have_text("هل تُعتمد هذه الخطة؟")

    page.get_by_role("button", name="اعتماد الترشيحين").click()

    expect(page.locator("h1")).to_have_text("الخطة معتمدة")
    expect(page.get_by_text("عُرض مكانان، والجواب بلمسة واحدة.")).to_be_visible()
    assert statuses(row) == ["approved", "approved"]
    assert Application.objects.filter(status="offered").count() == 2
    assert said == []


def test_one_is_asked_about_approved_and_another_refused_in_place(plan):
    page, said, row, body = plan
    page.goto(f"/rounds/{row.pk}/bodies/{body.code}/")
    first, second = (f"#proposal-{p.pk}" for p in Proposal.objects.filter(round=row))

    page.locator(f"{first} a", has_text="سبب الترشيح").click()
    expect(page.locator(f"{first} .why")).to_contain_text("المجموع")
    page.locator(f"{first} form button", has_text="اعتماد").first.click()
    expect(page.locator(f"{first} .badge.good")).to_be_visible()
    page.locator(f"{second} summary").click()
    page.locator(f"{second} input[name=reason]").fill(NOT_TYPED)
    page.locator(f"{second} .menu-list button").click()
    expect(page.locator(f"{second} .badge.bad")).to_be_visible()
    expect(page.locator(second)).to_contain_text(NOT_TYPED)

    assert statuses(row) == ["approved", "rejected"]
    assert said == []

"""In a real browser: an answer changes the list, and the browser has nothing to complain of."""

import pytest
from playwright.sync_api import Page, expect

from takatuf.opportunities.enums import Way
from takatuf.opportunities.tests.test_browser import enter
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import application, manager_of, shift_role, volunteer
from tests.browser import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SETTLED_MS = 300  # HTMX puts attributes in after the swap, 20 ms later


@pytest.fixture
def asking(open_page) -> tuple[Page, list[str], list[Application]]:
    """The applicants of one shift before their manager, and what the console says of it."""
    role = shift_role(seats=5, way=Way.BY_REQUEST)
    rows = [application(person=volunteer(), role=role, status="applied") for _ in range(3)]
    page, said = open_page("/", size=DESK), []
    page.on("console", lambda entry: said.append(entry.text))
    opportunity = role.shift.opportunity
    enter(page, manager_of(opportunity.body), f"/studio/{opportunity.code}/applicants/")
    return page, said, rows


def answered(page: Page, rows: list[Application]) -> list[str]:
    expect(page.locator("#people .notice.good")).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)
    return [Application.objects.get(pk=row.pk).status for row in rows]


def test_one_is_accepted_in_place(asking):
    page, said, rows = asking

    page.locator(f"#applicant-{rows[0].pk} form[action$='/accept/'] button").click()

    assert answered(page, rows) == ["offered", "applied", "applied"]
    assert said == []


def test_those_ticked_are_accepted_in_place(asking):
    page, said, rows = asking

    for row in rows[:2]:
        page.locator(f"#applicant-{row.pk} .applicant-tick").click()
    page.locator(f"button[form='several-{rows[0].shift_role_id}']").click()

    assert answered(page, rows) == ["offered", "offered", "applied"]
    assert said == []


def test_one_is_declined_in_place(asking):
    page, said, rows = asking

    page.locator(f"#applicant-{rows[0].pk} details.menu summary").click()
    page.locator(f"#applicant-{rows[0].pk} button[name=template]").first.click()

    assert answered(page, rows) == ["declined", "applied", "applied"]
    assert said == []

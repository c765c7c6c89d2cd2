"""The day sheet in a real browser, on a phone."""

import pytest

from takatuf.attendance.tests.days import assumed_day
from takatuf.attendance.tests.pages import sheet_url
from takatuf.opportunities.tests.test_browser import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_name_has_the_line_to_itself_where_both_times_are_known(open_page):
    day, page = assumed_day(), open_page("/")
    enter(page, day.manager, sheet_url(day))

    who = page.locator(".people .who").bounding_box()
    how = page.locator(".people .how").bounding_box()

    assert how["y"] >= who["y"] + who["height"]
    assert who["width"] > page.viewport_size["width"] / 2

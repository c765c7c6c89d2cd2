"""A need's page tells by trace who answers it, and what came of that."""

from datetime import UTC, datetime, timedelta

import pytest

from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance import commands as attendance
from takatuf.attendance.tests.days import LATER, claims, closed_day
from takatuf.kernel import traces
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_person
from takatuf.opportunities.models import Opportunity

pytestmark = pytest.mark.django_db
SPACE = "\N{NO-BREAK SPACE}"
FIRST = datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.fixture
def need():
    return NeedFactory(status="in_plan", decided_at=NOW)


def page(client, need) -> str:
    return client.get(f"/en/needs/{need.code}/").content.decode()


def test_a_need_nobody_answers_says_so(client, need):
    assert "None has been published for it yet." in page(client, need)


def test_the_need_shows_what_answers_it_and_what_it_reached(client, need):
    day = closed_day()
    traces.link(day.opportunity, "answers", need, at=NOW)
    assert day.opportunity.title in page(client, need)
    assert "approved hours" not in page(client, need)

    attendance.approve_hours(
        claim_ids=[claim.pk for claim in claims(day)], by=day.colleague, at=LATER
    )
    attendance.enter_people_served(
        shift_id=day.shift.pk, count=7, basis="list", by=day.manager, at=LATER
    )
    assert "served" not in page(client, need).split("Opportunities that answer it")[1][:900]
    attendance.confirm_people_served(shift_id=day.shift.pk, by=day.colleague, at=LATER)

    shown = page(client, need)
    assert "7\N{NO-BREAK SPACE}people\N{NO-BREAK SPACE}served" in shown
    assert "6\N{NO-BREAK SPACE}approved\N{NO-BREAK SPACE}hours" in shown


def test_two_of_one_title_are_told_apart_by_place_and_time(client, need):
    day = closed_day()
    traces.link(day.opportunity, "answers", need, at=NOW)
    Opportunity.objects.filter(pk=day.opportunity.pk).update(
        place="حي الورود",
        status="published",
        listed=True,
        first_start=FIRST,
        last_end=FIRST + timedelta(hours=2),
    )

    shown = page(client, need)
    assert f"{day.opportunity.body.name} · حي الورود" in shown
    assert f"Next:{SPACE}Tuesday{SPACE}1{SPACE}December{SPACE}08:00" in shown


def test_what_is_not_public_is_not_shown(client, need):
    day = closed_day()
    traces.link(day.opportunity, "answers", need, at=NOW)
    Opportunity.objects.filter(pk=day.opportunity.pk).update(status="draft", published_at=None)

    assert day.opportunity.title not in page(client, need)


def test_needs_reported_again_stand_for_the_desk_on_the_page_of_the_one_that_stands(
    client, need
):
    again = NeedFactory(status="merged", merged_into=need, decided_at=NOW)
    traces.link(again, "duplicates", need, at=NOW)

    assert again.code not in page(client, need)
    sign_in(client, desk_person())
    assert again.code in page(client, need)

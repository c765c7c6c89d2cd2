"""A shift marked early and called off before it begins; when one runs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from takatuf.attendance import commands, contributions
from takatuf.attendance.tests.days import END, HOUR, LATER, START, a_day, marks
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.kernel.transitions import history
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.errors import BadSchedule, CannotChange
from takatuf.opportunities.models import Shift

pytestmark = pytest.mark.django_db
EARLY = START - HOUR
WHY = "عاصفة رملية"


def cancelled(day, at=EARLY):
    opportunities.cancel_shift(
        shift_id=day.role.shift_id, reason=WHY, by=day.manager, at=at
    )  # fmt: skip


def whole_cancelled(day, at=EARLY):
    opportunities.cancel_opportunity(
        opportunity_id=day.opportunity.pk, reason=WHY, by=day.manager, at=at
    )


def moved(day, at=EARLY):
    opportunities.move_shift(
        shift_id=day.role.shift_id, starts_at=START + HOUR, ends_at=END + HOUR, reason=WHY,
        by=day.manager, at=at,
    )  # fmt: skip


def marked_early():
    """One is here, one has been and left, one is excused, one is expected."""
    day = a_day(4)
    day.come(0, at=EARLY - HOUR)
    day.come(1, at=EARLY - HOUR)
    day.leave(1, at=EARLY)
    commands.mark_absent(
        application_id=day.places[2].pk, excused=True, by=day.manager, at=EARLY
    )
    return day


@pytest.mark.parametrize("call_off", [cancelled, whole_cancelled, moved])
def test_until_its_start_a_shift_is_called_off_whatever_its_sheet_says(call_off):
    day = marked_early()

    call_off(day)

    assert day.shift.status == ("moved" if call_off is moved else "cancelled")
    assert [day.status(n) for n in range(3)] == ["expected", "expected", "excused"]
    assert [day.outcome(n) for n in range(4)] == [*["confirmed"] * 2, "excused", "confirmed"]
    for number, undone in ((0, 1), (1, 2)):
        said = [entry.action for entry in history(day.presence(number))]
        assert said[-undone:] == ["undone"] * undone
    run_jobs()
    told = Message.objects.filter(
        template="placement.moved" if call_off is moved else "placement.cancelled"
    )
    assert {message.person_id for message in told} == {
        day.places[number].person_id for number in (0, 1, 3)
    }
    assert [day.outcome(n) for n in (0, 1, 3)] == ["expired"] * 3
    assert list(contributions.sheets_agree_with_places()) == []


@pytest.mark.parametrize("call_off", [cancelled, whole_cancelled, moved])
def test_the_calendar_reminds_nobody_who_was_excused_of_what_is_called_off(
    client, now, call_off
):
    day = marked_early()
    call_off(day)
    now(EARLY)
    client.force_login(day.places[2].person)

    page = client.get(reverse("placement:calendar_all"))

    [event] = Calendar.from_ical(page.content).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"], event.walk("VALARM")) == ("CANCELLED", 1, [])


@pytest.mark.parametrize("call_off", [cancelled, whole_cancelled, moved])
def test_from_its_start_on_what_people_did_is_for_its_sheet(call_off):
    day = marked_early()
    before = marks()

    with pytest.raises(CannotChange):
        call_off(day, at=START)

    assert marks() == before


def test_a_refused_move_takes_no_mark_back():
    day = marked_early()
    before = marks()

    with pytest.raises(BadSchedule):
        opportunities.move_shift(
            shift_id=day.role.shift_id, starts_at=START - HOUR, ends_at=START - 2 * HOUR,
            reason=WHY, by=day.manager, at=EARLY,
        )  # fmt: skip

    assert marks() == before


def test_a_shift_marked_early_runs_from_its_start_on():
    day, empty = marked_early(), a_day(1)
    assert (day.shift.status, empty.shift.status) == ("planned", "planned")
    assert commands.start_begun_shifts(at=START - timedelta(minutes=1)) == 0
    assert day.shift.status == "planned"

    assert [commands.start_begun_shifts(at=START) for _time in range(2)] == [1, 0]

    assert (day.shift.status, empty.shift.status) == ("running", "planned")
    assert type(day.opportunity).objects.get(pk=day.opportunity.pk).status == "running"
    assert [entry.action for entry in history(Shift.objects.get(pk=day.shift.pk))] == [
        "started"
    ]


def test_a_mark_taken_back_before_the_start_leaves_the_shift_planned():
    day = a_day(1)
    day.come(at=EARLY)

    commands.undo_mark(application_id=day.places[0].pk, by=day.manager, at=EARLY)

    assert day.shift.status == "planned"
    assert commands.start_begun_shifts(at=START) == 0


def test_a_sheet_whose_people_were_all_marked_early_closes():
    day = a_day(1)
    day.come(at=EARLY)

    assert day.close(at=LATER) == 1
    assert day.shift.status == "closed"

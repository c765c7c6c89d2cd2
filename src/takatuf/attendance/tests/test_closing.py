"""Closing the sheet, and check-outs nobody recorded."""

from datetime import timedelta

import pytest

from takatuf.attendance import commands
from takatuf.attendance.commands.day import AlreadyCounted, NotNow, OwnRowOpen
from takatuf.attendance.enums import EvidenceClass, HourState
from takatuf.attendance.models import HourClaim, Presence
from takatuf.attendance.tests.days import END, HOUR, LATER, START, a_day, claims, marks
from takatuf.attendance.tests.test_day import acts, refused, strangers
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import WrongState
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Shift
from takatuf.placement.tests.factories import application

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


# ---------------------------------------------------------------- closing
def test_closing_enters_hours_assumes_and_marks_the_rest():
    day = a_day(4)
    day.come(0)
    day.leave(0, at=END - HOUR)
    day.come(1, at=START + 30 * MINUTE)
    commands.mark_absent(
        application_id=day.places[3].pk, excused=True, by=day.manager, at=START
    )

    assert day.close() == 2

    known, assumed = claims(day)
    assert (known.state, known.evidence, known.minutes) == ("confirmed", "leader", 120)
    assert (assumed.state, assumed.evidence, assumed.minutes) == ("claimed", "assumed", 150)
    assert assumed.ended_at == END
    assert [day.status(n) for n in range(4)] == ["left", "left", "no_show", "excused"]
    assert [day.outcome(n) for n in range(4)] == ["attended", "attended", "no_show", "excused"]
    assert day.shift.status == "closed"
    day.opportunity.refresh_from_db()
    assert day.opportunity.status == "closed"
    assert known.entries.get().claimant == day.manager.ref
    assert assumed.entries.get().claimant is None


def test_closing_twice_is_closing_once():
    day = a_day()
    day.come()
    day.close()
    before = marks()

    assert day.close() is None
    assert day.close(by=day.colleague) is None

    assert marks() == before
    assert HourClaim.objects.count() == 1


def test_a_sheet_is_not_closed_before_the_end():
    day = a_day()
    day.come()

    refused(lambda: day.close(at=END - MINUTE), NotNow)
    assert not HourClaim.objects.exists()


def test_strangers_close_no_sheet():
    day = a_day()
    for stranger in strangers(day):
        refused(lambda who=stranger: day.close(by=who), NotAllowed)


def test_who_stands_unmarked_on_the_sheet_does_not_close_it():
    day = a_day(1)
    mine = application(role=day.role, person=day.manager)

    refused(day.close, OwnRowOpen)
    commands.record_times(
        application_id=mine.pk, came_at=START, left_at=END, by=day.colleague, at=LATER
    )
    assert day.close() == 1


def test_a_cancelled_shift_gives_no_hours():
    day = a_day()
    opportunities.cancel_shift(
        shift_id=day.shift.pk, reason="عاصفة رملية", by=day.manager, at=START - HOUR
    )

    refused(day.close, WrongState)
    for act in acts(day, day.manager, at=END):
        refused(act, AlreadyCounted)
    assert not HourClaim.objects.exists()


def test_a_closed_sheet_stays_as_it_is():
    day = a_day()
    day.come()
    day.close()

    for act in acts(day, day.manager, at=LATER):
        refused(act, AlreadyCounted)


def test_a_shift_nobody_came_to_closes_too():
    day = a_day()

    assert day.close() == 0
    assert [day.status(n) for n in range(2)] == ["no_show", "no_show"]


# ---------------------------------------------------------------- forgotten check-outs
def test_forgotten_check_outs_end_with_the_shift_once():
    day = a_day()
    day.come()

    assert commands.assume_forgotten_checkouts(at=END + 2 * HOUR - MINUTE) == 0
    assert commands.assume_forgotten_checkouts(at=END + 2 * HOUR) == 1
    assert commands.assume_forgotten_checkouts(at=END + 3 * HOUR) == 0

    presence = day.presence()
    assert (presence.status, presence.left_at, presence.left_is_assumed) == ("left", END, True)
    assert presence.recorded_by == day.manager  # of the coming; nobody saw them leave


def test_who_came_at_the_last_minute_leaves_after_it():
    day = a_day()
    day.come(at=END)
    commands.assume_forgotten_checkouts(at=END + 3 * HOUR)

    assert day.presence().left_at == END + MINUTE


def test_an_assumed_leaving_gives_way_to_a_known_one():
    day = a_day(1)
    day.come()
    commands.assume_forgotten_checkouts(at=END + 3 * HOUR)

    day.leave(at=END + 3 * HOUR, left_at=END)
    day.close(at=END + 3 * HOUR)

    claim = HourClaim.objects.get()
    assert (claim.state, claim.evidence) == (HourState.CONFIRMED, EvidenceClass.LEADER)


def test_assuming_looks_again_before_it_acts(monkeypatch):
    """Between finding the row and holding it, the leader recorded the leaving."""
    day = a_day(1)
    day.come()
    pk = day.presence().pk
    rows = Presence.objects.filter(pk=pk)
    day.leave(at=END)
    monkeypatch.setattr("takatuf.attendance.queries.still_here_after", lambda _at: rows)

    assert commands.assume_forgotten_checkouts(at=END + 3 * HOUR) == 0
    assert not day.presence().left_is_assumed


def test_a_shift_of_another_opportunity_is_left_alone():
    day, other = a_day(), a_day()
    day.come()
    other.come()

    day.close()

    assert other.status() == "present"
    assert Shift.objects.get(pk=other.shift.pk).status == "running"

"""Shifts: planned, changed, cancelled, with the seats in them."""

from datetime import time, timedelta

import pytest
from django.utils import translation

from takatuf.kernel.references import reference
from takatuf.kernel.transitions import history
from takatuf.opportunities import commands
from takatuf.opportunities.enums import ShiftStatus
from takatuf.opportunities.errors import (
    BadSchedule,
    CannotChange,
    PeoplePlaced,
)
from takatuf.opportunities.models import ShiftRole
from takatuf.opportunities.tests.factories import (
    NOW,
    opportunity,
    published,
    seats_of,
)
from takatuf.registry.models import BodyFigures

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_adding_a_shift_counts_its_seats(by):
    made = opportunity()

    commands.add_shift(
        opportunity_id=made.pk, starts_at=NOW + 9 * DAY, ends_at=NOW + 9 * DAY + DAY / 6,
        seats=seats_of(made), by=by, at=NOW,
    )  # fmt: skip

    made.refresh_from_db()
    assert (made.shift_count, made.seats_total) == (3, 15)


@pytest.mark.parametrize(
    ("start", "length", "seats"),
    [(-DAY, DAY / 8, (1, 5)), (DAY, -DAY, (1, 5)), (DAY, DAY, (1, 5)), (7 * DAY, DAY / 8, (1, 5)),
     (DAY, DAY / 8, (6, 5)), (DAY, DAY / 8, (0, 0)), (DAY, DAY / 8, None)],
)  # fmt: skip
def test_a_shift_nobody_could_keep_is_refused(by, start, length, seats):
    made = opportunity()
    asked = {made.roles.get().pk: seats} if seats else {}

    with pytest.raises(BadSchedule):
        commands.add_shift(
            opportunity_id=made.pk, starts_at=NOW + start, ends_at=NOW + start + length, seats=asked,
            by=by, at=NOW,
        )  # fmt: skip

    assert made.shifts.count() == 2


@pytest.mark.parametrize("way", ["alone", "weekly", "moved", "with the whole"])
def test_no_shift_comes_to_lie_more_than_two_years_away(by, way):
    made = published()
    about = {"by": by, "at": NOW}
    times = {"starts_at": NOW + 732 * DAY, "ends_at": NOW + 732 * DAY + DAY / 8}
    day = times["starts_at"].date()
    plan = weekly(weekdays=range(7), first_day=day, last_day=day + 3 * DAY)
    ways = {
        "alone": lambda: commands.add_shift(
            opportunity_id=made.pk, seats=seats_of(made), **times, **about
        ),
        "weekly": lambda: commands.add_series(
            opportunity_id=made.pk, seats=seats_of(made), weekly_plan=plan, **about
        ),
        "moved": lambda: commands.move_shift(
            shift_id=made.shifts.earliest("starts_at").pk, reason="عاصفة", **times, **about
        ),
        "with the whole": lambda: commands.move_opportunity(
            opportunity_id=made.pk, days=732, reason="عاصفة", **about
        ),
    }

    with translation.override("en"), pytest.raises(BadSchedule) as refusal:
        ways[way]()

    assert refusal.value.field == "day"
    assert "more than two years away: put its year right" in str(refusal.value)
    assert made.shifts.filter(status="planned").count() == 2


def test_two_years_away_is_near_enough(by):
    made = opportunity()
    start = NOW + 731 * DAY

    assert commands.add_shift(
        opportunity_id=made.pk, starts_at=start, ends_at=start + DAY / 8, seats=seats_of(made),
        by=by, at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "field", "words"),
    [
        ({"ends": time(16)}, "ends", "at the same time: choose a later end"),
        ({"ends": time(15)}, "ends", "more than 16 hours"),
        ({"last_day": NOW.date() - DAY}, "last_day", "before the first: choose a later one"),
    ],
)
def test_a_plan_that_cannot_be_is_answered_with_what_to_change(by, plan, field, words):
    made = opportunity(shifts=0)

    with translation.override("en"), pytest.raises(BadSchedule) as refusal:
        commands.add_series(
            opportunity_id=made.pk, weekly_plan=weekly(**plan), seats=seats_of(made), by=by,
            at=NOW,
        )  # fmt: skip

    assert (refusal.value.field, words in str(refusal.value)) == (field, True)
    assert not made.shifts.exists()


def weekly(**changes) -> commands.Weekly:
    first = (NOW + DAY).date()
    return commands.Weekly(
        **{"weekdays": [0, 2], "starts": time(16), "ends": time(18), "first_day": first,
           "last_day": first + 27 * DAY} | changes
    )  # fmt: skip


def test_a_weekly_series_becomes_shifts(by):
    made = opportunity(shifts=0)

    series = commands.add_series(
        opportunity_id=made.pk, weekly_plan=weekly(), seats=seats_of(made), by=by, at=NOW
    )

    assert series.shifts.count() == 8
    made.refresh_from_db()
    assert (made.shift_count, made.shift_minutes, made.seats_total) == (8, 120, 40)


@pytest.mark.parametrize(
    "changes", [{"weekdays": []}, {"last_day": NOW.date() - DAY}, {"weekdays": range(7), "last_day": NOW.date() + 300 * DAY}]
)  # fmt: skip
def test_a_series_that_cannot_be_leaves_nothing(by, changes):
    made = opportunity(shifts=0)

    with pytest.raises(BadSchedule):
        commands.add_series(
            opportunity_id=made.pk,
            weekly_plan=weekly(**changes),
            seats=seats_of(made),
            by=by,
            at=NOW,
        )

    assert (made.shifts.count(), made.series.count()) == (0, 0)


@pytest.mark.parametrize(("scope", "changed"), [("this", 1), ("following", 6), ("all", 8)])
def test_editing_this_the_following_or_all(by, scope, changed):
    made = opportunity(shifts=0)
    series = commands.add_series(
        opportunity_id=made.pk, weekly_plan=weekly(), seats=seats_of(made), by=by, at=NOW
    )
    third = series.shifts.order_by("starts_at")[2]

    count = commands.change_shifts(
        shift_id=third.pk, scope=scope, starts=time(20), ends=time(23), seats={made.roles.get().pk: (2, 9)},
        by=by, at=NOW,
    )  # fmt: skip

    assert count == changed
    assert ShiftRole.objects.filter(shift__series=series, seats=9).count() == changed
    assert len([s for s in series.shifts.all() if s.minutes == 180]) == changed


def test_times_do_not_change_under_people_but_seats_may_grow(by):
    made = published()
    shift = made.shifts.earliest("starts_at")
    role = shift.roles.get()
    commands.take_role_seat(role.pk)
    keep = {"shift_id": shift.pk, "scope": "this", "by": by, "at": NOW}

    with pytest.raises(PeoplePlaced):
        commands.change_shifts(
            **keep, starts=time(1), ends=time(3), seats={role.role_id: (1, 5)}
        )
    with pytest.raises(PeoplePlaced):
        commands.change_shifts(
            **keep,
            starts=time(12),
            ends=time(15),
            seats={made.roles.create(title="آخر").pk: (1, 5)},
        )
    commands.change_shifts(**keep, starts=time(12), ends=time(15), seats={role.role_id: (1, 8)})

    role.refresh_from_db()
    assert (role.seats, role.taken) == (8, 1)
    made.refresh_from_db()
    assert (made.seats_total, made.seats_taken) == (13, 1)


def test_what_changed_is_kept_with_the_shift_it_changed(by):
    made = published()
    shift = made.shifts.earliest("starts_at")
    role = shift.roles.get()

    commands.change_shifts(
        shift_id=shift.pk, scope="this", starts=time(1), ends=time(3),
        seats={role.role_id: (2, 8)}, by=by, at=NOW,
    )  # fmt: skip

    assert history(made).last().note.changes == {
        reference(shift): ["2026-11-30 12:00–15:00", "2026-11-30 01:00–03:00"],
        reference(role): [[1, 5], [2, 8]],
    }


@pytest.mark.parametrize(("make", "stays"), [(published, True), (opportunity, False)])
def test_a_role_is_left_out_of_a_draft_only(by, make, stays):
    made = make()
    shift, other = made.shifts.earliest("starts_at"), made.roles.create(title="آخر")
    first = shift.roles.get()
    given = {"shift_id": shift.pk, "scope": "this", "starts": time(12), "ends": time(15)}
    given |= {"seats": {other.pk: (1, 4)}, "by": by, "at": NOW}

    if stays:
        with translation.override("en"), pytest.raises(CannotChange, match="keeps its roles"):
            commands.change_shifts(**given)
    else:
        commands.change_shifts(**given)

    assert shift.roles.filter(pk=first.pk).exists() is stays
    assert shift.roles.filter(role=other).exists() is not stays


def test_a_published_shift_is_cancelled_not_removed(by):
    made = published()
    shift = made.shifts.earliest("starts_at")

    with pytest.raises(CannotChange):
        commands.remove_shifts(shift_id=shift.pk, scope="this", by=by, at=NOW)
    commands.cancel_shift(shift_id=shift.pk, reason="حر شديد", by=by, at=NOW)

    shift.refresh_from_db()
    assert (shift.status, shift.reason) == ("cancelled", "حر شديد")
    made.refresh_from_db()
    assert (made.shift_count, made.seats_total) == (1, 5)


def test_removing_a_series_from_a_draft_leaves_nothing_of_it(by):
    made = opportunity(shifts=0)
    series = commands.add_series(
        opportunity_id=made.pk, weekly_plan=weekly(), seats=seats_of(made), by=by, at=NOW
    )

    commands.remove_shifts(shift_id=series.shifts.first().pk, scope="all", by=by, at=NOW)

    assert (made.shifts.count(), made.series.count()) == (0, 0)


@pytest.mark.parametrize(
    ("ahead", "placed", "late"), [(3, True, 0), (1, False, 0), (1, True, 1)]
)
def test_letting_people_down_within_two_days_counts_publicly(by, ahead, placed, late):
    made = published()
    shift = made.shifts.earliest("starts_at")
    if placed:
        commands.take_role_seat(shift.roles.get().pk)

    commands.cancel_shift(
        shift_id=shift.pk, reason="عطل", by=by, at=shift.starts_at - ahead * DAY
    )

    figures = BodyFigures.objects.filter(body=made.body).first()
    assert (figures.late_cancellations if figures else 0) == late


def test_a_moved_shift_has_a_successor_with_the_same_seats(by):
    made = published()
    shift = made.shifts.earliest("starts_at")
    start = NOW + 20 * DAY

    [new] = commands.move_shift(
        shift_id=shift.pk,
        starts_at=start,
        ends_at=start + DAY / 8,
        reason="ظرف طارئ",
        by=by,
        at=NOW,
    )

    shift.refresh_from_db()
    assert (shift.status, shift.moved_to) == (ShiftStatus.MOVED, new)
    assert list(new.roles.values_list("seats", "taken")) == [(5, 0)]


def test_moving_onto_another_shift_is_refused(by):
    made = published()
    first, second = made.shifts.order_by("starts_at")

    with pytest.raises(BadSchedule):
        commands.move_shift(
            shift_id=first.pk,
            starts_at=second.starts_at,
            ends_at=second.ends_at,
            reason="س",
            by=by,
            at=NOW,
        )

    first.refresh_from_db()
    assert (first.status, made.shifts.count()) == ("planned", 2)

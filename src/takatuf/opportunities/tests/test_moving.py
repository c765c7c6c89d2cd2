"""A series or the whole takes place at another time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Job
from takatuf.opportunities import commands
from takatuf.opportunities.errors import BadSchedule, CannotChange
from takatuf.opportunities.tests.factories import NOW, manager_of, published, seats_of
from takatuf.opportunities.tests.test_shifts import DAY, weekly
from takatuf.registry.models import BodyFigures

pytestmark = pytest.mark.django_db


def planned(made):
    rows = made.shifts.filter(status="planned").order_by("starts_at")
    return list(rows.values_list("starts_at", "ends_at"))


def test_the_whole_moves_day_by_day_and_keeps_its_times(by):
    made = published()
    before = planned(made)

    new = commands.move_opportunity(
        opportunity_id=made.pk, days=1, reason="عاصفة", by=by, at=NOW
    )

    assert planned(made) == [(start + DAY, end + DAY) for start, end in before]
    assert made.shifts.filter(status="moved", reason="عاصفة").count() == len(before)
    assert [shift.moved_from.starts_at for shift in new] == [start for start, _end in before]


@pytest.mark.parametrize("days", [7, -7])
def test_a_weekly_series_moves_onto_its_own_days(by, days):
    made = published()
    plan = weekly(first_day=(NOW + 20 * DAY).date(), last_day=(NOW + 48 * DAY).date())
    series = commands.add_series(
        opportunity_id=made.pk, weekly_plan=plan, seats=seats_of(made), by=by, at=NOW
    )
    first = series.shifts.latest("starts_at")
    meant = list(series.shifts.order_by("starts_at").values_list("starts_at", flat=True))
    later = timedelta(days=days)

    commands.move_shift(
        shift_id=first.pk, starts_at=first.starts_at + later, ends_at=first.ends_at + later,
        reason="إجازة", by=by, at=NOW, scope="all",
    )  # fmt: skip

    now = series.shifts.filter(status="planned").order_by("starts_at")
    assert list(now.values_list("starts_at", flat=True)) == [each + later for each in meant]


def test_the_following_move_and_those_before_stay(by):
    made = published()
    series = commands.add_series(
        opportunity_id=made.pk, weekly_plan=weekly(), seats=seats_of(made), by=by, at=NOW
    )
    shifts = list(series.shifts.order_by("starts_at"))
    start = shifts[1].starts_at + 2 * DAY

    commands.move_shift(
        shift_id=shifts[1].pk, starts_at=start, ends_at=start + timedelta(hours=2), reason="س",
        by=by, at=NOW, scope="following",
    )  # fmt: skip

    for shift in shifts:
        shift.refresh_from_db()
    assert [shift.status for shift in shifts[:2]] == ["planned", "moved"]
    assert all(shift.status == "moved" for shift in shifts[1:])
    assert all(
        shift.moved_to.starts_at == shift.starts_at + 2 * DAY
        and shift.moved_to.ends_at - shift.moved_to.starts_at == timedelta(hours=2)
        for shift in shifts[1:]
    )


@pytest.mark.parametrize(
    ("days", "reason", "refusal"),
    [(-40, "س", BadSchedule), (0, "س", BadSchedule), (3, "  ", CannotChange)],
)
def test_what_cannot_be_moves_nothing(by, days, reason, refusal):
    made = published()
    before, jobs = planned(made), Job.objects.count()

    with pytest.raises(refusal):
        commands.move_opportunity(
            opportunity_id=made.pk, days=days, reason=reason, by=by, at=NOW
        )

    assert planned(made) == before
    assert not made.shifts.exclude(status="planned").exists()
    assert Job.objects.count() == jobs


def after_the_first(made):
    """Its first shift, somebody in it, is over, its sheet not begun; the second is to come."""
    first = made.shifts.earliest("starts_at")
    commands.take_role_seat(first.roles.get().pk)
    return first, first.ends_at + timedelta(hours=1)


@pytest.mark.parametrize("act", ["cancel", "move", "cancel all", "close"])
def test_a_shift_that_has_begun_is_neither_cancelled_nor_moved(by, act):
    made = published()
    first, at = after_the_first(made)
    now = {"by": by, "at": at}
    times = {"starts_at": at + DAY, "ends_at": at + DAY + timedelta(hours=3)}
    acts = {
        "cancel": lambda: commands.cancel_shift(shift_id=first.pk, reason="س", **now),
        "move": lambda: commands.move_shift(shift_id=first.pk, reason="س", **times, **now),
        "cancel all": lambda: commands.cancel_opportunity(
            opportunity_id=made.pk, reason="س", **now
        ),
        "close": lambda: commands.close_opportunity(opportunity_id=made.pk, **now),
    }

    with pytest.raises(CannotChange):
        acts[act]()

    assert set(made.shifts.values_list("status", flat=True)) == {"planned"}
    made.refresh_from_db()
    assert made.status == "published"
    assert not BodyFigures.objects.filter(body=made.body, late_cancellations__gt=0).exists()


def test_once_its_sheet_is_closed_the_rest_is_cancelled(by):
    made = published()
    first, at = after_the_first(made)
    commands.start_shift(shift_id=first.pk, by=by, at=at)
    commands.close_shift(shift_id=first.pk, by=by, at=at)

    commands.cancel_opportunity(opportunity_id=made.pk, reason="س", by=by, at=at)

    rows = made.shifts.order_by("starts_at")
    assert list(rows.values_list("status", flat=True)) == ["closed", "cancelled"]


def test_one_that_began_with_nobody_in_it_holds_up_nothing(by):
    made = published()
    at = made.shifts.earliest("starts_at").ends_at

    commands.close_opportunity(opportunity_id=made.pk, by=by, at=at)

    assert set(made.shifts.values_list("status", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("hours", [-1, 3])
def test_moving_all_of_a_series_leaves_what_has_begun(by, hours):
    made = published()
    series = commands.add_series(
        opportunity_id=made.pk, weekly_plan=weekly(), seats=seats_of(made), by=by, at=NOW
    )
    first, second, *_rest = series.shifts.order_by("starts_at")
    later = timedelta(hours=hours)

    new = commands.move_shift(
        shift_id=second.pk, starts_at=second.starts_at + later, ends_at=second.ends_at + later,
        reason="س", by=by, at=first.ends_at, scope="all",
    )  # fmt: skip

    first.refresh_from_db()
    assert (first.status, len(new)) == ("planned", 7)


def test_the_pages_offer_no_change_of_what_has_begun(client):
    made = published(at=timezone.now())
    first, second = made.shifts.order_by("starts_at")
    begun = timezone.now() - timedelta(hours=20)
    made.shifts.filter(pk=first.pk).update(starts_at=begun, ends_at=begun + DAY / 8)
    sign_in(client, manager_of(made.body))
    pages = [f"/studio/{made.code}/shifts/{shift.pk}/" for shift in (first, second)]

    offered = client.get(f"/studio/{made.code}/").content.decode()
    shown = [client.get(page).content.decode() for page in pages]

    assert [page in offered for page in pages] == [False, True]
    assert [f"{page}cancel/" in text for page, text in zip(pages, shown, strict=True)] == [
        False,
        True,
    ]
    assert reverse("attendance:day_sheet", args=[first.pk]) in shown[0]
    assert client.post(pages[0] + "cancel/", {"cancel-reason": "س"}).status_code == 409


def test_without_a_shift_to_come_there_is_nothing_to_move(by):
    made = published()
    late = made.shifts.latest("starts_at").starts_at + DAY

    with pytest.raises(CannotChange):
        commands.move_opportunity(opportunity_id=made.pk, days=3, reason="س", by=by, at=late)


def test_the_page_moves_the_whole_and_says_what_is_wrong(client):
    made = published(at=timezone.now())
    sign_in(client, manager_of(made.body))
    page = f"/studio/{made.code}/move/"
    first = timezone.localdate(made.shifts.earliest("starts_at").starts_at)
    assert client.get(page).status_code == 200
    assert client.post(page, {"day": "", "reason": ""}).status_code == 422
    before = planned(made)
    same = {"day": first.isoformat(), "reason": "س"}
    assert client.post(page, same).status_code == 409
    assert planned(made) == before

    answer = client.post(page, {"day": (first + 2 * DAY).isoformat(), "reason": "عاصفة"})

    assert answer.status_code == 302
    assert planned(made) == [(start + 2 * DAY, end + 2 * DAY) for start, end in before]

"""A series or the whole takes place at another time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Job
from takatuf.opportunities import commands
from takatuf.opportunities.errors import BadSchedule, CannotChange
from takatuf.opportunities.tests.factories import NOW, manager_of, published, seats_of
from takatuf.opportunities.tests.test_shifts import DAY, weekly

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

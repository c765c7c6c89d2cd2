"""Roll-ups the floors above keep here; each is one UPDATE, so none is lost between two."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from takatuf.registry.models import Body, BodyFigures, VolunteerProfile


@transaction.atomic
def count_reply(*, body: Body, minutes: int, in_time: bool) -> None:
    """An application to the body was answered after so many minutes."""
    _count(
        body,
        applications_answered=1,
        answered_in_time=int(in_time),
        answer_minutes=max(0, minutes),
    )


@transaction.atomic
def count_shift_held(*, body: Body) -> None:
    _count(body, shifts_held=1)


@transaction.atomic
def count_late_cancellations(*, body: Body, count: int) -> None:
    """Shifts called off so late that somebody was let down."""
    _count(body, late_cancellations=count)


def _count(body: Body, **steps: int) -> None:
    change = {name: F(name) + step for name, step in steps.items()}
    if not BodyFigures.objects.filter(body=body).update(**change):
        BodyFigures.objects.get_or_create(body=body)
        BodyFigures.objects.filter(body=body).update(**change)


@transaction.atomic
def add_minutes(*, person, delta_total: int, at: datetime, delta_recent: int = 0) -> bool:
    """Approved minutes came in, or were taken back (negative); False without a profile.

    :param at: when the approval happened.
    :raises AssertionError: if more would be taken back than was ever added: a caller's bug.
    """
    rows = VolunteerProfile.objects.filter(person_id=person.pk)
    moved = rows.filter(
        total_minutes__gte=-delta_total, recent_minutes__gte=-delta_recent
    ).update(
        total_minutes=F("total_minutes") + delta_total,
        recent_minutes=F("recent_minutes") + delta_recent,
    )
    if not moved and rows.exists():
        raise AssertionError(f"{person.pk}: fewer minutes than are taken back at {at}.")
    return bool(moved)


@transaction.atomic
def set_recent_minutes(*, minutes: Mapping[int, int]) -> int:
    """Nightly: the last 56 days counted anew, by person; who is not named has none.

    Answers how many profiles changed.
    """
    changed = []
    rows = VolunteerProfile.objects.only("pk", "person_id", "recent_minutes")
    for profile in rows.iterator(chunk_size=5000):
        now = minutes.get(profile.person_id, 0)
        if profile.recent_minutes != now:
            profile.recent_minutes = now
            changed.append(profile)
    VolunteerProfile.objects.bulk_update(changed, ["recent_minutes"], batch_size=500)
    return len(changed)

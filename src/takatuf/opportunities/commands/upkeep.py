"""What time does to lists: shifts begin, confirmations run out."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from takatuf.opportunities.commands.drafting import locked
from takatuf.opportunities.commands.listing import named_skills, needs_labels, refresh_listing
from takatuf.opportunities.enums import OPEN
from takatuf.opportunities.links import still_stands_link
from takatuf.opportunities.models import Opportunity
from takatuf.registry import commands as registry
from takatuf.registry.enums import Role

AT_A_TIME = 500
AHEAD = timedelta(days=5)


def refresh_passed(*, at: datetime) -> int:
    """Derive again what stands in the list with a shift that has begun; how many."""
    stale = Opportunity.objects.filter(status__in=OPEN, first_start__lte=at)
    keys = list(stale.order_by("first_start").values_list("pk", flat=True)[:AT_A_TIME])
    for key in keys:
        _refresh(key, at=at)
    return len(keys)


@transaction.atomic
def _refresh(key: int, *, at: datetime) -> None:
    refresh_listing(locked(key), at=at)


def refresh_labels(*, at: datetime) -> int:
    """Derive again what is called otherwise by now; how many. For after an upgrade: a text or
    the name of a skill may be another one than when the row was written.
    """
    skills: dict[int, list[tuple[str, str]]] = {}
    for key, *names in named_skills():
        skills.setdefault(key, []).append((names[0], names[1]))
    rows = Opportunity.objects.values_list("pk", "min_age", "needs_label_ar", "needs_label_en")
    keys = [
        key for key, min_age, *labels in rows.order_by("pk").iterator(chunk_size=2_000)
        if list(needs_labels(skills.get(key, []), min_age)) != labels
    ]  # fmt: skip
    for key in keys:
        _refresh(key, at=at)
    return len(keys)


def remind_to_confirm(*, at: datetime) -> int:
    """Ask the managers whether a listing about to end still stands; for how many."""
    ending = Opportunity.objects.filter(
        ~Q(reconfirm_reminded_for=F("reconfirm_by")) | Q(reconfirm_reminded_for=None),
        status__in=OPEN, reconfirm_by__lte=timezone.localdate(at) + AHEAD,
    )  # fmt: skip
    rows = ending.select_related("body").order_by("pk")[:AT_A_TIME]
    return sum(_remind(row, at=at) for row in rows)


@transaction.atomic
def _remind(opportunity: Opportunity, *, at: datetime) -> int:
    until = opportunity.reconfirm_by
    row = Opportunity.objects.filter(pk=opportunity.pk, reconfirm_by=until)
    due = row.filter(~Q(reconfirm_reminded_for=until) | Q(reconfirm_reminded_for=None))
    if until is None or not due.update(reconfirm_reminded_for=until):
        return 0
    _ask_managers(opportunity, until, at=at)
    return 1


def _ask_managers(opportunity: Opportunity, until: date, *, at: datetime) -> None:
    registry.tell_office(
        body=opportunity.body, roles=[Role.UNIT_MANAGER], template="opportunities.reconfirm",
        by=None, at=at, context={"title": opportunity.title, "until": until},
        own=lambda person: {"link": still_stands_link(opportunity, person, until=until, at=at)},
    )  # fmt: skip

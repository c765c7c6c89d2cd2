"""Opportunities, shifts and roles, each already scoped to who asks."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max, Min, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from takatuf.kernel.prepared import Prepared
from takatuf.opportunities.enums import HELD_SHIFTS, SHOWN, OpportunityStatus, ShiftStatus
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole
from takatuf.opportunities.queries.cards import next_start
from takatuf.opportunities.queries.stamps import lock_listing_of_shift
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, REGIONAL_ROLES, Role

JOINED = ("body__figures", "field", "governorate", "need", "unit", "team", "supervisor")


def opportunities_visible_to(user) -> QuerySet[Opportunity]:
    """Shown ones for everybody; every state for who runs the body; what waits for a
    reviewer for reviewers; all that was ever handed in for the desk and the auditor.
    """
    rows = Opportunity.objects.select_related(*JOINED)
    return rows.filter(_visible(registry.offices_of(user)))


def _visible(offices: Iterable) -> Q:
    shown = Q(status__in=SHOWN, published_at__isnull=False)
    shown |= Q(status=OpportunityStatus.CLOSED, imported=True)
    for office in offices:
        if office.role in MANAGERS:
            shown |= Q(body_id=office.body_id)
        if office.role in REGIONAL_ROLES and office.body.is_desk:
            shown |= Q(submitted_at__isnull=False)
        if office.role == Role.REVIEWER and office.body.is_desk:
            shown |= Q(status=OpportunityStatus.IN_REVIEW)
    return shown


_read_with_names = Prepared(
    lambda code: Opportunity.objects.filter(code=code).select_related(*JOINED)
)


def stamp_of_page(code: str) -> object:
    """One query: equal answers mean that the opportunity's page shows what it did.

    It holds whatever the page takes from the row and those it names; a change of its roles,
    shifts and seats moves the version in it.
    """
    return _read_with_names(code)


def public_by_code(code: str) -> list[Opportunity]:
    """The one with this code, if everybody may see it."""
    rows = Opportunity.objects.filter(_visible(()), code=code)
    return list(rows.select_related("body"))


def public_by_keys(keys: Iterable[str]) -> list[Opportunity]:
    """Of these, what everybody may see, with the date shown of each; the newest first."""
    rows = Opportunity.objects.filter(
        _visible(()), pk__in=[key for key in keys if key.isdigit()]
    ).annotate(next_start=next_start())
    return list(rows.select_related("body").order_by("-published_at", "-pk"))


def opportunity_visible_to(user, code: str) -> Opportunity:
    """The opportunity with its body, field, place and need at hand: three queries at most.

    :raises Http404: alike for a stranger to a draft and for a code nobody has.
    """
    rows = Opportunity.objects.select_related(*JOINED)
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404
    past = found.imported and found.status == OpportunityStatus.CLOSED
    if not past and (found.status not in SHOWN or found.published_at is None):
        visible = Opportunity.objects.filter(_visible(registry.offices_of(user)), pk=found.pk)
        if not visible.exists():
            raise Http404
    return found


def shift_roles_of(opportunity: Opportunity, at: datetime) -> QuerySet[ShiftRole]:
    """Roles of shifts not yet begun, soonest first; shift, place, role and skills at hand."""
    rows = ShiftRole.objects.filter(
        shift__opportunity=opportunity,
        shift__status=ShiftStatus.PLANNED,
        shift__starts_at__gt=at,
    )
    rows = rows.select_related(
        "shift__opportunity__governorate", "role__skill", "role__credential"
    )
    return rows.order_by("shift__starts_at", "shift_id", "role_id")


def when_held(opportunity: Opportunity, *, at: datetime) -> tuple[date, date] | None:
    """The first and the last day its shifts were held on; one query.

    Of shifts to come the listing columns know; they are empty once the last has begun.
    """
    rows = opportunity.shifts.filter(status__in=HELD_SHIFTS, ends_at__lte=at)
    found = rows.aggregate(first=Min("starts_at"), last=Max("starts_at"))
    if found["first"] is None:
        return None
    return timezone.localdate(found["first"]), timezone.localdate(found["last"])


def shift_for_update(pk: int) -> Shift:
    """The shift, locked with its opportunity until the transaction ends, body at hand.

    :raises Shift.DoesNotExist: if there is none.
    """
    lock_listing_of_shift(pk)
    rows = Shift.objects.select_for_update(of=("self",))
    return rows.select_related("opportunity__body").get(pk=pk)

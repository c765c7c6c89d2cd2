"""Counts over the whole ledger: public figures, the nightly recount, invariants."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat

from takatuf.attendance.enums import EvidenceClass, HourState, PresenceStatus
from takatuf.attendance.models import HourClaim, HourEntry, PeopleServed, Presence
from takatuf.attendance.queries.hands import is_marked_by
from takatuf.credentials import queries as certificates
from takatuf.registry import queries as registry

YEAR = timedelta(days=365)
RECENT = timedelta(days=56)
PROVEN = (EvidenceClass.SCANNED, EvidenceClass.LEADER)
MINUTES_AN_HOUR = 60


# ---------------------------------------------------------------- public figures


def _approved(at: datetime):
    """Approved hours of work in the twelve months before a moment."""
    return HourClaim.objects.filter(
        state=HourState.APPROVED, started_at__gt=at - YEAR, started_at__lte=at
    )


def approved_hours(at: datetime) -> dict[str, Decimal]:
    """By governorate; "" is the region."""
    rows = _approved(at).values_list("governorate__code").annotate(Sum("minutes")).order_by()
    minutes = {code or "": total for code, total in rows}
    hours = {code: _hours(total) for code, total in minutes.items() if code}
    return hours | {"": _hours(sum(minutes.values()))}


def proven_share(at: datetime) -> dict[str, Decimal]:
    """The share of approved hours confirmed or scanned on the day; nothing where none are."""
    proven = Sum("minutes", filter=Q(evidence__in=PROVEN), default=0)
    grouped = _approved(at).values_list("governorate__code").order_by()
    rows = list(grouped.annotate(whole=Sum("minutes"), proven=proven))
    shares = {code: _share(part, whole) for code, whole, part in rows if code}
    whole = sum(row[1] for row in rows)
    return shares | ({"": _share(sum(row[2] for row in rows), whole)} if whole else {})


def proven_minutes_of(body, *, at: datetime) -> tuple[int, int]:
    """A body's approved minutes of the last twelve months, and those proven on the day."""
    found = _approved(at).filter(body=body).aggregate(
        whole=Sum("minutes", default=0),
        proven=Sum("minutes", filter=Q(evidence__in=PROVEN), default=0),
    )  # fmt: skip
    return found["whole"], found["proven"]


def active_volunteers(at: datetime) -> dict[str, Decimal]:
    """People with approved hours, or who came to a shift, in the twelve months before."""
    people: dict[str, set[int]] = defaultdict(set)
    for code, person in _approved(at).values_list("governorate__code", "person_id").distinct():
        people[code or ""].add(person)
    came = Presence.objects.filter(
        status__in=[PresenceStatus.PRESENT, PresenceStatus.LEFT],
        came_at__gt=at - YEAR, came_at__lte=at,
    ).values_list("shift__opportunity__governorate__code", "person_id")  # fmt: skip
    for code, person in came.distinct():
        people[code or ""].add(person)
    region = set().union(*people.values()) - {None}
    counted = {code: Decimal(len(who - {None})) for code, who in people.items() if code}
    return counted | {"": Decimal(len(region))}


def reached_by(opportunity_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """What opportunities reached: people served, confirmed, and approved minutes of work."""
    keys = list(opportunity_ids)
    served = PeopleServed.objects.filter(
        shift__opportunity__in=keys, confirmed_at__isnull=False
    ).order_by()
    worked = HourClaim.objects.filter(opportunity__in=keys, state=HourState.APPROVED).order_by()
    people = dict(served.values_list("shift__opportunity").annotate(total=Sum("count")))
    minutes = dict(worked.values_list("opportunity").annotate(total=Sum("minutes")))
    return {key: (people.get(key, 0), minutes.get(key, 0)) for key in keys}


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / MINUTES_AN_HOUR).quantize(Decimal("0.1"))


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.001"))


# ---------------------------------------------------------------- the nightly recount


def recent_minutes(at: datetime) -> dict[int, int]:
    """Approved minutes of the last 56 days, by person."""
    rows = HourClaim.objects.filter(
        state=HourState.APPROVED, person__isnull=False, started_at__gt=at - RECENT
    )
    return dict(rows.values_list("person_id").annotate(Sum("minutes")).order_by())


# ---------------------------------------------------------------- invariants


def claims_out_of_step() -> Iterator[HourClaim]:
    """Claims whose mirrored columns are not their last entry's, or that have no entry."""
    last = HourEntry.objects.filter(claim=OuterRef("pk")).order_by("-position")
    rows = HourClaim.objects.annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_minutes=Subquery(last.values("minutes")[:1]),
        last_evidence=Subquery(last.values("evidence")[:1]),
    )
    # One comparison with NULL is neither true nor false: said apart, or such rows are missed.
    return rows.filter(
        Q(last_state__isnull=True)
        | ~Q(last_state=F("state"))
        | ~Q(last_minutes=F("minutes"))
        | ~Q(last_evidence=F("evidence"))
    ).iterator()


def entries_in_order() -> Iterator[HourEntry]:
    """The whole ledger, claim by claim, each in the order it was written."""
    return (
        HourEntry.objects.select_related("note").order_by("claim_id", "position").iterator(2000)
    )


def self_approved() -> Iterator[HourEntry]:
    """Approvals by whose hours they are, by who entered them, or ever marked their row."""
    rows = HourEntry.objects.filter(state=HourState.APPROVED)
    marked = Q(is_marked_by(actor=OuterRef("actor")))
    own = Q(actor=F("beneficiary")) | Q(actor=F("claimant")) | Q(actor__isnull=True) | marked
    yield from rows.filter(own).iterator()
    # As two records they were two people when they approved: only what still counts is wrong.
    for refs in registry.refs_of_the_merged():
        yield from approved_among(refs).exclude(own).iterator()


def approved_among(refs: Collection[UUID]) -> QuerySet[HourEntry]:
    """Approvals that count, by any of these records, of hours any of them has a hand in."""
    rows = HourEntry.objects.filter(state=HourState.APPROVED, claim__state=HourState.APPROVED)
    theirs = Q(beneficiary__in=refs) | Q(claimant__in=refs) | Q(is_marked_by(actor__in=refs))
    return rows.filter(theirs, actor__in=refs)


def totals_out_of_step() -> Iterator[tuple[int, int, int]]:
    """(person, minutes their profile says, minutes the ledger counts)."""
    lines = HourEntry.objects.exclude(counted=0).values_list("beneficiary")
    became, counted = registry.refs_merged(), defaultdict[UUID, int](int)
    for ref, minutes in lines.annotate(Sum("counted")).order_by():
        counted[became.get(ref, ref)] += minutes
    people = get_user_model()._default_manager.filter(volunteer__isnull=False).order_by("pk")
    rows = people.values_list("pk", "ref", "volunteer__total_minutes")
    for pk, ref, total in rows.iterator(chunk_size=2000):
        if total != counted[ref]:
            yield pk, total, counted[ref]


def certificates_beyond_the_ledger() -> Iterator[tuple[str, int, int]]:
    """(serial, minutes it prints, minutes approved by now), where it prints more."""
    label = "opportunities.opportunity"
    approved = (
        HourClaim.objects.filter(person=OuterRef("holder"), state=HourState.APPROVED)
        .annotate(subject=Concat(Value(f"{label}:"), Cast("opportunity_id", CharField())))
        .filter(subject=OuterRef("subject"))
        .order_by()
        .values("person")
        .annotate(minutes=Sum("minutes"))
        .values("minutes")
    )
    rows = certificates.valid_certificates_about(label).annotate(approved=Subquery(approved))
    for row in rows.iterator(chunk_size=2000):
        if row.snapshot["minutes"] > (row.approved or 0):
            yield row.serial, row.snapshot["minutes"], row.approved or 0


def claims_of_somebody_else() -> Iterator[HourClaim]:
    """Hours whose person is not, and has not become, whom their first line was written for."""
    became = registry.refs_merged()
    rows = HourEntry.objects.filter(position=1, claim__person__isnull=False)
    rows = rows.exclude(beneficiary=F("claim__person__ref")).select_related("claim__person")
    for entry in rows.iterator():
        person = entry.claim.person
        if person and became.get(entry.beneficiary) != person.ref:
            yield entry.claim


def sheet_claims_out_of_step() -> Iterator[HourClaim]:
    """Hours of a sheet that say other times or another person than the sheet does.

    Approved hours may be less than it says: the rest counts elsewhere.
    """
    rows = HourClaim.objects.filter(presence__isnull=False, person__isnull=False)
    same = Q(started_at=F("presence__came_at"), ended_at=F("presence__left_at"))
    within = Q(
        started_at__gte=F("presence__came_at"), ended_at__lte=F("presence__left_at"),
        state__in=[HourState.APPROVED, HourState.REVERSED],
    )  # fmt: skip
    return rows.exclude(same | within, person=F("presence__person")).iterator()

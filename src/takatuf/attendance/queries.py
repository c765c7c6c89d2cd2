"""Reading attendance."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from takatuf.attendance.enums import EvidenceClass, HourState, PresenceStatus
from takatuf.attendance.models import HourClaim, HourEntry, PeopleServed, Presence
from takatuf.opportunities import queries as opportunities
from takatuf.placement import queries as placement
from takatuf.registry import queries as registry

WITH_SHIFT = ("shift__opportunity__body", "shift__opportunity__team", "person")
WITH_CLAIM = ("person", "body", "opportunity__body", "opportunity__team", "presence")


# ---------------------------------------------------------------- the day sheet


def shift_with_opportunity(shift_id: int):
    """:raises Shift.DoesNotExist: if there is none."""
    return opportunities.shift_with_opportunity(shift_id)


def lock_presence_of(application_id: int) -> Presence:
    """The presence row of a place, held; made if this is the first mark.

    :raises Application.DoesNotExist: if there is no such place.
    """
    application = placement.lock_application(application_id)
    Presence.objects.get_or_create(
        application_id=application_id,
        defaults={"shift_id": application.shift_id, "person_id": application.person_id},
    )
    return _locked(Presence.objects.filter(application_id=application_id))


def lock_presence(pk: int) -> Presence:
    return _locked(Presence.objects.filter(pk=pk))


def _locked(rows: QuerySet[Presence]) -> Presence:
    return rows.select_for_update(of=("self",)).select_related(*WITH_SHIFT).get()


def presences_of(shift) -> QuerySet[Presence]:
    """Every marked row of a shift's sheet."""
    return (
        Presence.objects.filter(shift=shift)
        .select_related(*WITH_SHIFT)
        .order_by("person__name_sort_key", "pk")
    )


def unmarked(shift):
    """Places of a shift nobody marked on its sheet."""
    return placement.roster(shift).filter(
        Q(presence__isnull=True) | Q(presence__status=PresenceStatus.EXPECTED)
    )


def day_sheet(shift) -> list[dict]:
    """One row a place, with its presence or None: what the leader sees."""
    marked = {row.application_id: row for row in presences_of(shift)}
    return [
        {"application": place, "presence": marked.get(place.pk)} for place in placement.roster(shift)
    ]


def still_here_after(moment: datetime) -> QuerySet[Presence]:
    """Rows still marked as here although the shift ended before the moment."""
    return Presence.objects.filter(
        status=PresenceStatus.PRESENT, shift__ends_at__lte=moment
    ).order_by("pk")


# ---------------------------------------------------------------- the ledger


def lock_claim(claim_id) -> HourClaim:
    """:raises HourClaim.DoesNotExist: if there is none."""
    return lock_claims([claim_id])[0]


def lock_claims(claim_ids: Sequence) -> list[HourClaim]:
    """The claims in a fixed order, held until the transaction ends.

    :raises HourClaim.DoesNotExist: if one of them is missing.
    """
    wanted = {UUID(str(pk)) for pk in claim_ids}
    rows = list(
        HourClaim.objects.filter(pk__in=wanted)
        .select_for_update(of=("self",))
        .select_related(*WITH_CLAIM)
        .order_by("pk")
    )
    if len(rows) != len(wanted):
        raise HourClaim.DoesNotExist
    return rows


def claimant_of(claim: HourClaim) -> UUID | None:
    """The first person who entered or confirmed the claim."""
    return claim.entries.order_by("-position").values_list("claimant", flat=True).first()


def claims_visible_to(person) -> QuerySet[HourClaim]:
    """A person's own hours; imported and rejected ones too."""
    return (
        HourClaim.objects.filter(person=person)
        .select_related("body", "opportunity")
        .order_by("-started_at", "pk")
    )


def hours_to_approve(bodies: Iterable[int]) -> QuerySet[HourClaim]:
    """Confirmed hours waiting for a manager of the bodies, with their claimant."""
    first_human = HourEntry.objects.filter(claim=OuterRef("pk")).order_by("-position")
    return (
        HourClaim.objects.filter(body_id__in=list(bodies), state=HourState.CONFIRMED)
        .annotate(claimant=Subquery(first_human.values("claimant")[:1]))
        .select_related("person", "body", "opportunity")
        .order_by("started_at", "pk")
    )


def hours_to_confirm(bodies: Iterable[int]) -> QuerySet[HourClaim]:
    """Assumed or claimed hours waiting for a word from who ran the day."""
    return (
        HourClaim.objects.filter(body_id__in=list(bodies), state=HourState.CLAIMED)
        .select_related("person", "body", "opportunity")
        .order_by("started_at", "pk")
    )


def minutes_by_evidence(person) -> dict[str, int]:
    """Approved minutes by evidence class, and imported ones apart."""
    rows = (
        HourClaim.objects.filter(
            person=person, state__in=[HourState.APPROVED, HourState.IMPORTED]
        )
        .values("evidence")
        .annotate(total=Sum("minutes"))
        .order_by()
    )
    return {row["evidence"]: row["total"] for row in rows}


def recent_minutes_of(person) -> int:
    profile = registry.profile_of(person)
    return profile.recent_minutes if profile else 0


def approved_claims(person, opportunity) -> QuerySet[HourClaim]:
    return HourClaim.objects.filter(
        person=person, opportunity=opportunity, state=HourState.APPROVED
    ).order_by("started_at", "pk")


def certificate_snapshot(opportunity, claims: Sequence[HourClaim]) -> dict:
    """What the law asks a certificate to say, as it stands at issue."""
    by_evidence: dict[str, int] = {}
    for claim in claims:
        by_evidence[claim.evidence] = by_evidence.get(claim.evidence, 0) + claim.minutes
    return {
        "work": opportunity.title,
        "class": opportunity.klass,
        "field_ar": opportunity.field.name_ar if opportunity.field else "",
        "field_en": opportunity.field.name_en if opportunity.field else "",
        "place": opportunity.place,
        "governorate_ar": opportunity.governorate.name_ar if opportunity.governorate else "",
        "governorate_en": opportunity.governorate.name_en if opportunity.governorate else "",
        "tasks": list(opportunity.tasks),
        "experience": opportunity.gains,
        "first_day": timezone.localdate(claims[0].started_at).isoformat(),
        "last_day": timezone.localdate(claims[-1].ended_at).isoformat(),
        "times": len(claims),
        "minutes": sum(claim.minutes for claim in claims),
        "minutes_by_evidence": {
            evidence: by_evidence[evidence] for evidence in EvidenceClass if evidence in by_evidence
        },
        "opportunity": opportunity.code,
        "body_ar": opportunity.body.name_ar,
        "body_en": opportunity.body.name_en,
        "team": opportunity.team.name if opportunity.team else "",
    }


def lock_people_served(shift_id: int) -> PeopleServed:
    """:raises PeopleServed.DoesNotExist: if nothing was entered for the shift."""
    return (
        PeopleServed.objects.select_for_update(of=("self",))
        .select_related("shift__opportunity__body", "entered_by")
        .get(shift_id=shift_id)
    )


# ---------------------------------------------------------------- invariants


def claims_out_of_step() -> Iterator[HourClaim]:
    """Claims whose mirrored state is not their last entry's."""
    last = HourEntry.objects.filter(claim=OuterRef("pk")).order_by("-position")
    rows = HourClaim.objects.annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_minutes=Subquery(last.values("minutes")[:1]),
        last_evidence=Subquery(last.values("evidence")[:1]),
    )
    return rows.exclude(
        last_state=F("state"), last_minutes=F("minutes"), last_evidence=F("evidence")
    ).iterator()


def entries_in_order() -> Iterator[HourEntry]:
    """The whole ledger, claim by claim, each in the order it was written."""
    return (
        HourEntry.objects.select_related("note").order_by("claim_id", "position").iterator(2000)
    )

"""The hours ledger: claims, locked and in lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from takatuf.attendance.enums import UNANSWERED, EvidenceClass, HourState
from takatuf.attendance.models import HourClaim, HourEntry, HourNote
from takatuf.attendance.queries.day import Reach
from takatuf.attendance.queries.hands import without_hands_of
from takatuf.credentials import queries as certificates
from takatuf.kernel.references import resolve
from takatuf.kernel.text.arabic import sort_key
from takatuf.registry import queries as registry

WITH_CLAIM = ("person", "body", "opportunity__body", "opportunity__team", "presence")
PAGE = 200  # claims on one page of approvals
LEDGER_PAGE = 25
FOR_GROUPS = ("person", "body", "opportunity__team", "presence__shift")


# ---------------------------------------------------------------- locked


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


def owners_of(claim_ids: Sequence) -> set[int]:
    """Keys of the people whose hours these are; none for those who were erased."""
    rows = HourClaim.objects.filter(pk__in=claim_ids, person__isnull=False)
    return {person for person in rows.values_list("person_id", flat=True) if person}


# ---------------------------------------------------------------- waiting for an answer


def hours_entered_from(shift) -> int:
    """How many people's hours the shift's closed sheet holds, answered or not."""
    return HourClaim.objects.filter(presence__shift=shift).count()


def hours_to_approve(bodies: Iterable[int]) -> QuerySet[HourClaim]:
    """Confirmed hours waiting for a manager of the bodies."""
    return _waiting(HourState.CONFIRMED).filter(body_id__in=list(bodies))


def hours_waiting(body, ended_by: datetime | None) -> QuerySet[Any]:
    """Confirmed hours a manager has not approved; the oldest first."""
    rows = _waiting(HourState.CONFIRMED)
    rows = rows.filter(body=body) if body else rows
    rows = rows.filter(ended_at__lte=ended_by) if ended_by else rows
    return rows.order_by("ended_at", "pk")


def unanswered_of(body) -> QuerySet[HourClaim]:
    """The body's hours nobody has confirmed or approved yet."""
    return HourClaim.objects.filter(body=body, state__in=UNANSWERED)


def hours_to_confirm(reach: Reach) -> QuerySet[HourClaim]:
    """Assumed or claimed hours waiting for a word from who ran the day."""
    return _waiting(HourState.CLAIMED).filter(reach.days("opportunity__"))


def _waiting(state: str) -> QuerySet[HourClaim]:
    """Each with ``days_late``: after how many days it was entered."""
    entries = HourEntry.objects.filter(claim=OuterRef("pk"))
    return (
        HourClaim.objects.filter(state=state)
        .annotate(
            days_late=Subquery(entries.order_by("position").values("days_late")[:1]),
        )
        .select_related(*FOR_GROUPS)
        .order_by("opportunity__title", "opportunity_id", "presence__shift__starts_at",
                  "presence__shift_id", "person__name_sort_key", "pk")
    )  # fmt: skip


def claims_visible_to(person, year: int | None = None) -> QuerySet[HourClaim]:
    """A person's own hours; imported and rejected ones too, with ``why`` those were."""
    why = HourNote.objects.filter(
        entry__claim=OuterRef("pk"), entry__state__in=[HourState.REJECTED, HourState.REVERSED]
    ).order_by("-entry__position")
    return (
        HourClaim.objects.filter(Q(started_at__year=year) if year else Q(), person=person)
        .annotate(why=Subquery(why.values("reason")[:1]))
        .select_related("body", "opportunity")
        .order_by("-started_at", "pk")
    )


def claims_answered_by(reach: Reach, claim_ids: Iterable[UUID]) -> list[HourClaim]:
    """Of these, those the person may have a say in: of their bodies, of days they run."""
    rows = HourClaim.objects.filter(
        reach.days("opportunity__") | Q(body_id__in=reach.bodies), pk__in=list(claim_ids)
    )
    return list(rows.select_related("person", "body", "opportunity__team"))


def in_ledger(reach: Reach, words: str = "") -> QuerySet[HourClaim]:
    """What the ledger's page lists: all of it to an auditor, else what one may take back."""
    if not reach.audits:
        return reversible(reach, words)
    return _latest(HourClaim.objects.filter(_named(words)))


def ledger_page(
    reach: Reach, words: str = "", *, after: UUID | None = None
) -> tuple[list[HourClaim], UUID | None]:
    """LEDGER_PAGE rows at most, behind the row ``after``, and the last one if more follow."""
    rows = in_ledger(reach, words)
    if after:
        began = HourClaim.objects.filter(pk=after).values("started_at")
        same_moment = Q(started_at=Subquery(began), pk__gt=after)
        rows = rows.filter(Q(started_at__lt=Subquery(began)) | same_moment)
    found = list(rows[: LEDGER_PAGE + 1])
    return found[:LEDGER_PAGE], found[LEDGER_PAGE - 1].pk if len(found) > LEDGER_PAGE else None


def lines_of(claim_id: UUID) -> list[HourEntry]:
    """Every line under a claim, the first first, with its words."""
    rows = HourEntry.objects.filter(claim_id=claim_id).select_related("note")
    return list(rows.order_by("position"))


def reversible(reach: Reach, words: str = "") -> QuerySet[HourClaim]:
    """Approved and imported hours a head of the body, or the desk, may take back.

    :param words: only of people or work of this name, or of the opportunity with this code.
    """
    rows = HourClaim.objects.filter(state__in=[HourState.APPROVED, HourState.IMPORTED])
    if not reach.desk:
        rows = rows.filter(body_id__in=reach.headed)
    return _latest(rows.filter(_named(words)).exclude(person_id=reach.person_id))


def _named(words: str) -> Q:
    if not words:
        return Q()
    return (
        Q(person__name_sort_key__contains=sort_key(words))
        | Q(work__icontains=words)
        | Q(opportunity__code__iexact=words)
    )


def _latest(rows: QuerySet[HourClaim]) -> QuerySet[HourClaim]:
    return rows.select_related("person", "body", "opportunity").order_by("-started_at", "pk")


def reversible_claim(reach: Reach, claim_id: UUID) -> HourClaim | None:
    return reversible(reach).filter(pk=claim_id).first()


def waiting_counts(reach: Reach, own_refs: Iterable[UUID]) -> dict[str, dict]:
    """For the desk: how many claims wait for this person and since when, by what for.

    :param own_refs: what they had a hand in is for a colleague to approve.
    """
    to_approve = hours_to_approve(reach.bodies).exclude(person_id=reach.person_id)
    rows = {
        "approve": without_hands_of(to_approve, own_refs),
        "confirm": hours_to_confirm(reach).exclude(person_id=reach.person_id),
    }
    return {
        name: found.order_by().aggregate(n=Count("pk"), oldest=Min("ended_at"))
        for name, found in rows.items()
    }


# ---------------------------------------------------------------- one person's


def years_of(person) -> list[int]:
    rows = HourClaim.objects.filter(person=person).annotate(year=ExtractYear("started_at"))
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


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


def approved_by_opportunity(person) -> list:
    """What a certificate can be had for: code, title, body, minutes; the latest first.

    ``revoked`` is the certificate somebody revoked for cause there, or None.
    """
    label = HourClaim.opportunity.field.related_model._meta.label_lower
    barred = {row.subject: row for row in certificates.barred_certificates_of(person)}
    rows = (
        HourClaim.objects.filter(
            person=person, state=HourState.APPROVED, opportunity__isnull=False
        )
        .values(
            "opportunity_id", "opportunity__code", "opportunity__title", "body__name_ar",
            "body__name_en",
        )
        .annotate(total=Sum("minutes"), last=Max("ended_at"))
        .order_by("-last", "opportunity__code")
    )  # fmt: skip
    return [row | {"revoked": barred.get(f"{label}:{row['opportunity_id']}")} for row in rows]


def opportunity_worked_for(person, code: str):
    """The opportunity with this code, if the person has approved hours there; else None."""
    claim = (
        HourClaim.objects.filter(
            person=person, state=HourState.APPROVED, opportunity__code=code
        )
        .select_related("opportunity__body", "opportunity__field", "opportunity__governorate",
                        "opportunity__team")
        .first()
    )  # fmt: skip
    return claim.opportunity if claim else None


def opportunity_certified(certificate):
    """The opportunity a certificate is about; None if it is about something else."""
    about = resolve(certificate.subject)
    return about if isinstance(about, HourClaim.opportunity.field.related_model) else None


def recent_minutes_of(person) -> int:
    profile = registry.profile_of(person)
    return profile.recent_minutes if profile else 0


def approved_claims(person, opportunity) -> QuerySet[HourClaim]:
    return HourClaim.objects.filter(
        person=person, opportunity=opportunity, state=HourState.APPROVED
    ).order_by("started_at", "pk")


def has_open_claims(person, opportunity) -> bool:
    """Whether hours of the person there still wait for somebody's answer."""
    rows = HourClaim.objects.filter(
        person=person, opportunity=opportunity, state__in=UNANSWERED
    )
    return rows.exists()


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
        "last_day": timezone.localdate(max(claim.ended_at for claim in claims)).isoformat(),
        "times": len(claims),
        "minutes": sum(claim.minutes for claim in claims),
        "minutes_by_evidence": {
            evidence: by_evidence[evidence]
            for evidence in EvidenceClass
            if evidence in by_evidence
        },
        "opportunity": opportunity.code,
        "body_ar": opportunity.body.name_ar,
        "body_en": opportunity.body.name_en,
        "team": opportunity.team.name if opportunity.team else "",
        **({"office": opportunity.unit.name} if opportunity.unit else {}),
    }

"""The hours ledger: every state of a claim is a new line, and lines are never changed."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.attendance import policies, queries
from takatuf.attendance.commands import certifying, telling
from takatuf.attendance.enums import HOUR_STEPS, EvidenceClass, HourState
from takatuf.attendance.models import HourClaim, HourEntry, HourNote, Presence
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import WrongState, chain_faults
from takatuf.placement import queries as placement
from takatuf.registry import commands as registry


class OwnHours(NotAllowed):
    """Nobody approves hours that are theirs or that they had a hand in."""


def enter_from_sheet(presence: Presence, *, by, at: datetime) -> HourClaim:
    """The closed day sheet becomes a claim: confirmed by the leader, or claimed as assumed."""
    opportunity, shift = presence.shift.opportunity, presence.shift
    assumed = presence.left_is_assumed
    # The database ties both times to the state "left".
    came, left = presence.came_at or shift.starts_at, presence.left_at or shift.ends_at
    claim = HourClaim.objects.create(
        person=presence.person,
        body=opportunity.body,
        governorate=opportunity.governorate,
        opportunity=opportunity,
        presence=presence,
        work=opportunity.title,
        started_at=came,
        ended_at=left,
        state=HourState.CLAIMED if assumed else HourState.CONFIRMED,
        minutes=whole_minutes(came, left),
        evidence=EvidenceClass.ASSUMED if assumed else EvidenceClass.LEADER,
        is_demo=opportunity.is_demo,
    )
    # Whoever wrote the times down entered them, even where somebody else closed the sheet.
    entered_by = None if assumed else presence.recorded_by or by
    append(claim, claim.state, by=None if assumed else by, at=at, claimant=entered_by)
    return claim


def hold_claims(claim_ids: Sequence) -> list[HourClaim]:
    """The claims, locked, and before them the people whose they are: of two who
    answer hours of one person, the second looks when the first is done. A merge takes the
    same rows in the same order.

    :raises WrongState: if hours were given to another record between the two.
    """
    owners = queries.owners_of(claim_ids)
    placement.lock_people(owners)
    claims = queries.lock_claims(claim_ids)
    if any(claim.person_id and claim.person_id not in owners for claim in claims):
        raise WrongState(
            _("Somebody has just changed this. Reload the page to see how it stands.")
        )
    return claims


@transaction.atomic
def confirm_hours(*, claim_id, by, at: datetime) -> HourClaim:
    """Who ran the day confirms hours that were assumed or claimed.

    :raises NotAllowed: if ``by`` did not run the day, or they are ``by``'s own.
    """
    claim = queries.lock_claim(claim_id)
    if claim.person_id == by.pk:
        raise OwnHours(_("Somebody else confirms your own hours."))
    if not policies.may_confirm(by, claim):
        raise NotAllowed(_("Only who ran the day can confirm its hours."))
    move(claim, HourState.CONFIRMED, by=by, at=at, evidence=EvidenceClass.LEADER)
    registry.call_office(queue="attendance.hours", body=claim.body, by=by)
    return claim


@transaction.atomic
def reject_hours(*, claim_id, reason: str, by, at: datetime) -> HourClaim:
    """The body's manager says no, with a reason the person reads.

    :raises DomainError: without a reason.
    """
    claim = queries.lock_claim(claim_id)
    if claim.person_id == by.pk:
        raise OwnHours(_("Hours that are yours are answered by a colleague."))
    if not policies.may_approve(by, claim):
        raise NotAllowed(_("Only the body's manager answers these hours."))
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence the volunteer will read."), field="reason")
    move(claim, HourState.REJECTED, by=by, at=at, reason=reason)
    telling.answered_no(claim, reason=reason.strip(), at=at)
    return claim


@transaction.atomic
def reverse_hours(*, claim_id, reason: str, by, at: datetime) -> HourClaim:
    """Take approved or imported hours back: a new line, never a change of the old one. A
    certificate that printed them goes with them.

    :raises NotAllowed: unless ``by`` heads the body or acts for the desk, and they are not
        ``by``'s own.
    :raises DomainError: without a reason.
    """
    [claim] = hold_claims([claim_id])
    if not policies.may_reverse(by, claim):
        raise NotAllowed(_("Only the body's head or the regional desk takes hours back."))
    if not reason.strip():
        raise DomainError(_("Say why the hours are taken back."), field="reason")
    counted = claim.state == HourState.APPROVED
    move(claim, HourState.REVERSED, by=by, at=at, reason=reason)
    if counted and claim.person:
        recent = claim.minutes if claim.started_at > at - queries.RECENT else 0
        registry.add_minutes(
            person=claim.person,
            delta_total=-claim.minutes,
            delta_recent=-min(recent, queries.recent_minutes_of(claim.person)),
            at=at,
        )
    telling.taken_back(claim, reason=reason.strip(), at=at)
    if counted:
        certifying.follow(claim, reason=reason, by=by, at=at)
    return claim


@transaction.atomic
def recount_recent_minutes(*, at: datetime) -> int:
    """Nightly: what each worked in the last 56 days; return how many profiles changed."""
    return registry.set_recent_minutes(minutes=queries.recent_minutes(at))


@dataclass(frozen=True, kw_only=True)
class PastHours:
    """A row of a spreadsheet understood."""

    person: Any
    body: Any
    work: str
    started_at: datetime
    ended_at: datetime
    minutes: int


@transaction.atomic
def import_many_hours(
    *, rows: Sequence[PastHours], by, at: datetime, is_demo: bool = False
) -> list[HourClaim]:
    """Past records taken from a sheet: shown as imported and unverified, never counted.

    Two statements, however many rows.
    """
    claims = [
        HourClaim(
            person=row.person, body=row.body, governorate_id=row.body.governorate_id,
            work=row.work, started_at=row.started_at, ended_at=row.ended_at,
            state=HourState.IMPORTED, minutes=row.minutes, evidence=EvidenceClass.IMPORTED,
            is_demo=is_demo or row.person.is_demo,
        )
        for row in rows
    ]  # fmt: skip
    HourClaim.objects.bulk_create(claims, batch_size=500)
    HourEntry.objects.bulk_create(
        (_entry(claim, HourState.IMPORTED, None, by=by, at=at) for claim in claims),
        batch_size=500,
    )
    return claims


def import_hours(
    *, person, body, work: str, started_at: datetime, ended_at: datetime, minutes: int, by,
    at: datetime, is_demo: bool = False,
) -> HourClaim:  # fmt: skip
    """One past record: see ``import_many_hours``."""
    row = PastHours(person=person, body=body, work=work, started_at=started_at,
                    ended_at=ended_at, minutes=minutes)  # fmt: skip
    return import_many_hours(rows=[row], by=by, at=at, is_demo=is_demo)[0]


def whole_minutes(start: datetime, end: datetime) -> int:
    """Minutes between two moments, at least one; seconds are cut off."""
    return max(1, int((end - start).total_seconds() // 60))


def move(
    claim: HourClaim, state: str, *, by, at: datetime, reason: str = "", evidence: str = ""
) -> None:
    """One step along ``HOUR_STEPS``, and its line in the ledger.

    :raises WrongState: if there is no such step; then nothing is written.
    """
    if state == claim.state:
        raise WrongState(
            _("These hours are “%(state)s” already.") % {"state": claim.get_state_display()}
        )
    if state not in HOUR_STEPS.get(claim.state, ()):
        raise WrongState(
            _("These hours are “%(state)s”, so that cannot be done any more.")
            % {"state": claim.get_state_display()}
        )
    claim.state = state
    claim.evidence = evidence or claim.evidence
    claim.save(update_fields=["state", "evidence"])
    append(claim, state, by=by, at=at, reason=reason)


def append(
    claim: HourClaim, state: str, *, by, at: datetime, reason: str = "", claimant=None
) -> HourEntry:
    """One more line under a claim, chained to the one before it.

    :param claimant: who entered the hours, on the first line; else the first human acting.
    """
    last = claim.entries.order_by("-position").first()
    note = HourNote(reason=reason.strip(), salt=secrets.token_hex(16)) if reason else None
    entry = _entry(claim, state, last, by=by, at=at, note=note, claimant=claimant)
    entry.save(force_insert=True)
    if note:
        note.entry = entry
        note.save(force_insert=True)
    return entry


def _entry(
    claim: HourClaim,
    state: str,
    last: HourEntry | None,
    *,
    by,
    at: datetime,
    note: HourNote | None = None,
    claimant=None,
) -> HourEntry:
    actor = by.ref if by else None
    entered_by = claimant.ref if claimant else actor
    beneficiary = last.beneficiary if last else claim.person.ref  # type: ignore[union-attr]
    entry = HourEntry(
        claim=claim,
        position=last.position + 1 if last else 1,
        state=state,
        evidence=claim.evidence,
        minutes=claim.minutes,
        counted=_counted(claim, state, last),
        actor=actor,
        claimant=(last and last.claimant) or entered_by,  # the first human
        beneficiary=beneficiary,
        days_late=max(0, (timezone.localdate(at) - timezone.localdate(claim.ended_at)).days),
        at=at,
        reason_digest=note_digest(note) if note else "",
        previous_digest=last.digest if last else "",
    )
    entry.digest = entry_digest(entry)
    return entry


def _counted(claim: HourClaim, state: str, last: HourEntry | None) -> int:
    if state == HourState.APPROVED:
        return claim.minutes
    if state == HourState.REVERSED and last and last.state == HourState.APPROVED:
        return -claim.minutes
    return 0


def entry_digest(entry: HourEntry) -> str:
    """SHA-256 over every column of the line but the digest itself."""
    parts = [
        str(entry.claim_id), entry.position, entry.state, entry.evidence, entry.minutes,
        entry.counted, str(entry.actor or ""), str(entry.claimant or ""),
        str(entry.beneficiary), entry.days_late, entry.at.astimezone(UTC).isoformat(),
        entry.reason_digest, entry.previous_digest,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def faults_of(entry: HourEntry, previous: HourEntry | None) -> list[str]:
    """What is wrong with a line, given the line before it on the same claim."""
    note = getattr(entry, "note", None)
    return chain_faults(
        entry, previous, digest=entry_digest(entry),
        note_changed=note is not None and note_digest(note) != entry.reason_digest,
    )  # fmt: skip


def note_digest(note: HourNote) -> str:
    return hmac.new(note.salt.encode(), note.reason.encode(), hashlib.sha256).hexdigest()

"""Twelve months that are over: closed opportunities, attended shifts, approved hours.

Written in bulk: running every command of a year would take minutes. The ledger's lines are
chained by attendance's own functions, so they verify like any others.
"""

import uuid
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from takatuf.attendance import commands as attendance
from takatuf.attendance.commands.hours import entry_digest
from takatuf.attendance.enums import EvidenceClass, HourState, PresenceStatus
from takatuf.attendance.models import HourClaim, HourEntry, PeopleServed, Presence
from takatuf.attendance.queries import RECENT
from takatuf.credentials import commands as credentials
from takatuf.demo.words import BEACH, BY_THE_SEA, INLAND, SPOTS, SUITS, WORK, Work
from takatuf.demo.world import World
from takatuf.kernel.models import TraceLink
from takatuf.kernel.references import reference
from takatuf.needs import commands as needs
from takatuf.needs.models import Need
from takatuf.opportunities.enums import OpportunityStatus, ShiftStatus, Support, Way
from takatuf.opportunities.models import Opportunity, OpportunityRole, Shift, ShiftRole
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application
from takatuf.registry.models import BodyFigures, VolunteerProfile

BATCH = 2_000
CERTIFICATES = 60
STATES = [ApplicationStatus.ATTENDED, ApplicationStatus.NO_SHOW, ApplicationStatus.EXCUSED]


def add_past(world: World) -> None:
    world.say(f"{world.scale.past} opportunities of the last twelve months, with their hours")
    rows = Rows()
    for number in range(world.scale.past):
        _one(world, rows, number)
    rows.write()
    _roll_up(rows, world.now)


class Rows:
    """What a year leaves behind, gathered before it is written."""

    def __init__(self):
        self.opportunities, self.roles, self.shifts, self.shift_roles = [], [], [], []
        self.applications, self.presences = [], []
        self.claims, self.entries, self.served = [], [], []
        self.out: set[tuple] = set()  # (person, day): who works, and when

    def free(self, people: list, start: datetime) -> list:
        """Those who work nowhere else that day; from now on they do."""
        day = start.date()
        free = [person for person in people if (person.pk, day) not in self.out]
        self.out |= {(person.pk, day) for person in free}
        return free

    def write(self) -> None:
        for model, rows in (
            (Opportunity, self.opportunities), (OpportunityRole, self.roles),
            (Shift, self.shifts), (ShiftRole, self.shift_roles),
            (Application, self.applications), (Presence, self.presences),
            (HourClaim, self.claims), (HourEntry, self.entries), (PeopleServed, self.served),
        ):  # fmt: skip
            model.objects.bulk_create(rows, batch_size=BATCH)


def work_of(world: World, body, number: int) -> Work:
    """A work that suits the body: none on a beach where there is no sea."""
    inland = body.governorate.code in INLAND
    suiting = [key for key in SUITS[world.fields_of[body.pk]] if not (inland and key == BEACH)]
    return WORK[suiting[number % len(suiting)]]


def work_fields(world: World, body, work: Work) -> dict:
    """The columns of an opportunity of this work."""
    inland = body.governorate.code in INLAND
    spots = [spot for spot in SPOTS if not (inland and spot in BY_THE_SEA)]
    names = {"spot": world.rng.choice(spots), "place": body.governorate.name_ar}
    return {
        "title": work.title.format(**names)[:120],
        "klass": work.klass,
        "field": world.fields[work.field],
        "purpose": work.purpose.format(**names),
        "beneficiaries": work.beneficiaries.format(**names)[:200],
        "tasks": work.tasks,
        "gains": work.gains,
        "support": [Support.TOOLS, Support.MEALS] if work.minutes >= 180 else [Support.TOOLS],
        "safety": "تعليمات السلامة قبل البداية، وحقيبة إسعاف في الموقع، ورقم المشرف مع كل متطوع.",
        "training": "إحاطة لمدة ربع ساعة قبل البداية يقدمها المشرف في الموقع.",
        "governorate": body.governorate,
        "place": names["spot"],
        "latitude": body.governorate.latitude,
        "longitude": body.governorate.longitude,
        "unpaid": True,
        "is_demo": True,
    }


def role_fields(world: World, work: Work) -> dict:
    """The columns of the role that does this work."""
    if not work.skill:
        return {"title": "متطوع"}
    return {
        "title": "متطوع متخصص", "skill": world.skills[work.skill], "level": work.level,
        "least_basis": work.basis,
        "credential": world.skills[work.second] if work.second else None,
    }  # fmt: skip


def _one(world: World, rows: Rows, number: int) -> None:
    body = world.bodies[number % len(world.bodies)]
    manager, approver = world.managers[body.pk]
    # Four weekly shifts, and the approval days after the last, are over by today.
    first_day = -int(34 + 328 * world.rng.random())
    made = world.local(first_day - 20, 9)
    shifts = world.rng.randrange(2, 5)
    work = work_of(world, body, number // len(world.bodies))
    opportunity = Opportunity(
        code=f"D{number + 1:05d}", body=body, created_by=manager, created_at=made,
        submitted_at=made, submitted_by=manager, published_at=made,
        reconfirm_by=timezone.localdate(made) + timedelta(days=30), way=Way.OPEN,
        status=OpportunityStatus.CLOSED, closed_at=world.local(first_day + 7 * shifts, 20),
        quality=world.rng.choice([8, 9, 9, 10]), supervisor=manager,
        supervisor_role="إدارة وحدة التطوع", hours_estimate=work.minutes * shifts / 60,
        min_age=18, **work_fields(world, body, work),
    )  # fmt: skip
    opportunity.need = _need_for(world, opportunity)
    if world.teams and number % 4 == 0:
        opportunity.team = world.teams[number % len(world.teams)][0]
    role = OpportunityRole(opportunity=opportunity, **role_fields(world, work))
    rows.opportunities.append(opportunity)
    rows.roles.append(role)
    for week in range(shifts):
        start = world.local(first_day + 7 * week, world.rng.choice([8, 9, 16, 17]))
        _shift(world, rows, opportunity, role, start, work.minutes, manager, approver)


def _need_for(world: World, opportunity):
    """Of its field and its governorate: bodies answer what is needed around them."""
    asked = (opportunity.governorate.pk, opportunity.field.pk)
    fitting = [n for n in world.needs if (n.governorate_id, n.field_id) == asked]
    return world.rng.choice(fitting) if fitting else None


def _shift(world, rows, opportunity, role, start, minutes, manager, approver) -> None:
    end = start + timedelta(minutes=minutes)
    seats = world.rng.randrange(6, 22)
    people = rows.free(
        world.rng.sample(world.volunteers, world.rng.randrange(seats // 2, seats + 1)), start
    )
    shift = Shift(
        opportunity=opportunity, starts_at=start, ends_at=end, status=ShiftStatus.CLOSED
    )
    shift_role = ShiftRole(
        shift=shift, role=role, seats=seats, minimum=max(1, seats // 2), taken=len(people)
    )
    rows.shifts.append(shift)
    rows.shift_roles.append(shift_role)
    for person in people:
        state = world.rng.choices(STATES, [90, 7, 3])[0]
        _place(world, rows, shift_role, person, state, manager, approver)
    rows.served.append(
        PeopleServed(
            shift=shift, count=_served(world, opportunity), basis="عدّ عند نقطة الخدمة",
            entered_by=manager, entered_at=end + timedelta(hours=1), confirmed_by=approver,
            confirmed_at=end + timedelta(hours=30),
        )
    )  # fmt: skip


def _served(world: World, opportunity) -> int:
    """As many as a shift may serve; of a need, a small part of those who have it."""
    count = world.rng.randrange(20, 160)
    if opportunity.need and opportunity.need.people_estimate:
        return max(1, opportunity.need.people_estimate * count // 2_000)
    return count


def _place(world, rows, shift_role, person, state, manager, approver) -> None:
    shift = shift_role.shift
    asked = shift.starts_at - timedelta(days=world.rng.randrange(2, 15))
    application = Application(
        opportunity=shift.opportunity, shift=shift, shift_role=shift_role, person=person,
        batch=uuid.UUID(int=world.rng.getrandbits(128)), status=state, applied_at=asked,
        confirmed_at=asked, reminded_at=shift.starts_at - timedelta(hours=47),
    )  # fmt: skip
    rows.applications.append(application)
    came = shift.starts_at + timedelta(minutes=world.rng.randrange(-5, 12))
    left = shift.ends_at - timedelta(minutes=world.rng.randrange(-10, 15))
    attended = state == ApplicationStatus.ATTENDED
    presence = Presence(
        shift=shift, application=application, person=person,
        status=PresenceStatus.LEFT if attended else state.value,
        came_at=came if attended else None, left_at=left if attended else None,
        recorded_by=manager, recorded_at=shift.ends_at,
    )  # fmt: skip
    rows.presences.append(presence)
    if attended:
        _hours(world, rows, presence, manager, approver)


def _hours(world, rows, presence, manager, approver) -> None:
    """Confirmed by the leader at the end of the day, approved by a colleague days later."""
    opportunity, end = presence.shift.opportunity, presence.shift.ends_at
    approved = end + timedelta(days=world.rng.randrange(1, 6))
    claim = HourClaim(
        id=uuid.UUID(int=world.rng.getrandbits(128), version=4), person=presence.person,
        body=opportunity.body, governorate=opportunity.governorate, opportunity=opportunity,
        presence=presence, work=opportunity.title, started_at=presence.came_at,
        ended_at=presence.left_at, state=HourState.APPROVED, evidence=EvidenceClass.LEADER,
        minutes=int((presence.left_at - presence.came_at).total_seconds() // 60), is_demo=True,
    )  # fmt: skip
    rows.claims.append(claim)
    first = _entry(claim, 1, HourState.CONFIRMED, manager, manager, end, None)
    second = _entry(claim, 2, HourState.APPROVED, approver, manager, approved, first)
    rows.entries += [first, second]


def _entry(claim, position, state, actor, claimant, at, previous) -> HourEntry:
    entry = HourEntry(
        claim=claim, position=position, state=state, evidence=claim.evidence,
        minutes=claim.minutes, counted=claim.minutes if state == HourState.APPROVED else 0,
        actor=actor.ref, claimant=claimant.ref, beneficiary=claim.person.ref, at=at,
        days_late=(timezone.localdate(at) - timezone.localdate(claim.ended_at)).days,
        previous_digest=previous.digest if previous else "",
    )  # fmt: skip
    entry.digest = entry_digest(entry)
    return entry


def _roll_up(rows: Rows, now: datetime) -> None:
    """The small sums the commands would have kept on the way."""
    total: dict[int, int] = {}
    recent: dict[int, int] = {}
    for claim in rows.claims:
        total[claim.person_id] = total.get(claim.person_id, 0) + claim.minutes
        if claim.started_at > now - RECENT:
            recent[claim.person_id] = recent.get(claim.person_id, 0) + claim.minutes
    profiles = list(VolunteerProfile.objects.filter(person_id__in=total))
    for profile in profiles:
        profile.total_minutes = total[profile.person_id]
        profile.recent_minutes = recent.get(profile.person_id, 0)
    VolunteerProfile.objects.bulk_update(
        profiles, ["total_minutes", "recent_minutes"], batch_size=500
    )
    _count_for_bodies(rows)
    _trace_answers(rows)
    _put_needs_in_plan(rows)
    _count_for_needs(rows)


def _count_for_bodies(rows: Rows) -> None:
    held: dict[int, int] = {}
    for shift in rows.shifts:
        held[shift.opportunity.body_id] = held.get(shift.opportunity.body_id, 0) + 1
    for body_id, count in held.items():
        BodyFigures.objects.filter(body_id=body_id).update(
            shifts_held=F("shifts_held") + count,
            applications_answered=F("applications_answered") + count * 4,
            answered_in_time=F("answered_in_time") + count * 4 - count // 3,
            answer_minutes=F("answer_minutes") + count * 4 * 60 * (14 + body_id % 60),
        )


def _trace_answers(rows: Rows) -> None:
    TraceLink.objects.bulk_create(
        TraceLink(
            source=reference(row), relation=TraceLink.Relation.ANSWERS,
            target=reference(row.need), made_at=row.published_at,
        )
        for row in rows.opportunities
        if row.need
    )  # fmt: skip


def _put_needs_in_plan(rows: Rows) -> None:
    """A need waits no more once an opportunity for it was published, were it long over."""
    for row in sorted(rows.opportunities, key=lambda one: one.published_at):
        if need := row.need:
            at = max(moment for moment in (row.published_at, need.decided_at) if moment)
            needs.put_in_plan(need_id=need.pk, by=row.created_by, at=at)


def _count_for_needs(rows: Rows) -> None:
    """In the order it was confirmed, so that each need's story tells it."""
    for row in sorted(rows.served, key=lambda one: one.confirmed_at):
        if need := row.shift.opportunity.need:
            needs.add_people_served(
                need_id=need.pk, count=row.count, by=row.confirmed_by, at=row.confirmed_at
            )
    Need.objects.filter(people_estimate__lt=F("people_served")).update(
        people_estimate=F("people_served")
    )


def add_certificates(world: World) -> None:
    """Some of the year's volunteers asked for their certificate; one was revoked."""
    world.say("certificates")
    wanted: list[HourClaim] = []
    seen = set()
    claims = HourClaim.objects.filter(state=HourState.APPROVED).order_by("started_at", "pk")
    for claim in claims.select_related("person", "opportunity__body")[:4000]:
        key = (claim.person_id, claim.opportunity_id)
        if key not in seen and len(wanted) < CERTIFICATES:
            seen.add(key)
            wanted.append(claim)
    for claim in wanted:
        certificate = attendance.request_certificate(
            person=claim.person, opportunity=claim.opportunity, by=claim.person, at=world.now
        )
    _add_cards(world, wanted[:3])
    credentials.revoke_certificate(
        certificate_id=certificate.pk, reason="أُصدرت باسم غير مكتمل.", by=world.desk_person,
        at=world.now,
    )  # fmt: skip


def _add_cards(world: World, claims: list[HourClaim]) -> None:
    """A few volunteers carry the card of the body they worked with; one was revoked."""
    today = timezone.localdate(world.now)
    for claim in claims:
        if claim.person_id is None:  # hours of somebody whose data was erased
            continue
        body = claim.body
        card = credentials.issue_card(
            person_id=claim.person_id, body=body, valid_from=today,
            valid_until=today + timedelta(days=365), by=world.managers[body.pk][0],
            at=world.now, is_demo=True,
        )  # fmt: skip
    credentials.revoke_card(
        card_id=card.pk, reason="أُبلغ عن فقدانها.", by=world.desk_person, at=world.now
    )

"""Today: opportunities, applications, sheets and needs in every state, by the real commands."""

from contextlib import suppress
from datetime import timedelta

from takatuf.attendance import commands as attendance
from takatuf.attendance.models import HourClaim
from takatuf.demo.past import role_fields, work_fields, work_of
from takatuf.demo.words import (
    CONCERNS,
    INLAND,
    NEEDS,
    REASON_CANCELLED,
    REASONS_DECLINED,
    WORK,
    Work,
)
from takatuf.demo.world import World
from takatuf.kernel.errors import DomainError
from takatuf.needs import commands as needs
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole
from takatuf.placement import commands as placement
from takatuf.placement.models import Application
from takatuf.registry import commands as registry

UNANSWERED, SAID_AGAIN = 8, 10  # of nine needs, of twelve
UNFINISHED, RETURNED, FOR_REVIEW = 7, 8, 9  # of ten opportunities; the others are published
OF_THE_CAST = (2, 12)  # opportunities by request at the body whose manager anybody may play


def add_needs(world: World) -> None:
    """Needs of every governorate: reported, validated, refused, merged."""
    world.say("needs")
    places = list(world.governorates.values())
    for number in range(len(NEEDS) * 3):
        title, field, group, people, urgency, words = NEEDS[number % len(NEEDS)]
        place = places[number % len(places)]
        if field == "environment" and place.code in INLAND:
            place = world.governorates["umluj"]  # beaches are by the sea
        if number % 12 == SAID_AGAIN and world.needs:
            place = world.needs[0].governorate
        need = needs.report_need(
            by=None, at=world.local(_reported(number), 10), title=f"{title} في {place.name_ar}",
            description=words, field=world.fields[field], governorate=place,
            target_group=group, urgency=urgency, people_estimate=_about(people // (1 + number % 3)),
            estimate_basis="تقدير تجريبي", is_demo=True,
        )  # fmt: skip
        _decide(world, need, number)


def _about(people: int) -> int:
    """As somebody would estimate it: in the hundreds where there are thousands."""
    return round(people, -2) if people > 1_000 else max(5, people)


def _reported(number: int) -> int:
    """How many days ago: what the desk has not answered came lately, one of it is late."""
    return -320 + number if number % 9 != UNANSWERED else -number


def _decide(world: World, need, number: int) -> None:
    by, at = world.desk_person, need.reported_at + timedelta(days=3)
    if number % 12 == 11:
        needs.reject_need(
            need_id=need.pk,
            by=by,
            at=at,
            answer="خارج نطاق العمل التطوعي، وأُحيل إلى الجهة المختصة.",
        )
    elif number % 12 == SAID_AGAIN and world.needs:
        needs.merge_need(need_id=need.pk, into_id=world.needs[0].pk, by=by, at=at)
    elif number % 9 != UNANSWERED:
        need = needs.validate_need(need_id=need.pk, by=by, at=at)
        world.needs.append(need)


def add_present(world: World) -> None:
    world.say(f"{world.scale.present} opportunities of today, in every state")
    for number in range(world.scale.present):
        _opportunity(world, number)
    _days(world)
    _turns(world)
    _concerns(world)


def _opportunity(world: World, number: int) -> None:
    body = world.bodies[0 if number in OF_THE_CAST else (number * 7) % len(world.bodies)]
    manager, _colleague = world.managers[body.pk]
    made = world.now - timedelta(days=world.rng.randrange(3, 20))
    work = work_of(world, body, number)
    asked = (body.governorate_id, world.fields[work.field].pk)
    need = next((n for n in world.needs if (n.governorate_id, n.field_id) == asked), None)
    draft = opportunities.create_draft(body=body, by=manager, at=made, need=need)
    values = _written(world, body, work, number, manager=manager)
    Opportunity.objects.filter(pk=draft.pk).update(**values)
    if number % 10 == UNFINISHED:
        opportunities.refresh_listing(Opportunity.objects.get(pk=draft.pk), at=made)
        return
    role = draft.roles.get()
    for name, value in role_fields(world, work).items():
        setattr(role, name, value)
    role.save()
    _shifts(world, draft, role, number, minutes=work.minutes, by=manager, at=made)
    _publish(draft, number, by=manager, at=made, now=world.now)
    _people(world, draft, number, manager=manager)


def _written(world: World, body, work: Work, number: int, *, manager) -> dict:
    """What the unit has written of it: all, or too little on purpose."""
    if number % 10 == UNFINISHED:
        return {"title": "متطوعين", "is_demo": True}
    ways = [Way.OPEN, Way.OPEN, Way.BY_REQUEST, Way.OPEN, Way.INVITATION]
    values = work_fields(world, body, work) | {
        "way": ways[number % len(ways)], "supervisor": manager,
        "supervisor_role": "إدارة وحدة التطوع", "accessible": number % 5 == 0,
        "min_age": 16 if number % 6 == 0 else 18, "minors_ready": number % 6 == 0,
    }  # fmt: skip
    if number % 10 == FOR_REVIEW:  # each lacks three things, not all the same
        lacks = {"purpose": "عمل خيري."} if number % 20 == 9 else {"title": "مطلوب متطوعين"}
        values |= lacks | {"training": "", "tasks": values["tasks"][:2]}
    if number % 10 == RETURNED:
        values |= {"supervisor": None, "safety": "", "support": [], "training": ""}
    return values


def _shifts(world: World, draft, role, number: int, *, minutes: int, by, at) -> None:
    first = 1 + number % 12
    count = 2 + number % 3
    for week in range(count):
        start = world.local(first + 7 * week, [8, 9, 16, 17][number % 4])
        opportunities.add_shift(
            opportunity_id=draft.pk, starts_at=start, ends_at=start + timedelta(minutes=minutes),
            seats={role.pk: (2, 6 + number % 15)}, by=by, at=at,
        )  # fmt: skip
    Opportunity.objects.filter(pk=draft.pk).update(hours_estimate=minutes * count / 60)


def _publish(draft, number: int, *, by, at, now) -> None:
    opportunities.submit(opportunity_id=draft.pk, by=by, at=at)
    draft.refresh_from_db()
    if draft.status != "published":
        return
    if number % 15 == 13:
        opportunities.pause(opportunity_id=draft.pk, by=by, at=now)
    if number % 15 == 14:
        opportunities.cancel_opportunity(
            opportunity_id=draft.pk, reason=REASON_CANCELLED, by=by, at=now
        )


def _people(world: World, draft, number: int, *, manager) -> None:
    """Some ask, are answered, wait, withdraw; whoever does not fit is refused by the rules."""
    draft.refresh_from_db()
    if draft.status != "published":
        return
    roles = list(
        ShiftRole.objects.filter(shift__opportunity=draft).order_by("shift__starts_at")
    )
    if number % 15 == 3:
        ShiftRole.objects.filter(pk=roles[0].pk).update(seats=3)
        opportunities.refresh_listing(draft, at=world.now)
    for person in world.rng.sample(world.volunteers[1:], 14):  # the first keeps their days free
        with suppress(DomainError):
            if draft.way == Way.INVITATION:
                placement.invite(
                    person=person, shift_role_id=roles[0].pk, by=manager, at=world.now
                )
            else:
                placement.apply(
                    person=person, shift_role_ids=[roles[0].pk], by=person,
                    at=world.now - timedelta(hours=world.rng.randrange(1, 60)),
                    message="سبق لي العمل في مهمة مشابهة." if number % 2 else "",
                )  # fmt: skip
    _answers(world, draft, manager)


def _answers(world: World, draft, manager) -> None:
    rows = list(Application.objects.filter(opportunity=draft).order_by("pk"))
    for position, row in enumerate(rows):
        with suppress(DomainError):
            if row.status == "applied" and position % 3 == 0:
                placement.accept_application(application_id=row.pk, by=manager, at=world.now)
            elif row.status == "applied" and position % 3 == 1:
                placement.decline_application(
                    application_id=row.pk, by=manager, at=world.now,
                    reason=world.rng.choice(REASONS_DECLINED),
                )  # fmt: skip
            elif row.status == "confirmed" and position == 5:
                placement.withdraw(application_id=row.pk, by=row.person, at=world.now)


def _days(world: World) -> None:
    """Sheets of the last days: one running now, one to close, hours to approve and confirm."""
    for body, days in zip((0, 0, 0, 1, 2, 3), (0, -1, -2, -3, -4, -5), strict=True):
        _day(world, world.bodies[body], days)


def _day(world: World, body, days: int) -> None:
    """The first body's days are run by its team, so that its manager has hours to approve."""
    team, leader = world.teams[0] if body == world.bodies[0] else (None, None)
    manager, _colleague = world.managers[body.pk]
    before = world.now - timedelta(days=12)
    draft = opportunities.create_draft(body=body, by=manager, at=before)
    Opportunity.objects.filter(pk=draft.pk).update(
        **work_fields(world, body, _for_anybody(world, body)),
        supervisor=manager,
        supervisor_role="إدارة وحدة التطوع",
        team=team,
    )
    role = draft.roles.get()
    start = _start_of(world, days)
    for begins in (start, world.local(days + 7, 9)):
        opportunities.add_shift(
            opportunity_id=draft.pk, starts_at=begins, ends_at=begins + timedelta(hours=3),
            seats={role.pk: (2, 12)}, by=manager, at=before,
        )  # fmt: skip
    Opportunity.objects.filter(pk=draft.pk).update(hours_estimate=6)
    opportunities.submit(opportunity_id=draft.pk, by=manager, at=before)
    _work(world, draft, leader or manager, start=start, closes=days < -1)


def _for_anybody(world: World, body) -> Work:
    """A work that asks for no skill: few of a sheet's people would have it."""
    works = (work_of(world, body, number) for number in range(len(WORK)))
    return next(work for work in works if not work.skill)


def _start_of(world: World, days: int):
    """Today's shift began half an hour ago or a little more; earlier ones at nine."""
    if days == 0:
        since = world.now.replace(second=0, microsecond=0) - timedelta(minutes=30)
        return since - timedelta(minutes=since.minute % 15)
    return world.local(days, 9)


def _work(world: World, draft, runs, *, start, closes: bool) -> None:
    role = ShiftRole.objects.filter(shift__opportunity=draft).order_by("shift__starts_at")[0]
    for person in world.rng.sample(world.volunteers[1:], 14):
        if person == runs:
            continue  # nobody keeps a sheet for themselves
        with suppress(DomainError):
            placement.apply(
                person=person, shift_role_ids=[role.pk], by=person, at=start - timedelta(days=6)
            )
    places = Application.objects.filter(shift_role=role, status="confirmed").order_by("pk")
    end = start + timedelta(hours=3)
    for position, place in enumerate(places):
        if position % 6 == 5:
            continue
        attendance.check_in(
            application_id=place.pk, by=runs, at=max(start, min(world.now, end)),
            came_at=start + timedelta(minutes=position),
        )  # fmt: skip
        if end < world.now and position % 4 != 3:
            attendance.check_out(
                application_id=place.pk, by=runs, at=end, left_at=end - timedelta(minutes=5)
            )
    if closes:
        _close(world, role, runs, end)


def _close(world: World, role, runs, end) -> None:
    attendance.close_day_sheet(shift_id=role.shift_id, by=runs, at=end + timedelta(hours=1))
    attendance.enter_people_served(
        shift_id=role.shift_id, count=world.rng.randrange(20, 90), basis="عدّ عند نقطة الخدمة",
        by=runs, at=end + timedelta(hours=1),
    )  # fmt: skip
    colleague = world.managers[role.shift.opportunity.body_id][1]
    claims = list(HourClaim.objects.filter(presence__shift_id=role.shift_id, state="confirmed"))
    if world.rng.random() < 0.5 and claims:
        attendance.approve_hours(
            claim_ids=[claims[0].pk], by=colleague, at=min(world.now, end + timedelta(days=1))
        )


def _turns(world: World) -> None:
    """What does not go as planned: a shift moved, hours refused, taken back and imported."""
    moved = Shift.objects.filter(status="planned", opportunity__status="published").order_by(
        "-pk"
    )[0]
    opportunities.move_shift(
        shift_id=moved.pk, starts_at=moved.starts_at + timedelta(days=2),
        ends_at=moved.ends_at + timedelta(days=2), reason="تعارض مع فعالية أخرى في الموقع.",
        by=world.managers[moved.opportunity.body_id][0], at=world.now,
    )  # fmt: skip
    waiting = HourClaim.objects.filter(state="confirmed").select_related("body").order_by("pk")
    attendance.reject_hours(
        claim_id=waiting[0].pk, reason="الوقت المسجل أطول من مدة المناوبة.",
        by=world.managers[waiting[0].body_id][1], at=world.now,
    )  # fmt: skip
    approved = (
        HourClaim.objects.filter(state="approved").select_related("body").order_by("pk")[0]
    )
    attendance.reverse_hours(
        claim_id=approved.pk, reason="سُجلت المناوبة مرتين.", by=world.heads[approved.body_id],
        at=world.now,
    )  # fmt: skip
    for number, person in enumerate(world.volunteers[:5]):
        start = world.local(-500 + number, 9)
        attendance.import_hours(
            person=person, body=world.bodies[0], work="مشاركات سابقة من كشف الجهة",
            started_at=start, ended_at=start + timedelta(hours=4), minutes=240, by=None,
            at=world.now, is_demo=True,
        )  # fmt: skip


def _concerns(world: World) -> None:
    for number, (kind, text) in enumerate(CONCERNS):
        person = world.volunteers[number]
        registry.report_concern(
            kind=kind, text=text, page="/", about_body=world.bodies[number], by=person,
            at=world.now - timedelta(days=number * 2),
        )  # fmt: skip

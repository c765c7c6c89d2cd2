"""Something to do for everybody a visitor signs in as, by the real commands.

A team's shift runs today under its leader; the one before it waits for the manager's approval;
the volunteer has a place, an offer, a number in line and a certificate.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from takatuf.attendance import commands as attendance
from takatuf.attendance.models import HourClaim
from takatuf.demo.past import work_fields
from takatuf.demo.words import WORK, Work
from takatuf.demo.world import World
from takatuf.kernel.errors import DomainError
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, ShiftRole
from takatuf.placement import commands as placement
from takatuf.placement.models import Application
from takatuf.registry import commands as registry
from takatuf.registry.models import VolunteerProfile

LENGTH = timedelta(hours=3)
# None asks for a skill.
BASKETS = replace(WORK["food_baskets"], title="تجهيز السلال الغذائية وتوزيعها على الأسر")
FAIR = replace(
    WORK["clinic"],
    title="استقبال زوار المعرض الصحي وإرشادهم",
    beneficiaries="زوار المعرض",
    purpose="وصول زوار المعرض الصحي إلى ركن الفحص الذي يلزمهم دون زحام ولا انتظار طويل.",
    tasks=["استقبال الزوار وترتيب الدور", "الإرشاد إلى أركان الفحص", "عدّ الزوار كل ساعة"],
)
OUTING = replace(
    WORK["visits"],
    title="مرافقة كبار السن في نزهتهم الشهرية",
    beneficiaries="كبار السن في دار الجهة",
    purpose="خروج كبار السن إلى نزهة شهرية مع من يرافقهم ويحادثهم ويعينهم على الحركة.",
    tasks=[
        "المرافقة من الدار وإليها",
        "المحادثة والإعانة على الحركة",
        "كتابة ملاحظة قصيرة للمشرف",
    ],
)
LIBRARY = replace(
    WORK["visits"],
    title="القراءة للأطفال في مكتبة الحي",
    field="culture",
    gains="مهارات القراءة الجهرية والتواصل مع الأطفال",
    beneficiaries="أطفال الحي",
    purpose="ساعة قراءة هادئة لأطفال الحي مع من يقرأ لهم ويسمع منهم.",
    tasks=["قراءة قصتين", "مساعدة الأطفال في اختيار كتاب", "إعادة الكتب إلى رفوفها"],
)


def add_tasks(world: World) -> None:
    world.say("something to do for everybody who can sign in")
    _settle_volunteer(world)
    team_day = _offered(
        world, BASKETS, team=world.teams[0][0],
        starts=[world.local(-2, 9), _just_begun(world), world.local(1, 16)],
    )  # fmt: skip
    asked = _offered(
        world, FAIR, way=Way.BY_REQUEST, starts=[world.local(4, 17), world.local(5, 17)]
    )
    full = _offered(world, OUTING, seats=2, starts=[world.local(6, 16)])
    _team_days(world, team_day)
    _volunteer(world, team_day, asked, full)
    _swap(
        world, _offered(world, LIBRARY, starts=[world.local(8, 17), world.local(10, 17)])
    )  # fmt: skip
    _asked_to_confirm(world)


def _settle_volunteer(world: World) -> None:
    """The volunteer lives near where the body of the cast works, and has hours to give."""
    town = world.bodies[0].governorate
    VolunteerProfile.objects.filter(person=world.volunteers[0]).update(
        governorate=town,
        home_latitude=round(float(town.latitude) + 0.02, 2),
        home_longitude=round(float(town.longitude) - 0.03, 2),
        weekly_minutes=1_200,
    )  # fmt: skip


def _just_begun(world: World):
    return world.now.replace(second=0, microsecond=0) - timedelta(minutes=30)


def _offered(world: World, work: Work, *, starts, seats: int = 10, team=None, way=Way.OPEN):
    """A published opportunity of the demo manager's body; its shift roles, soonest first."""
    body = world.bodies[0]
    manager = world.managers[body.pk][0]
    made = min(starts) - timedelta(days=9)
    draft = opportunities.create_draft(body=body, by=manager, at=made)
    Opportunity.objects.filter(pk=draft.pk).update(
        **work_fields(world, body, work)
        | {"team": team, "way": way, "supervisor": manager,
           "supervisor_role": "إدارة وحدة التطوع", "hours_estimate": 3 * len(starts)}
    )  # fmt: skip
    role = draft.roles.get()
    for start in starts:
        opportunities.add_shift(
            opportunity_id=draft.pk, starts_at=start, ends_at=start + LENGTH,
            seats={role.pk: (min(seats, 4), seats)}, by=manager, at=made,
        )  # fmt: skip
    opportunities.submit(opportunity_id=draft.pk, by=manager, at=made)
    return list(
        ShiftRole.objects.filter(shift__opportunity=draft)
        .select_related("shift")
        .order_by("shift__starts_at")
    )


def _join(people, role, *, at, most: int) -> list[Application]:
    """The first of them whom the rules let in, up to so many."""
    rows: list[Application] = []
    for person in people:
        if len(rows) == most:
            break
        with suppress(DomainError):
            rows += placement.apply(person=person, shift_role_ids=[role.pk], by=person, at=at)
    return rows


def _team_days(world: World, roles) -> None:
    """The day before yesterday is closed by the leader, today's sheet is open."""
    over, running, _coming = roles
    leader = world.teams[0][1]
    crowd = [person for person in world.volunteers[1:95] if person != leader]
    before = over.shift.starts_at - timedelta(days=3)
    end = over.shift.starts_at + LENGTH
    places = _join([world.volunteers[0], *crowd], over, at=before, most=8)
    for place in places:
        attendance.record_times(
            application_id=place.pk, came_at=over.shift.starts_at, left_at=end, by=leader,
            at=end + timedelta(minutes=5),
        )  # fmt: skip
    attendance.close_day_sheet(
        shift_id=over.shift_id, by=leader, at=end + timedelta(minutes=20)
    )
    for position, place in enumerate(_join(crowd[40:], running, at=before, most=8)):
        if position < 3:
            attendance.check_in(application_id=place.pk, by=leader, at=world.now)


def _volunteer(world: World, team_day, asked, full) -> None:
    person = world.volunteers[0]
    body = world.bodies[0]
    manager, colleague = world.managers[body.pk]
    before = world.now - timedelta(days=2)
    _join([person], team_day[2], at=before, most=1)
    asking = _join([person, *world.volunteers[95:112]], asked[0], at=before, most=5)
    placement.accept_application(application_id=asking[0].pk, by=manager, at=world.now)
    _join(world.volunteers[112:126], full[0], at=before, most=3)
    _join([person], full[0], at=before, most=1)
    own = HourClaim.objects.get(person=person, presence__shift_id=team_day[0].shift_id)
    attendance.approve_hours(claim_ids=[own.pk], by=colleague, at=before + timedelta(days=1))
    attendance.request_certificate(
        person=person, opportunity=own.opportunity, by=person, at=world.now
    )


def _swap(world: World, roles) -> None:
    """Somebody offers their shift for the volunteer's, who may answer; another said no."""
    mine, theirs = roles
    before = world.now - timedelta(days=1)
    people = world.volunteers[126:160]
    [own] = _join([world.volunteers[0]], mine, at=before, most=1)
    others = _join(people, mine, at=before, most=2)
    [offering] = _join(reversed(people), theirs, at=before, most=1)
    cover = placement.ask_for_cover(
        application_id=offering.pk, accepts=[own.shift_id], by=offering.person, at=before
    )
    asks = placement.ask_around(cover_id=cover.pk, at=before)
    declining = {row.person_id for row in others}
    for ask in [each for each in asks if each.person_id in declining][:1]:
        placement.decline_ask(ask_id=ask.pk, by=ask.person, at=world.now)


def _asked_to_confirm(world: World) -> None:
    """Skills a body was asked about: one confirmed, one refused, one waiting."""
    body = world.bodies[0]
    places = Application.objects.filter(opportunity__body=body, confirmed_at__isnull=False)
    people = {row.person_id: row.person for row in places.select_related("person")[:200]}
    manager, at = world.managers[body.pk][0], world.now - timedelta(days=1)
    people.pop(manager.pk, None)
    skill = world.skills["first-aid"]
    rows = [
        placement.ask_to_confirm(person=person, skill=skill, body=body, by=person, at=at)
        for person in list(people.values())[:3]
    ]
    if rows[1:]:
        registry.refuse_confirmation(
            request=rows[1], reason="لم نشهد ذلك في عمل لدينا بعد.", by=manager, at=world.now
        )
        placement.confirm_skill(
            person=rows[0].person, skill=skill, level=2, body=body, by=manager, at=world.now,
            words="إسعافات أولية في ثلاث فعاليات لدينا.",
        )  # fmt: skip

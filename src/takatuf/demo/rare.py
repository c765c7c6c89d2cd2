"""What is seldom met, one example each: so that every state has a page that shows it."""

from datetime import date, timedelta

from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts.enums import Channel
from takatuf.accounts.models import Person
from takatuf.demo import kinds, sheets
from takatuf.demo.world import World
from takatuf.needs import commands as needs
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands as placement
from takatuf.placement.models import Application
from takatuf.placement.texts import COVENANT_VERSION
from takatuf.registry import commands as registry
from takatuf.registry.enums import Basis, Role, Sector
from takatuf.registry.models import VolunteerProfile

GUARDIAN = "ولي أمر تجريبي"


def add_rare(world: World) -> None:
    world.say("what is seldom met")
    _consents(world)
    _covenant(world)
    _recoveries(world)
    _birth_dates(world)
    _channels(world)
    _skills(world)
    _bodies(world)
    _teams(world)
    _same_person_twice(world)
    _concerns(world)
    kinds.add_kinds(world)
    _called_off(world)
    _wishes(world)
    _needs(world)
    sheets.add_sheets(world)


# ---------------------------------------------------------------- people
def _ask(world: World, minor, days: int):
    return accounts.ask_consent(
        minor=minor, guardian_name=GUARDIAN, relation="mother",
        contact=f"guardian{minor.pk}@demo.example", by=minor,
        at=world.now - timedelta(days=days),
    )  # fmt: skip


def _consents(world: World) -> None:
    """Asked, refused, withdrawn and run out; the given one is the second minor's."""
    asked, refused, withdrawn, late = world.minors[2:6]
    _ask(world, asked, 1)
    accounts.refuse_consent(
        consent=_ask(world, refused, 8), at=world.now - timedelta(days=7)
    )  # fmt: skip
    given = _ask(world, withdrawn, 40)
    accounts.give_consent(consent=given, at=world.now - timedelta(days=39))
    accounts.withdraw_consent(consent=given, at=world.now - timedelta(days=2))
    accounts.give_consent(
        consent=_ask(world, late, 700), at=world.now - timedelta(days=699)
    )  # fmt: skip
    accounts.expire_consents(world.now)


def _covenant(world: World) -> None:
    """The minor with a consent signs and joins what takes people under 18."""
    minor = world.minors[1]
    row = Opportunity.objects.filter(
        status="published", minors_ready=True, min_age__lte=16, way="open"
    ).first()
    if row is None:
        return
    placement.sign_covenant(
        person=minor, opportunity=row, signed_name=minor.full_name,
        text_version=COVENANT_VERSION, by=minor, at=world.now,
    )  # fmt: skip


def _recoveries(world: World) -> None:
    """Ways back in at each step: waiting, seen by one, by two, refused, stopped, done."""
    first, second = world.desk_people
    for number, person in enumerate(world.volunteers[40:46]):
        at = world.now - timedelta(days=6)
        row = accounts.ask_recovery(
            claimed_name=person.full_name, claimed_contact=person.email,
            new_contact=f"back{number}@demo.example", birth_date=person.birth_date,
            id_last_three="", explanation="لم يعد البريد القديم متاحًا.", lost_second_factor=False, at=at,
        )  # fmt: skip
        if number == 1:
            accounts.refuse_recovery(
                request=row, reason="الاسم لا يوافق الحساب.", by=first, at=at
            )  # fmt: skip
        if number == 2:
            accounts.stop_recovery(request=row, at=at)
        if number >= 3:
            accounts.approve_recovery(
                request=row,
                by=first,
                at=world.now if number == 4 else at,
            )
        if number >= 4:
            late = number == 5
            seen = at if late else world.now
            accounts.confirm_recovery(request=row, by=second, at=seen)
    accounts.finish_recoveries(world.now - timedelta(days=1))


def _birth_dates(world: World) -> None:
    """Requests to correct a birth date in each state; the first two wait."""
    desk, right = world.desk_person, date(1999, 5, 14)
    rows = [
        accounts.ask_birth_date(
            person=person, birth_date=right, reason="كُتبت سنة الميلاد خطأ عند التسجيل.",
            by=person, at=world.now - timedelta(days=8 - number),
        )
        for number, person in enumerate(world.minors[6:11])
    ]  # fmt: skip
    for act, row in zip(("", "", "refuse", "withdraw", "accept"), rows, strict=False):
        if act == "withdraw":
            accounts.withdraw_birth_date(request=row, by=row.person, at=world.now)
        if act == "refuse":
            accounts.refuse_birth_date(
                request=row, reason="الهوية تحمل التاريخ المسجل.", by=desk, at=world.now
            )  # fmt: skip
        if act == "accept":
            accounts.accept_birth_date(
                request=row, reason="اطلعنا على الهوية في المكتب.", by=desk, at=world.now
            )  # fmt: skip


def _channels(world: World) -> None:
    """Some are told by text message, some here only, some in English."""
    for number, person in enumerate(world.volunteers[50:62]):
        language = "en" if number % 3 == 0 else "ar"
        if number % 2 == 0:
            accounts.change_contact(
                person=person, contact=f"+9665500091{number:02d}", by=person, at=world.now
            )
        accounts.change_profile(
            person=person, full_name=person.full_name, language=language,
            channel=Channel.SMS if number % 2 == 0 else Channel.IN_APP, gender=person.gender,
            by=person, at=world.now,
        )  # fmt: skip


def _skills(world: World) -> None:
    """Skills by course and by licence, one run out, one taken back."""
    people = world.volunteers[64:70]
    kinds = [
        ("first-aid", Basis.COURSE, 300), ("accounting", Basis.LICENCE, 500),
        ("first-aid", Basis.COURSE, -5), ("driving", Basis.LICENCE, 200),
    ]  # fmt: skip
    grants = [
        registry.grant_skill(
            person=person, skill=world.skills[code], level=2, basis=basis,
            source="بيانات تجريبية", by=world.desk_person, at=world.now - timedelta(days=60),
            valid_until=timezone.localdate(world.now) + timedelta(days=days),
        )
        for person, (code, basis, days) in zip(people, kinds, strict=False)
    ]  # fmt: skip
    registry.expire_grants(at=world.now)
    registry.revoke_grant(
        grant=grants[3], reason="سُحبت الرخصة.", by=world.desk_person, at=world.now
    )


# ---------------------------------------------------------------- bodies and teams
def _bodies(world: World) -> None:
    """One verified that has no head yet, one refused, one closed; and people invited."""
    registry.add_body(
        details=_society(world, "جمعية أصدقاء البيئة (تجريبية)", "Friends of Nature Society (demo)", 1),
        by=None,
        at=world.now - timedelta(days=9), is_demo=True,
    )  # fmt: skip
    refused = registry.register_body(
        details=_society(world, "مركز التأهيل الأهلي (تجريبي)", "Community Rehabilitation Centre (demo)", 2),
        by=world.volunteers[90],
        at=world.now - timedelta(days=9), is_demo=True,
    )  # fmt: skip
    registry.refuse_body(
        body=refused, reason="رقم الترخيص غير معروف لدى الجهة المانحة.", by=world.desk_person,
        at=world.now,
    )  # fmt: skip
    closed = registry.add_body(
        details=_society(world, "جمعية مرسى ضباء (تجريبية)", "Duba Harbour Society (demo)", 3),
        by=None,
        at=world.now - timedelta(days=90), is_demo=True,
    )  # fmt: skip
    registry.appoint(
        person=world.volunteers[91], role=Role.BODY_HEAD, body=closed, by=None,
        at=world.now - timedelta(days=90),
    )  # fmt: skip
    registry.activate_if_headed(body=closed, by=None, at=world.now - timedelta(days=90))
    registry.close_body(
        body=closed, reason="انضم عملها إلى جمعية أخرى في المحافظة.", by=world.desk_person,
        at=world.now - timedelta(days=12),
    )  # fmt: skip
    body = world.bodies[0]
    head = world.heads[body.pk]
    rows = [
        registry.invite(
            body=body, role=Role.UNIT_MANAGER, contact=f"invited{number}@demo.example",
            by=head, at=world.now - timedelta(days=1),
        )
        for number in range(2)
    ]  # fmt: skip
    registry.revoke_invitation(invitation=rows[1], by=head, at=world.now)


def _society(world: World, name: str, name_en: str, number: int) -> registry.BodyDetails:
    return registry.BodyDetails(
        name_ar=name, name_en=name_en, sector=Sector.NON_PROFIT,
        governorate=world.governorates["duba"], licence_number=f"DEMO-90{number}",
        contact_email=f"new{number}@demo.example",
    )  # fmt: skip


def _teams(world: World) -> None:
    """People who ask to join a team: waiting, taken and not."""
    team, leader = world.teams[0]
    members = set(team.members.values_list("person_id", flat=True))
    asking = [p for p in world.volunteers[70:90] if p.pk not in members][:4]
    for number, person in enumerate(asking):
        request = registry.ask_to_join(team=team, person=person, by=person, at=world.now)
        if number in (1, 2):
            registry.answer_request(
                request=request, accept=number == 1, by=leader, at=world.now
            )
    team, leader = world.teams[-1]
    registry.end_team(
        team=team, reason="اكتفى الفريق بموسمه.", by=world.heads[team.body_id], at=world.now
    )
    team, leader = world.teams[-2]
    registry.suspend_team(
        team=team, reason="بانتظار تجديد الاتفاق مع الجهة الحاضنة.", by=world.heads[team.body_id],
        at=world.now,
    )  # fmt: skip


def _twin(world: World, person) -> Person:
    """The same person once more, by another address."""
    twin = Person(
        full_name=person.full_name, name_sort_key=person.name_sort_key,
        email=f"again{person.pk}@demo.example", birth_date=person.birth_date,
        gender=person.gender, is_demo=True,
    )  # fmt: skip
    twin.set_unusable_password()
    twin.save()  # and then: whatever the day of joining was, a first save writes today
    Person.objects.filter(pk=twin.pk).update(joined_at=world.now - timedelta(days=24))
    VolunteerProfile.objects.create(
        person=twin, governorate=world.governorates["tabuk"], created_at=world.now, is_demo=True
    )
    return twin


def _same_person_twice(world: World) -> None:
    first, second = world.desk_people
    pairs = [(person, _twin(world, person)) for person in world.volunteers[-3:]]
    rows = [
        registry.propose_merge(
            keep=keep, drop=drop, reason="الاسم وتاريخ الميلاد متقاربان.", by=first,
            at=world.now - timedelta(days=1),
        )
        for keep, drop in pairs
    ]  # fmt: skip
    registry.refuse_merge(merge=rows[1], by=second, at=world.now)
    registry.confirm_merge(merge=rows[2], by=second, at=world.now)


def _concerns(world: World) -> None:
    """A word to the desk at each step, one of them about safety."""
    for number, (kind, text) in enumerate((
        ("safety", "أرضية الممر زلقة عند مدخل المستودع."),
        ("privacy", "كشف الأسماء معلّق عند المدخل."),
        ("conduct", "تعامل غير لائق من أحد المنظمين."),
    )):  # fmt: skip
        told = registry.report_concern(
            kind=kind, text=text, page="/", about_body=world.bodies[number + 6],
            by=world.volunteers[20 + number], at=world.now - timedelta(hours=20 + 24 * number),
        )  # fmt: skip
        registry.take_concern(concern=told.concern, by=world.desk_person, at=world.now)
        if number:
            registry.answer_concern(
                concern=told.concern, answer="عولج الأمر مع الجهة، وشكرًا على التنبيه.",
                by=world.desk_person, at=world.now,
            )  # fmt: skip
        if number == 2:
            registry.close_concern(concern=told.concern, by=world.desk_person, at=world.now)


# ---------------------------------------------------------------- work
def _called_off(world: World) -> None:
    """A shift some had places in: they are told, and may choose another."""
    place = (
        Application.objects.filter(status="confirmed", shift__status="planned")
        .filter(opportunity__status="published")
        .exclude(person=world.volunteers[0])
        .select_related("opportunity__body")
        .order_by("-shift__starts_at", "pk")
        .first()
    )
    if place is None:
        return
    reason = "تعذّر استخدام الموقع ذلك اليوم."
    opportunities.cancel_shift(
        shift_id=place.shift_id, reason=reason, at=world.now,
        by=world.managers[place.opportunity.body_id][0],
    )  # fmt: skip
    placement.release_cancelled_shift(shift_id=place.shift_id, reason=reason, at=world.now)


def _wishes(world: World) -> None:
    """Somebody waits for a kind of work; one is confirmed, one is over."""
    for number, person in enumerate(world.volunteers[30:33]):
        wish = opportunities.make_wish(
            filters=Filters(place=("haql",), klass=("professional",)), by=person,
            contact=person.email, language="ar", at=world.now,
        )  # fmt: skip
        if number:
            opportunities.confirm_wish(wish_id=wish.pk, at=world.now)
        if number == 2:
            opportunities.end_wish(wish_id=wish.pk, at=world.now)


def _needs(world: World) -> None:
    """One is closed for good."""
    needs.close_need(
        need_id=world.needs[-1].pk, answer="تولّته الجهة المختصة بنفسها، فلم يعد يحتاج إلى متطوعين.",
        by=world.desk_person, at=world.now,
    )  # fmt: skip

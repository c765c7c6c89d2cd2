"""A volunteer's own page: every state a person can be in, and its price."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import GuardianConsent
from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance.models import HourClaim
from takatuf.kernel.models import Transition
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities.commands import refresh_listing
from takatuf.opportunities.models import OpportunityRole
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    charter,
    shift_role,
    volunteer,
)
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    ConcernFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
    SkillGrantFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/me/"


def see(client, person, prefix=""):
    sign_in(client, person)
    page = client.get(f"{prefix}{ADDRESS}")
    assert page.status_code == 200
    return page


def soon(days: int, **fields):
    shift = ShiftFactory(
        opportunity=OpportunityFactory(**fields),
        starts_at=timezone.now() + timedelta(days=days),
    )
    return shift_role(shift=shift)


def claim(person, minutes, *, evidence="leader", state="approved"):
    at = timezone.now() - timedelta(days=30)
    return HourClaim.objects.create(
        person=person, body=BodyFactory(), work="غرس", started_at=at,
        ended_at=at + timedelta(minutes=minutes), state=state, minutes=minutes, evidence=evidence,
    )  # fmt: skip


def test_a_visitor_is_led_to_sign_in_and_comes_back(client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={ADDRESS}"


def test_a_brand_new_person_sees_what_comes_first_and_one_way(client):
    charter()
    page = see(client, PersonFactory(full_name="", birth_date=None))

    rules = {rule["text"]: rule["met"] for rule in page.context["rules"]}
    assert len(rules) == 4
    assert not any(rules.values())
    html = page.content.decode()
    assert reverse("registry:welcome") in html
    assert "المكان الأول قريب" not in html


def test_who_is_ready_and_has_nothing_yet_has_one_main_act(client):
    page = see(client, volunteer())

    assert page.context["page"].may_join
    html = page.content.decode()
    assert html.count('class="btn main"') == 1
    assert "المكان الأول قريب" in html


def test_whoever_leads_a_team_finds_the_desk_before_everything_else(client):
    leader, other = volunteer(), volunteer()
    team = TeamFactory()
    OfficeFactory(person=leader, role=Role.TEAM_LEADER, body=team.body, team=team)

    page = see(client, leader, "/en").content.decode()

    assert page.index("Open the desk") < page.index("Find an opportunity")
    assert "Open the desk" not in see(client, other, "/en").content.decode()


SHEETS, ANSWERS, READS = "Sheets of the day", "What waits for an answer.", "log of changes."


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ([Role.TEAM_LEADER], SHEETS),
        ([Role.BODY_HEAD], SHEETS),
        ([Role.REVIEWER], ANSWERS),
        ([Role.DESK], ANSWERS),
        ([Role.AUDITOR], READS),
        ([Role.AUDITOR, Role.UNIT_MANAGER], SHEETS),  # of two bodies
        ([], ""),
    ],
)
def test_the_way_to_the_desk_names_what_the_offices_find_there(client, roles, words):
    person = volunteer()
    for role in roles:
        team = TeamFactory() if role == Role.TEAM_LEADER else None
        at_the_desk = role in (Role.REVIEWER, Role.DESK, Role.AUDITOR)
        body = team.body if team else BodyFactory(is_desk=at_the_desk)
        OfficeFactory(person=person, role=role, body=body, team=team)

    page = see(client, person, "/en").content.decode()

    assert [each for each in (SHEETS, ANSWERS, READS) if each in page] == [words][: len(roles)]


def test_a_minor_waits_for_the_guardian_and_then_does_not(client):
    person = volunteer(birth_date=timezone.localdate() - timedelta(days=16 * 366))
    first = see(client, person)
    assert [rule["met"] for rule in first.context["rules"]][-1] is False
    assert (
        first.content.decode().count(reverse("join_guardian")) == 1
    )  # its button, no link too

    consent = GuardianConsent.objects.create(
        minor=person, guardian_name="ولي", guardian_contact="+966551234567", relation="father",
        text_version="1", asked_at=timezone.now(), expires_on=date(2099, 1, 1), status="asked",
    )  # fmt: skip
    asked = see(client, person)
    assert [rule["met"] for rule in asked.context["rules"]][-1] is None
    GuardianConsent.objects.filter(pk=consent.pk).update(
        status="given", answered_at=timezone.now()
    )
    assert see(client, person).context["page"].may_join
    GuardianConsent.objects.filter(pk=consent.pk).update(expires_on=timezone.localdate())
    assert not see(client, person).context["page"].may_join


def test_the_next_place_stands_first_with_its_map_and_calendar_file(client):
    person = volunteer()
    later = application(person=person, role=soon(9))
    first = application(
        person=person, role=soon(2, latitude="28.40000", longitude="36.55000", place="الحديقة")
    )

    page = see(client, person)

    assert page.context["page"].next == first
    html = page.content.decode()
    assert "mlat=28.40000&amp;mlon=36.55000" in html
    assert reverse("placement:calendar", args=[first.pk]) in html
    assert later.opportunity.title in html


def test_an_offer_is_answered_with_one_tap(client):
    person = volunteer()
    offer = application(person=person, role=soon(5), status="offered")
    html = see(client, person).content.decode()
    assert f'action="{reverse("placement:confirm", args=[offer.pk])}"' in html

    client.post(reverse("placement:confirm", args=[offer.pk]))

    assert Application.objects.get(pk=offer.pk).status == "confirmed"
    assert see(client, person).context["page"].next == offer


def test_what_waits_is_told_with_its_place_in_line(client):
    role = soon(5)
    application(role=role, status="waiting")
    person = volunteer()
    application(person=person, role=role, status="waiting")

    page = see(client, person)

    assert len(page.context["page"].asked) == 1
    assert "رقم 2 في الترتيب" in page.content.decode()


def test_hours_stand_by_evidence_and_imported_ones_are_in_no_total(client):
    person = volunteer()
    for minutes in (60, 90):
        claim(person, minutes)
    claim(person, 600, evidence="imported", state="imported")
    claim(person, 45, state="rejected")
    claim(volunteer(), 700)

    shown = see(client, person).context["page"]

    assert shown.total_minutes == 150
    assert shown.imported_minutes == 600


def test_the_gap_names_skills_near_that_are_asked_for_and_missing(client):
    person = volunteer()
    here, away = person.volunteer.governorate, GovernorateFactory(code="umluj", name_ar="أملج")
    mine, wanted, rare, far = (SkillFactory() for _ in range(4))
    SkillGrantFactory(person=person, skill=mine)
    for skill, place, number in (
        (mine, here, 5),
        (wanted, here, 3),
        (rare, here, 1),
        (far, away, 9),
    ):
        for _ in range(number):
            role = soon(4, governorate=place)
            OpportunityRole.objects.filter(pk=role.role_id).update(
                skill=skill, level=1, least_basis="declared"
            )
            refresh_listing(role.shift.opportunity, at=timezone.now())

    gaps = see(client, person).context["page"].gaps

    assert [(gap.skill, gap.opportunities) for gap in gaps] == [
        (wanted.name_ar, 3), (rare.name_ar, 1),
    ]  # fmt: skip


def test_what_was_reported_is_followed_here(client):
    person = volunteer()
    concern = ConcernFactory(reporter=person)
    need = NeedFactory(reporter=person, title="إنارة الممشى")
    html = see(client, person).content.decode()

    assert concern.number in html
    assert reverse("needs:detail", args=[need.code]) in html


def test_nothing_of_others_is_shown(client):
    other = volunteer()
    application(person=other, role=soon(2, title="سر الآخر"))
    ConcernFactory(reporter=other, number="C-2026-09999")
    claim(other, 60)

    page = see(client, volunteer())

    assert page.context["page"].is_new
    assert "سر الآخر" not in page.content.decode()
    assert "09999" not in page.content.decode()


def test_looking_changes_nothing(client):
    person = volunteer()
    application(person=person, role=soon(2))
    before = (list(Application.objects.values()), Transition.objects.count())

    see(client, person)

    assert (list(Application.objects.values()), Transition.objects.count()) == before


@pytest.mark.parametrize("rows", [1, 25])
@pytest.mark.parametrize("minor", [False, True])
def test_it_takes_twelve_queries_however_much_somebody_did(
    client, django_assert_max_num_queries, rows, minor
):
    age = 16 if minor else 30
    person = volunteer(birth_date=timezone.localdate() - timedelta(days=age * 366))
    for n in range(rows):
        for status in ("confirmed", "offered", "waiting", "applied"):
            application(person=person, role=soon(2 + n), status=status)
        claim(person, 60)
        ConcernFactory(reporter=person)
        NeedFactory(reporter=person)
    sign_in(client, person)

    with django_assert_max_num_queries(12):
        assert client.get(ADDRESS).status_code == 200


def test_hostile_words_stay_words(client):
    xss = "<script>alert(1)</script>"
    person = volunteer(full_name=xss)
    place = {"title": xss, "place": xss, "body": BodyFactory(name_ar=xss, name_en=xss)}
    application(person=person, role=soon(2, **place))
    application(person=person, role=soon(3, **place), status="offered")
    NeedFactory(reporter=person, title=xss)
    for prefix in ("", "/en"):
        assert "<script>alert" not in see(client, person, prefix).content.decode()

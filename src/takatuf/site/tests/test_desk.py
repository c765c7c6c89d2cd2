"""The desks: who has one, what waits on it, and that it never grows dearer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.models import RecoveryRequest
from takatuf.accounts.tests.factories import ask_recovery, sign_in
from takatuf.attendance.models import HourClaim
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.models import Transition
from takatuf.kernel.registries import desk_items
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_body
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    shift_role,
    volunteer,
)
from takatuf.registry import commands as registry
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    ConcernFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
)
from takatuf.site.queries import desks
from takatuf.site.tests.test_stuck import failed_job

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/"


def see(client, person, query=""):
    sign_in(client, person)
    page = client.get(f"{ADDRESS}{query}")
    assert page.status_code == 200
    return page


def holder(role, body=None, **more):
    if body is None:
        body = (
            desk_body() if role in (Role.DESK, Role.AUDITOR, Role.REVIEWER) else BodyFactory()
        )
    return OfficeFactory(role=role, body=body, **more).person


def shift_of(body, *, days=2, seats=5, minimum=3, coming=0, **fields):
    shift = ShiftFactory(
        opportunity=OpportunityFactory(body=body, **fields),
        starts_at=timezone.now() + timedelta(days=days),
    )
    role = shift_role(shift=shift, seats=seats, minimum=minimum)
    for _ in range(coming):
        application(role=role)
    return role


# ---------------------------------------------------------------- who has one
def test_a_visitor_signs_in_first(client):
    assert client.get(ADDRESS).url == f"{reverse('account_login')}?next={ADDRESS}"


def test_who_has_no_office_is_told_so_and_shown_a_way_on(client):
    sign_in(client, volunteer())
    page = client.get(ADDRESS)

    assert page.status_code == 403
    assert reverse("registry:body_new") in page.content.decode()
    assert reverse("site:me") in page.content.decode()


def test_an_office_that_is_over_opens_no_desk(client):
    person = holder(Role.UNIT_MANAGER, ends_on=timezone.localdate())
    sign_in(client, person)
    assert client.get(ADDRESS).status_code == 403


VARIANTS = {  # role → (addresses that are there, addresses that are not)
    Role.UNIT_MANAGER: (
        {"opportunities:start", "opportunities:studio", "attendance:sheets"},
        {"registry:concerns", "needs:queue"},
    ),
    Role.DESK: (
        {"needs:queue", "registry:concerns", "registry:duplicates", "recovery_list",
         "registry:bodies_waiting", "opportunities:review_queue", "site:figures", "site:stuck"},
        {"opportunities:start", "opportunities:studio"},
    ),
    Role.REVIEWER: ({"opportunities:review_queue"}, {"registry:concerns", "needs:queue"}),
    Role.AUDITOR: (
        {"registry:concerns", "site:figures", "site:log", "needs:queue", "imports:home",
         "registry:duplicates", "attendance:approved"},
        {"recovery_list", "opportunities:review_queue", "attendance:approvals",
         "site:stuck"},
    ),
    Role.TEAM_LEADER: ({"attendance:sheets"}, {"opportunities:start", "needs:queue"}),
}  # fmt: skip


@pytest.mark.parametrize("role", VARIANTS)
def test_each_office_has_its_own_doors(client, role):
    body = None
    more = {}
    if role == Role.TEAM_LEADER:
        body = BodyFactory()
        more = {"team": TeamFactory(body=body)}
    html = see(client, holder(role, body, **more)).content.decode()

    there, absent = VARIANTS[role]
    for name in there:
        assert f'href="{reverse(name)}"' in html, name
    for name in absent:
        assert f'href="{reverse(name)}"' not in html, name


@pytest.mark.parametrize("role", VARIANTS)
def test_every_door_opens(client, role):
    body = BodyFactory() if role == Role.TEAM_LEADER else None
    more = {"team": TeamFactory(body=body)} if body else {}
    page = see(client, holder(role, body, **more))

    for door in page.context["doors"]:
        assert client.get(door["href"]).status_code == 200, door


# ---------------------------------------------------------------- the queue
def test_the_queue_is_sorted_by_its_clocks_and_the_first_is_the_main_act(client, monkeypatch):
    def items(_person, _offices, at):
        days = {"later": 5, "late": -2, "soon": 1, "never": None}
        return [
            DeskItem(
                title=name, detail="", action="go", url=f"/{name}/", label="x",
                due_at=None if n is None else at + timedelta(days=n),
            )
            for name, n in days.items()
        ]  # fmt: skip

    monkeypatch.setattr(desk_items, "_items", {"test": items})
    page = see(client, holder(Role.UNIT_MANAGER))

    assert [item.title for item in page.context["queue"]] == ["late", "soon", "later", "never"]
    html = page.content.decode()
    assert '<a class="btn main" href="/late/">' in html
    assert '<a class="btn quiet" href="/soon/">' in html
    assert "4 أمور تنتظرك" in html.replace('<bdi dir="ltr">4</bdi>', "4")


def queue_of(person, at):
    return desks.queue(person, desks.posts_of(person, timezone.localdate(at))[0], at=at)


def test_what_has_just_come_in_waits_behind_somebodys_safety():
    desk, at = holder(Role.DESK), timezone.localtime().replace(hour=12)
    ask_recovery(claimed_contact="nobody@example.org")
    RecoveryRequest.objects.update(asked_at=at - timedelta(minutes=1))
    OpportunityFactory(
        status="in_review", submitted_at=at - timedelta(minutes=1), submitted_by=PersonFactory()
    )
    failed_job()
    ConcernFactory(kind="safety", due_at=at + timedelta(minutes=1))
    NeedFactory(due_at=at - timedelta(days=1))
    BodyFactory(waiting=True, registered_by=PersonFactory(), created_at=at)

    with translation.override("en"):
        labels = [item.label for item in queue_of(desk, at)]

    assert labels[:3] == ["Needs", "Concern", "Stuck"]
    assert set(labels[3:]) == {"Account", "Review", "Body"}


def test_a_day_going_on_and_a_listing_that_ends_stand_before_what_was_sent_back():
    person, at = holder(Role.UNIT_MANAGER), timezone.localtime().replace(hour=12)
    body = person.offices.get().body
    handed_in = {"submitted_at": at - timedelta(days=9), "submitted_by": person}
    OpportunityFactory(body=body, status="draft", title="مسودة", created_at=at)
    OpportunityFactory(body=body, status="returned", title="معادة", **handed_in)
    ends = shift_of(body, days=60, coming=3, title="تنتهي").shift.opportunity
    Opportunity.objects.filter(pk=ends.pk).update(reconfirm_by=timezone.localdate(at))
    going_on = shift_of(body, coming=3, title="جارية").shift
    Shift.objects.filter(pk=going_on.pk).update(
        starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=1)
    )

    titles = [item.title for item in queue_of(person, at)]

    assert titles[0] == "جارية"
    assert "تنتهي" in titles[1]
    assert ["معادة" in titles[2], "مسودة" in titles[3]] == [True, True]


def test_nothing_to_do_says_so(client):
    assert "لا شيء ينتظرك" in see(client, holder(Role.UNIT_MANAGER)).content.decode()


@pytest.mark.parametrize(
    ("status", "words", "others"),
    [
        ("registered", "يراجع المكتب الإقليمي ترخيص جهتكم", "للبدء"),
        ("verified", "للبدء: تسمية وحداتكم", "يراجع المكتب"),
        ("verified", "لا رئاسة لجهتكم بعد", "الجهة موقوفة"),
        ("suspended", "لا يُنشر جديد", "لا رئاسة لجهتكم"),
        ("active", "لا شيء ينتظرك", "للبدء"),
    ],
)
def test_a_new_head_reads_what_comes_next(client, status, words, others):
    page = see(client, holder(Role.BODY_HEAD, BodyFactory(status=status))).content.decode()

    assert words in page
    assert others not in page


def test_the_desk_of_the_region_gathers_from_every_floor(client):
    desk = holder(Role.DESK)
    BodyFactory(waiting=True, registered_by=PersonFactory())
    ConcernFactory()
    NeedFactory()
    urls = {item.url for item in see(client, desk).context["queue"]}

    assert reverse("needs:queue") in urls
    assert any("/concerns/" in url for url in urls)
    assert any("/decision/" in url for url in urls)


def test_somebody_in_two_bodies_sees_one_at_a_time(client):
    person = PersonFactory()
    first, second = BodyFactory(), BodyFactory()
    for body in (first, second):
        OfficeFactory(person=person, body=body, role=Role.UNIT_MANAGER)
        shift_of(body, title=f"عمل {body.code}")

    page = see(client, person, f"?body={second.code}")

    assert page.context["post"].body == second
    assert [sheet.shift.opportunity.body_id for sheet in page.context["sheets"]] == [second.pk]
    assert f"?body={first.code}" in page.content.decode()
    assert see(client, person, "?body=nonsense").context["post"].body in {first, second}


def test_another_body_cannot_be_asked_for(client):
    stranger = BodyFactory()
    shift_of(stranger, title="سر الجهة")
    page = see(client, holder(Role.UNIT_MANAGER), f"?body={stranger.code}")

    assert page.context["post"].body != stranger
    assert "سر الجهة" not in page.content.decode()


# ---------------------------------------------------------------- this week
def test_the_week_says_how_many_are_coming_of_how_few_and_how_many(client):
    person = holder(Role.UNIT_MANAGER)
    body = person.offices.get().body
    shift_of(body, days=2, seats=5, minimum=3, coming=1)
    shift_of(body, days=3, seats=2, minimum=1, coming=2)
    shift_of(body, days=20)
    shift_of(BodyFactory(), days=2)
    cancelled = shift_of(body, days=4)
    Opportunity.objects.filter(pk=cancelled.shift.opportunity_id).update(
        status="cancelled", closed_at=timezone.now()
    )

    sheets = see(client, person).context["sheets"]

    assert [(s.confirmed, s.minimum, s.seats, s.short, s.is_full) for s in sheets] == [
        (1, 3, 5, 2, False), (2, 1, 2, 0, True),
    ]  # fmt: skip


def test_offers_and_waiting_people_are_not_counted_as_coming(client):
    person = holder(Role.UNIT_MANAGER)
    role = shift_of(person.offices.get().body, coming=1)
    for status in ("offered", "waiting", "applied"):
        application(role=role, status=status)

    assert see(client, person).context["sheets"][0].confirmed == 1


def test_a_team_leader_sees_the_days_of_the_team_alone(client):
    body = BodyFactory()
    team = TeamFactory(body=body)
    person = holder(Role.TEAM_LEADER, body, team=team)
    mine = shift_of(body, team=team)
    shift_of(body)

    page = see(client, person)

    assert [sheet.shift.pk for sheet in page.context["sheets"]] == [mine.shift_id]
    assert "quality" not in page.context


# ---------------------------------------------------------------- quality
def test_quality_stands_beside_that_of_all_bodies(client):
    person = holder(Role.UNIT_MANAGER)
    body = person.offices.get().body
    registry.count_reply(body=body, minutes=1440, in_time=True)
    registry.count_reply(body=body, minutes=2880, in_time=False)
    registry.count_shift_held(body=body)
    registry.count_late_cancellations(body=body, count=1)
    registry.count_reply(body=BodyFactory(), minutes=4 * 1440, in_time=True)
    at = timezone.now() - timedelta(days=20)
    for evidence, minutes in (("leader", 90), ("self", 30)):
        HourClaim.objects.create(
            person=volunteer(), body=body, work="غرس", started_at=at, state="approved",
            ended_at=at + timedelta(hours=2), minutes=minutes, evidence=evidence,
        )  # fmt: skip

    quality = see(client, person).context["quality"]

    assert (quality.reply_days, quality.reply_days_all) == (1.5, 2.3)
    assert (float(quality.in_time), round(float(quality.in_time_all), 2)) == (0.5, 0.67)
    assert (quality.shifts_held, quality.late_cancellations) == (1, 1)
    assert float(quality.proven) == 0.75


def test_a_new_body_has_no_figures_and_no_zeros(client):
    page = see(client, holder(Role.UNIT_MANAGER))
    assert page.context["quality"].is_empty
    assert "0%" not in page.content.decode()


def test_needs_near_lead_to_the_studio(client):
    person = holder(Role.BODY_HEAD)
    need = NeedFactory(validated=True)
    html = see(client, person).content.decode()
    assert f"{reverse('opportunities:start')}?need={need.code}" in html


# ---------------------------------------------------------------- price, harm
def fill(body, rows):
    for n in range(rows):
        role = shift_of(body, days=1 + n % 6, coming=1)
        application(role=role, status="applied", answer_due_at=timezone.now())
        NeedFactory(validated=True)
        NeedFactory()
        ConcernFactory()
        BodyFactory(waiting=True, registered_by=PersonFactory())


@pytest.mark.parametrize("role", [Role.UNIT_MANAGER, Role.DESK, Role.AUDITOR, Role.REVIEWER])
def test_a_desk_costs_the_same_with_little_and_with_much(client, role):
    person = holder(role)
    body = person.offices.get().body
    counted = []
    for rows in (2, 12):
        fill(body, rows)
        sign_in(client, person)
        counted.append(_queries(client))
    assert counted[0] == counted[1] <= 32


def _queries(client) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        assert client.get(ADDRESS).status_code == 200
    return len(captured)


def test_looking_at_a_desk_changes_nothing(client):
    person = holder(Role.DESK)
    NeedFactory()
    before = Transition.objects.count()
    see(client, person)
    assert Transition.objects.count() == before


def test_hostile_words_stay_words(client):
    xss = "<script>alert(1)</script>"
    person = holder(Role.UNIT_MANAGER, BodyFactory(name_ar=xss, name_en=xss))
    body = person.offices.get().body
    role = shift_of(body, title=xss, minimum=3)
    application(role=role, status="applied", answer_due_at=timezone.now())
    NeedFactory(validated=True, title=xss, reported_at=NOW)
    assert "<script>alert" not in see(client, person).content.decode()


def test_a_posts_widest_office_comes_first():
    person = PersonFactory()
    plain, desk = BodyFactory(), desk_body()
    OfficeFactory(person=person, body=plain, role=Role.UNIT_MANAGER)
    OfficeFactory(person=person, body=desk, role=Role.DESK)
    OfficeFactory(person=person, body=desk, role=Role.REVIEWER)

    posts = desks.posts_of(person)

    assert [post.body for post in posts] == [desk, plain]
    assert posts[0].regional
    assert posts[0].reviews
    assert not posts[0].runs
    assert len(posts[0].titles) == 2

"""The unit's pages: who asks, the answer, whom to invite; and who may not look."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message, Transition
from takatuf.kernel.registries import desk_items
from takatuf.kernel.transitions import history
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.placement import commands, policies, queries
from takatuf.placement.models import Application, Covenant
from takatuf.placement.tests.factories import (
    application,
    charter,
    manager_of,
    shift_role,
    volunteer,
)
from takatuf.registry import queries as registry
from takatuf.registry.enums import Role
from takatuf.registry.models import Interest
from takatuf.registry.tests.factories import (
    BodyFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
    SkillGrantFactory,
    TeamFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def role():
    return shift_role(seats=2, way=Way.BY_REQUEST)


@pytest.fixture
def manager(role):
    return manager_of(role.shift.opportunity.body)


def team_leader_of(body):
    team = TeamFactory(body=body)
    return OfficeFactory(body=body, team=team, role=Role.TEAM_LEADER).person


def asked(role, **person):
    return application(person=volunteer(**person), role=role, status="applied")


def address(name, role, *more):
    return reverse(f"placement:{name}", args=[role.shift.opportunity.code, *more])


def state(row):
    return Application.objects.get(pk=row.pk).status


# ---------------------------------------------------------------- what is shown
def test_applicants_stand_by_role_with_what_the_choice_needs_and_no_more(client, role, manager):
    asked(role, full_name="سارة العطوي", phone="+966550000001", birth_date="2000-01-02")
    coming = application(
        person=volunteer(full_name="ريم البلوي", phone="+966550000002"), role=role
    )
    sign_in(client, manager)

    page = client.get(address("applicants", role)).content.decode()

    assert "سارة العطوي" in page
    assert "25 to 39" in page
    assert "2000-01-02" not in page
    assert "055 000 0001" not in page
    assert coming.person.full_name in page
    assert "055 000 0002" in page
    assert "1 of 2 seats held" in page


def test_that_the_shift_began_is_no_fault_of_who_has_a_place(client, role, manager):
    application(person=volunteer(), role=role)
    minor = application(person=volunteer(birth_date="2012-01-02"), role=role)
    Shift.objects.filter(pk=role.shift_id).update(
        starts_at=timezone.now() - timedelta(hours=1),
        ends_at=timezone.now() + timedelta(hours=1),
    )
    sign_in(client, manager)

    page = client.get(address("applicants", role)).content.decode()

    assert "Taking people" not in page
    assert page.count("Does not fit just now") == 1
    assert page.index("Does not fit just now") > page.index(minor.person.full_name)


def test_the_waiting_list_stands_in_order(client, manager, role):
    first = application(role=role, status="waiting", person=volunteer(full_name="الأول"))
    application(role=role, status="waiting", person=volunteer(full_name="الثاني"))
    at = timezone.now()
    [choice] = queries.choices(role.shift.opportunity, at=at)
    [shown] = queries.applicants_of(role.shift.opportunity, choice, at=at)
    assert [row.position for row in shown.waiting] == [1, 2]
    assert shown.waiting[0].application == first


def test_the_shift_whose_answer_is_due_first_is_shown_first(client, manager, role):
    row = asked(role)
    Application.objects.filter(pk=row.pk).update(answer_due_at=timezone.now())
    sign_in(client, manager)
    page = client.get(address("applicants", role)).content.decode()
    assert row.person.full_name in page


@pytest.mark.parametrize("count", [2, 40])
def test_the_page_takes_the_same_queries_at_any_size(
    client, role, manager, count, django_assert_num_queries
):
    skill = SkillFactory()
    for _ in range(count):
        SkillGrantFactory(person=asked(role).person, skill=skill)
    sign_in(client, manager)
    client.get(address("applicants", role))

    with django_assert_num_queries(12):
        client.get(address("applicants", role))


# ---------------------------------------------------------------- the answer
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_one_tap_accepts(client, role, manager, headers):
    row = asked(role)
    sign_in(client, manager)

    response = client.post(address("accept", role, row.pk), headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert state(row) == "offered"
    if headers:
        assert "is asked to confirm" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_declining_by_a_ready_reason_reads_in_the_volunteer_s_language(
    client, role, manager, headers
):
    row = asked(role, language="ar")
    sign_in(client, manager)

    client.post(address("decline", role, row.pk), {"template": "full"}, headers=headers)

    row.refresh_from_db()
    assert row.status == "declined"
    message = Message.objects.get(template="placement.declined")
    assert message.context["reason"] == "اكتملت الأماكن."
    for language, words in (("ar", "اكتملت الأماكن."), ("en", "The places are taken.")):
        with translation.override(language):
            assert row.why == history(row).last().note.why == words


def test_own_words_follow_the_ready_reason(client, role, manager):
    row = asked(role, language="en")
    sign_in(client, manager)
    client.post(
        address("decline", role, row.pk), {"template": "full", "reason": "Come next week."}
    )
    row.refresh_from_db()
    assert row.why == "The places are taken. Come next week."


def test_declining_without_a_reason_is_refused_and_says_so(client, role, manager):
    row = asked(role)
    sign_in(client, manager)

    response = client.post(address("decline", role, row.pk), headers=HTMX)

    assert response.status_code == 409
    assert "Tell the volunteer why" in response.content.decode()
    assert state(row) == "applied"


def test_several_are_accepted_first_come_first_and_the_rest_is_named(client, role, manager):
    rows = [asked(role) for _ in range(3)]
    sign_in(client, manager)

    response = client.post(
        address("accept_several", role),
        {"application": [row.pk for row in reversed(rows)], "shift": role.shift_id},
        headers=HTMX,
    )

    assert [state(row) for row in rows] == ["offered", "offered", "applied"]
    page = response.content.decode()
    assert "2 people are asked to confirm" in page
    assert "No seat is left" in page


def test_ticking_nobody_is_said_so(client, role, manager):
    asked(role)
    sign_in(client, manager)
    response = client.post(address("accept_several", role), headers=HTMX)
    assert response.status_code == 409


def test_an_application_of_another_opportunity_is_not_found_here(client, role, manager):
    other = asked(shift_role(way=Way.BY_REQUEST))
    sign_in(client, manager)
    for act in ("accept", "decline"):
        assert (
            client.post(address(act, role, other.pk), {"template": "full"}).status_code == 404
        )
    client.post(address("accept_several", role), {"application": [other.pk]})
    assert state(other) == "applied"


# ---------------------------------------------------------------- inviting
def who_cares(role, **person):
    someone = volunteer(**person)
    Interest.objects.create(profile=someone.volunteer, field=role.shift.opportunity.field)
    return someone


def test_people_who_fit_and_care_are_suggested_nearest_first(role):
    opportunity = role.shift.opportunity
    far = who_cares(role)
    near = who_cares(role)
    nowhere = who_cares(role)
    for person, north in ((far, "28.80"), (near, "28.42")):
        person.volunteer.home_latitude = north
        person.volunteer.home_longitude = "36.53"
        person.volunteer.save()
    volunteer()  # does not care for the field
    too_young = who_cares(role, birth_date=timezone.localdate() - timedelta(days=3000))
    already = who_cares(role)
    application(person=already, role=role, status="withdrawn")

    found = queries.suggestions(
        opportunity, queries.place_to_fill(opportunity, role.pk, at=timezone.now()),
        at=timezone.now(),
    )  # fmt: skip

    assert [each.person for each in found] == [near, far, nowhere]
    assert too_young not in [each.person for each in found]


def test_who_never_applied_here_is_a_first_name(client, role, manager):
    who_cares(role, full_name="منيرة سالم الحويطي")
    sign_in(client, manager)
    page = client.get(address("invite", role, role.pk)).content.decode()
    assert "منيرة" in page
    assert "الحويطي" not in page


def test_people_met_before_are_found_by_name_in_any_spelling(client, role, manager):
    before = application(
        role=shift_role(body=role.shift.opportunity.body),
        person=volunteer(full_name="أحمد الشهري", name_sort_key="احمد شهري"),
        status="withdrawn",
    )
    volunteer(full_name="أحمد الشهري", name_sort_key="احمد شهري")  # of nobody's acquaintance
    sign_in(client, manager)

    found = queries.people_met(
        role.shift.opportunity,
        queries.place_to_fill(role.shift.opportunity, role.pk, at=timezone.now()),
        "احمد", at=timezone.now(),
    )  # fmt: skip

    assert [each.person for each in found] == [before.person]
    assert client.get(address("invite", role, role.pk) + "?name=x").status_code == 200


@pytest.mark.parametrize("count", [2, 30])
def test_suggesting_takes_the_same_queries_at_any_size(role, count, django_assert_num_queries):
    for _ in range(count):
        who_cares(role)
    opportunity = Opportunity.objects.select_related("governorate").get(
        pk=role.shift.opportunity_id
    )
    place = queries.place_to_fill(opportunity, role.pk, at=timezone.now())
    with django_assert_num_queries(6):
        queries.suggestions(opportunity, place, at=timezone.now())


def test_one_tap_invites_and_holds_the_seat(client, role, manager):
    person = who_cares(role)
    sign_in(client, manager)

    response = client.post(address("invite", role, role.pk), {"person": str(person.ref)})

    assert response.status_code == 302
    row = Application.objects.get()
    assert (row.status, row.origin, row.person) == ("offered", "invited", person)
    assert Message.objects.get().template == "placement.invited"


def test_an_invitation_alone_opens_nobodys_name(client, role, manager):
    person = who_cares(role, full_name="منى العنزي")
    sign_in(client, manager)
    invite = address("invite", role, role.pk)
    pages = [client.post(invite, {"person": str(person.ref)}, follow=True)]
    row = Application.objects.get()
    pages += [
        client.get(address("applicants", role)),
        client.post(address("accept", role, row.pk), follow=True),
        client.get(invite, {"name": "منى"}),
    ]
    assert "منى" in pages[1].content.decode()
    for page in pages:
        assert "العنزي" not in page.content.decode()

    commands.confirm_place(application_id=row.pk, by=person, at=timezone.now())

    assert person.full_name in client.get(address("applicants", role)).content.decode()


def test_inviting_whoever_has_asked_accepts_them(role, manager):
    row = asked(role)
    commands.invite(person=row.person, shift_role_id=role.pk, by=manager, at=timezone.now())
    assert state(row) == "offered"


def test_nobody_outside_the_region_s_suggestions_is_invited_by_guessing(client, role, manager):
    stranger = volunteer()
    elsewhere = who_cares(role)
    elsewhere.volunteer.governorate = GovernorateFactory(code="umluj")
    elsewhere.volunteer.save()
    sign_in(client, manager)
    for ref in (stranger.ref, elsewhere.ref, "x", ""):
        response = client.post(address("invite", role, role.pk), {"person": str(ref)})
        assert response.status_code == 404
    assert not Application.objects.exists()


# ---------------------------------------------------------------- who may not
def cast(role):
    """Everybody who must not answer for the body."""
    body = role.shift.opportunity.body
    return {
        "nobody": None,
        "a volunteer": volunteer(),
        "another body's manager": OfficeFactory().person,
        "the body's team leader": team_leader_of(body),
        "a manager whose office ended": OfficeFactory(
            body=body, ends_on=timezone.localdate()
        ).person,
    }


def test_strangers_find_no_such_page_and_change_nothing(client, role):
    row = asked(role)
    person = who_cares(role)
    pages = [
        ("get", "applicants", []),
        ("post", "accept", [row.pk]),
        ("post", "decline", [row.pk]),
        ("post", "accept_several", []),
        ("get", "invite", [role.pk]),
        ("post", "invite", [role.pk]),
    ]
    data = {"template": "full", "application": [row.pk], "person": str(person.ref)}
    everybody = cast(role)
    before = (Transition.objects.count(), Message.objects.count())

    for name, someone in everybody.items():
        client.logout()
        if someone:
            sign_in(client, someone)
        for method, page, more in pages:
            response = getattr(client, method)(address(page, role, *more), data)
            expected = 302 if someone is None else 404
            assert response.status_code == expected, (name, page)
    assert state(row) == "applied"
    assert Application.objects.count() == 1
    assert (Transition.objects.count(), Message.objects.count()) == before
    role.refresh_from_db()
    assert role.taken == 0


def test_nobody_opens_takes_or_leaves_somebody_else_s_place(client, role, manager):
    row = application(role=role, status="offered")
    for someone in (volunteer(), manager):
        sign_in(client, someone)
        for method, page in (
            ("post", "confirm"), ("get", "leave"), ("post", "leave"), ("get", "calendar"),
        ):  # fmt: skip
            response = getattr(client, method)(reverse(f"placement:{page}", args=[row.pk]))
            assert response.status_code == 404, page
    assert state(row) == "offered"


@pytest.mark.parametrize("page", ["mine", "calendar_all"])
def test_one_s_own_pages_ask_a_visitor_to_sign_in(client, page):
    response = client.get(reverse(f"placement:{page}"))
    assert response.status_code == 302
    assert "next=" in response.url


@pytest.mark.parametrize("page", ["confirm", "accept", "decline", "accept_several"])
def test_acts_answer_to_post_only(client, role, manager, page):
    row = application(person=manager, role=role, status="offered")
    sign_in(client, manager)
    more = [] if page == "accept_several" else [row.pk]
    args = more if page == "confirm" else [role.shift.opportunity.code, *more]
    assert client.get(reverse(f"placement:{page}", args=args)).status_code == 405
    assert state(row) == "offered"


def test_nobody_applies_or_signs_for_somebody_else(role):
    person, other = volunteer(), volunteer()
    with pytest.raises(NotAllowed):
        commands.apply(person=person, shift_role_ids=[role.pk], by=other, at=timezone.now())
    with pytest.raises(NotAllowed):
        commands.sign_covenant(
            person=person, opportunity=role.shift.opportunity, signed_name="x",
            text_version="1", by=other, at=timezone.now(),
        )  # fmt: skip
    assert not Application.objects.exists()
    assert not Covenant.objects.exists()


# who: what they may do with an application to their body, and with the applicant's own
MAY = {
    "manager": (True, True, True, False, False),
    "head": (True, True, True, False, False),
    "applicant": (False, False, False, True, True),
    "stranger": (False, False, False, False, False),
    "other manager": (False, False, False, False, False),
    "leader": (False, False, False, False, False),
}


@pytest.mark.parametrize("who", MAY)
def test_the_policies_answer_as_the_table_says(role, manager, who):
    row = asked(role)
    body = role.shift.opportunity.body
    person = {
        "manager": lambda: manager,
        "head": lambda: OfficeFactory(body=body, role=Role.BODY_HEAD).person,
        "applicant": lambda: row.person,
        "stranger": PersonFactory,
        "other manager": lambda: OfficeFactory().person,
        "leader": lambda: team_leader_of(body),
    }[who]()

    assert MAY[who] == (
        policies.may_decide(person, row),
        policies.may_invite(person, row.opportunity),
        policies.may_see_applicants(person, row.opportunity),
        policies.may_answer(person, row),
        policies.may_apply_for(person, row.person),
    )


def test_a_manager_never_decides_on_their_own_application(role, manager):
    charter()
    row = application(person=manager, role=role, status="applied")
    assert not policies.may_decide(manager, row)


# ---------------------------------------------------------------- the manager's queue
def short_items(person, at):
    offices = registry.offices_of(person)
    return desk_items["placement: shifts short of people"](person, offices, at)


def test_an_opportunity_short_of_people_stands_in_the_queue_once(role, manager):
    at = role.shift.starts_at - timedelta(days=2)
    later = shift_role(
        seats=5, minimum=3, role=role.role,
        shift=Shift.objects.create(
            opportunity=role.shift.opportunity, starts_at=role.shift.starts_at + timedelta(days=1),
            ends_at=role.shift.ends_at + timedelta(days=1),
        ),
    )  # fmt: skip

    [item] = short_items(manager, at)

    assert item.title.endswith("needs 1 more")
    assert "one later shift too" in item.detail
    assert item.url.endswith(f"?shift={role.shift_id}")
    assert short_items(manager_of(BodyFactory()), at) == []
    application(role=role)
    [item] = short_items(manager, at)
    assert item.title.endswith("needs 3 more")
    assert item.url.endswith(f"?shift={later.shift_id}")


def test_all_who_ask_are_accepted_by_one_button_while_there_are_seats(client, role, manager):
    rows = [asked(role), asked(role)]
    sign_in(client, manager)
    assert "Accept them all" in client.get(address("applicants", role)).content.decode()

    asked(role)  # three ask for two seats
    assert "Accept them all" not in client.get(address("applicants", role)).content.decode()

    client.post(address("accept_several", role), {"application": [row.pk for row in rows]})
    assert [state(row) for row in rows] == ["offered", "offered"]

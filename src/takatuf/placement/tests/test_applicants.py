"""The unit's page of applicants: who asks, the answer, what waits in the queue."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Message
from takatuf.kernel.registries import desk_items
from takatuf.kernel.transitions import history
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Shift
from takatuf.placement import commands, queries
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    application,
    asked,
    at_opportunity,
    manager_of,
    shift_role,
    status_of,
    volunteer,
)
from takatuf.registry import queries as registry
from takatuf.registry.tests.factories import BodyFactory, SkillFactory, SkillGrantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


HTMX = {"HX-Request": "true"}


def test_applicants_stand_by_role_with_what_the_choice_needs_and_no_more(client, role, manager):
    asked(role, full_name="سارة العطوي", phone="+966550000001", birth_date="2000-01-02")
    coming = application(
        person=volunteer(full_name="ريم البلوي", phone="+966550000002"), role=role
    )
    sign_in(client, manager)

    page = client.get(at_opportunity("applicants", role)).content.decode()

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

    page = client.get(at_opportunity("applicants", role)).content.decode()

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
    page = client.get(at_opportunity("applicants", role)).content.decode()
    assert row.person.full_name in page


@pytest.mark.parametrize("count", [2, 40])
def test_the_page_takes_the_same_queries_at_any_size(
    client, role, manager, count, django_assert_num_queries
):
    skill = SkillFactory()
    for _ in range(count):
        SkillGrantFactory(person=asked(role).person, skill=skill)
    sign_in(client, manager)
    client.get(at_opportunity("applicants", role))

    with django_assert_num_queries(12):
        client.get(at_opportunity("applicants", role))


# ---------------------------------------------------------------- the answer
@pytest.mark.parametrize("many", [1, 2, 6, 60])  # as many as are accepted at once
def test_accepting_asks_the_same_few_questions_for_each(many, django_assert_num_queries):
    role = shift_role(seats=many)
    rows = [application(role=role, status="applied").pk for _ in range(many)]
    by, at = manager_of(role.shift.opportunity.body), timezone.now()

    with django_assert_num_queries(12 + 23 * many):
        made = commands.accept_applications(application_ids=rows, by=by, at=at)

    assert len(made.accepted) == many


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_more_than_sixty_are_not_accepted_at_once(client, role, manager, headers):
    rows = [asked(role) for _ in range(61)]
    sign_in(client, manager)

    chosen = {"application": [row.pk for row in rows], "shift": role.shift_id}
    response = client.post(at_opportunity("accept_several", role), chosen, headers=headers)

    page = response if headers else client.get(response.url)
    assert response.status_code == (409 if headers else 302)
    assert "At most 60 people are accepted at once" in page.content.decode()
    assert {status_of(row) for row in rows} == {"applied"}
    assert not Message.objects.exists()


def test_one_who_was_answered_meanwhile_holds_up_nobody(client, role, manager):
    accepted, withdrawn, waits = (asked(role) for _ in range(3))
    Application.objects.filter(pk=withdrawn.pk).update(
        status="withdrawn", ended_at=timezone.now()
    )
    sign_in(client, manager)
    client.post(at_opportunity("accept", role, accepted.pk))

    chosen = {"application": [row.pk for row in (accepted, withdrawn, waits)]}
    response = client.post(at_opportunity("accept_several", role), chosen, headers=HTMX)

    assert response.status_code == 200
    assert [status_of(row) for row in (accepted, withdrawn, waits)] == [
        "offered", "withdrawn", "offered"
    ]  # fmt: skip


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_one_tap_accepts(client, role, manager, headers):
    row = asked(role)
    sign_in(client, manager)

    response = client.post(at_opportunity("accept", role, row.pk), headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert status_of(row) == "offered"
    if headers:
        assert "is asked to confirm" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_declining_by_a_ready_reason_reads_in_the_volunteer_s_language(
    client, role, manager, headers
):
    row = asked(role, language="ar")
    sign_in(client, manager)

    client.post(at_opportunity("decline", role, row.pk), {"template": "full"}, headers=headers)

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
        at_opportunity("decline", role, row.pk),
        {"template": "full", "reason": "Come next week."},
    )
    row.refresh_from_db()
    assert row.why == "The places are taken. Come next week."


def test_declining_without_a_reason_is_refused_and_says_so(client, role, manager):
    row = asked(role)
    sign_in(client, manager)

    response = client.post(at_opportunity("decline", role, row.pk), headers=HTMX)

    assert response.status_code == 409
    assert "Tell the volunteer why" in response.content.decode()
    assert status_of(row) == "applied"


def test_several_are_accepted_first_come_first_and_the_rest_is_named(client, role, manager):
    rows = [asked(role) for _ in range(3)]
    sign_in(client, manager)

    response = client.post(
        at_opportunity("accept_several", role),
        {"application": [row.pk for row in reversed(rows)], "shift": role.shift_id},
        headers=HTMX,
    )

    assert [status_of(row) for row in rows] == ["offered", "offered", "applied"]
    page = response.content.decode()
    assert "2 people are asked to confirm" in page
    assert "No seat is left" in page


def test_the_shifts_above_the_list_say_who_still_asks_after_an_answer(client, role, manager):
    row, _other = asked(role), asked(role)
    sign_in(client, manager)
    before = client.get(at_opportunity("applicants", role)).content.decode()

    answer = client.post(at_opportunity("accept", role, row.pk), headers=HTMX).content.decode()

    def asking(page: str) -> str:
        [words] = re.findall(r'class="badge warn">(.*?) asking</span></span>', page)
        return re.sub(r"\D", "", words)

    assert (asking(before), asking(answer)) == ("2", "1")
    assert 'id="which-shift" hx-swap-oob="true"' in answer
    assert answer.index('id="people"') < answer.index('id="which-shift"')
    assert before.count('id="which-shift"') == answer.count('id="which-shift"') == 1
    assert "hx-swap-oob" not in before


def test_ticking_nobody_is_said_so(client, role, manager):
    asked(role)
    sign_in(client, manager)
    response = client.post(at_opportunity("accept_several", role), headers=HTMX)
    assert response.status_code == 409


def test_an_application_of_another_opportunity_is_not_found_here(client, role, manager):
    other = asked(shift_role(way=Way.BY_REQUEST))
    sign_in(client, manager)
    for act in ("accept", "decline"):
        assert (
            client.post(at_opportunity(act, role, other.pk), {"template": "full"}).status_code
            == 404
        )
    client.post(at_opportunity("accept_several", role), {"application": [other.pk]})
    assert status_of(other) == "applied"


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
    assert "Accept them all" in client.get(at_opportunity("applicants", role)).content.decode()

    asked(role)  # three ask for two seats
    assert (
        "Accept them all" not in client.get(at_opportunity("applicants", role)).content.decode()
    )

    client.post(
        at_opportunity("accept_several", role), {"application": [row.pk for row in rows]}
    )
    assert [status_of(row) for row in rows] == ["offered", "offered"]

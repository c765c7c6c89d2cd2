"""Asking to swap shifts, on the page and by a link without signing in, and answering it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Job, Message, Transition
from takatuf.kernel.transitions import history
from takatuf.opportunities.models import OpportunityRole, ShiftRole
from takatuf.placement import commands
from takatuf.placement.links import ask_link
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    shift_role,
    status_of,
    volunteer,
)
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import PersonFactory, SkillFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
MINE = "/en/me/places/"
SWAP, ASKED_OF = "Swap the shift", "Swaps you are asked for"


def address(name: str, pk: int) -> str:
    return reverse(f"placement:{name}", args=[pk])


def later(first, days=1, *, role=None, **fields):
    """The same role, or another, in a shift so many days after."""
    starts = first.shift.starts_at + timedelta(days=days)
    shift = ShiftFactory(
        opportunity=first.shift.opportunity,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
    )
    return shift_role(shift=shift, role=role or first.role, **fields)


def two_places(**fields):
    """A place of one person in each of two full shifts of one opportunity."""
    first = shift_role(seats=1, **fields)
    one, other = volunteer(language="en"), volunteer(language="en")
    there = later(first, seats=1)
    return application(person=one, role=first), application(person=other, role=there)


def asked(mine, theirs) -> CoverAsk:
    """The first offers their shift, the second is asked."""
    cover = commands.ask_for_cover(
        application_id=mine.pk, accepts=[theirs.shift_id], by=mine.person, at=NOW()
    )
    [ask] = commands.ask_around(cover_id=cover.pk, at=NOW())
    return ask


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Cover, CoverAsk, ShiftRole, Message, Transition)
    ]


def where() -> set[tuple[int, int]]:
    rows = Application.objects.filter(status="confirmed")
    return set(rows.values_list("person_id", "shift_id"))


# ---------------------------------------------------------------- asking
def test_the_shifts_to_choose_are_those_others_have_places_in(client):
    mine, theirs = two_places()
    empty = later(mine.shift_role, 2)
    skilled = OpportunityRole.objects.create(
        opportunity=mine.opportunity,
        title="مسعف",
        skill=SkillFactory(),
        level=1,
        least_basis="declared",
    )
    unfit = application(role=later(mine.shift_role, 3, role=skilled))
    client.force_login(mine.person)
    assert SWAP in client.get(MINE).content.decode()

    page = client.get(address("swap", mine.pk))

    offered = [value for value, _words in page.context["form"].fields["accepts"].choices]
    assert offered == [theirs.shift_id]
    assert empty.shift_id not in offered
    assert unfit.shift_id not in offered
    assert theirs.person.full_name not in page.content.decode()

    answer = client.post(address("swap", mine.pk), {"accepts": [theirs.shift_id]}, follow=True)
    shown = answer.content.decode()
    assert "Somebody is looked for to swap with" in shown
    cover = Cover.objects.get()
    assert list(cover.accepts.all()) == [theirs.shift]
    assert history(cover).get().action == "asked for cover"
    assert Job.objects.filter(task__endswith="ask_around_for").exists()

    client.post(address("cover_call_back", mine.pk))
    cover.refresh_from_db()
    assert cover.status == "back"
    assert SWAP in client.get(MINE).content.decode()


def test_nothing_ticked_or_something_else_is_said_beside_the_choice(client):
    mine, theirs = two_places()
    elsewhere = application()
    before = everything()
    client.force_login(mine.person)
    for given in ([], ["x"], [elsewhere.shift_id], [theirs.shift_id, elsewhere.shift_id]):
        answer = client.post(address("swap", mine.pk), {"accepts": given})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"accepts"}
    assert everything() == before


def test_without_such_a_shift_it_is_said_with_a_way_back(client):
    mine = application()
    client.force_login(mine.person)
    shown = client.get(address("swap", mine.pk)).content.decode()
    assert "No shift to swap with" in shown
    assert MINE in shown


def test_only_one_s_own_place_and_only_while_it_can_be_given(client):
    mine, theirs = two_places()
    offered = application(status="offered")
    chosen = application(role=shift_role(way="request"))
    before = everything()
    client.force_login(volunteer())
    for act in (client.get, client.post):
        assert act(address("swap", mine.pk)).status_code == 404
    for row in (offered, chosen):
        client.force_login(row.person)
        assert client.get(address("swap", row.pk)).status_code == 302
        assert SWAP not in client.get(MINE).content.decode()
    client.logout()
    assert client.get(address("swap", mine.pk)).status_code == 302
    assert everything() == before
    assert theirs.pk


# ---------------------------------------------------------------- answering
def test_one_tap_without_signing_in_changes_both_places(client):
    mine, theirs = two_places()
    runs_it = PersonFactory()
    type(mine.opportunity).objects.filter(pk=mine.opportunity_id).update(supervisor=runs_it)
    ask = asked(mine, theirs)
    sent = Message.objects.get(template="placement.swap_wanted")
    assert sent.person == theirs.person
    link = sent.context["link"]
    assert link in sent.body
    question = client.get(link).content.decode()
    assert "Yes, swap" in question
    assert mine.person.full_name not in question + sent.body

    done = client.post(link).content.decode()

    assert "Swapped" in done
    assert where() == {(mine.person_id, theirs.shift_id), (theirs.person_id, mine.shift_id)}
    assert (status_of(mine), status_of(theirs)) == ("withdrawn", "withdrawn")
    assert [e.action for e in history(ask.cover)] == ["asked for cover", "swapped"]
    assert history(mine).last().action == history(theirs).last().action == "swapped"
    assert (
        Message.objects.filter(person=runs_it, template="placement.changed_hands").count() == 1
    )
    confirmed = Message.objects.filter(template="placement.confirmed")
    assert {row.person_id for row in confirmed} == {mine.person_id, theirs.person_id}
    before = everything()
    assert client.post(link).status_code == 200
    assert everything() == before
    assert "the place is yours" in client.get(link).content.decode()


def test_on_the_page_it_is_asked_and_answered_too(client):
    mine, theirs = two_places()
    ask = asked(mine, theirs)
    client.force_login(theirs.person)
    shown = client.get(MINE).content.decode()
    assert ASKED_OF in shown
    assert mine.person.full_name not in shown

    answer = client.post(address("ask_accept", ask.pk), follow=True).content.decode()

    assert "Swapped" in answer
    assert ASKED_OF not in answer
    assert where() == {(mine.person_id, theirs.shift_id), (theirs.person_id, mine.shift_id)}


@pytest.mark.parametrize("by_link", [True, False])
def test_a_no_is_kept_and_nothing_else_changes(client, by_link):
    mine, theirs = two_places()
    ask = asked(mine, theirs)
    before = where()
    client.force_login(theirs.person)
    link = ask_link(ask, at=NOW()) + "?no=1"
    for _ in range(2):
        if by_link:
            client.logout()
            client.post(link)
        else:
            client.post(address("ask_decline", ask.pk))
    ask.refresh_from_db()
    assert ask.status == "declined"
    assert ask.answered_at is not None
    assert [entry.action for entry in history(ask)] == ["asked to swap", "said no"]
    assert where() == before
    assert Cover.objects.get().status == "open"
    assert commands.ask_around(cover_id=ask.cover_id, at=NOW()) == []
    client.force_login(theirs.person)
    assert ASKED_OF not in client.get(MINE).content.decode()
    assert "You have said no already" in client.get(link).content.decode()


def test_whoever_was_not_asked_cannot_answer(client):
    mine, theirs = two_places()
    ask = asked(mine, theirs)
    before = everything()
    for person in (mine.person, volunteer()):
        client.force_login(person)
        for name in ("ask_accept", "ask_decline"):
            assert client.post(address(name, ask.pk)).status_code == 404
            assert client.post(address(name, 0)).status_code == 404
        with pytest.raises(NotAllowed):
            commands.accept_ask(ask_id=ask.pk, by=person, at=NOW())
        with pytest.raises(NotAllowed):
            commands.decline_ask(ask_id=ask.pk, by=person, at=NOW())
    client.logout()
    assert client.post(address("ask_accept", ask.pk)).status_code == 302
    assert client.get(reverse("placement:asked", args=["x"])).status_code == 409
    assert everything() == before


def test_called_back_or_given_up_it_is_over_for_the_other(client):
    for ends in ("call back", "leave", "other leaves"):
        mine, theirs = two_places()
        ask = asked(mine, theirs)
        if ends == "call back":
            commands.call_back_cover(cover_id=ask.cover_id, by=mine.person, at=NOW())
        else:
            row = mine if ends == "leave" else theirs
            commands.withdraw(application_id=row.pk, by=row.person, at=NOW())
        before = everything()
        link = ask_link(ask, at=NOW())
        assert client.get(link).status_code == 409
        assert client.post(link).status_code == 409
        client.force_login(theirs.person)
        assert ASKED_OF not in client.get(MINE).content.decode()
        assert client.post(address("ask_accept", ask.pk)).status_code == 409
        assert everything() == before


def test_who_does_not_fit_the_other_shift_is_not_asked():
    mine, theirs = two_places()
    busy = shift_role(shift=ShiftFactory(starts_at=mine.shift.starts_at))
    application(person=theirs.person, role=busy)
    cover = commands.ask_for_cover(
        application_id=mine.pk, accepts=[theirs.shift_id], by=mine.person, at=NOW()
    )
    assert commands.ask_around(cover_id=cover.pk, at=NOW()) == []
    assert not Message.objects.filter(template="placement.swap_wanted").exists()


def test_who_wishes_no_messages_sees_it_on_the_page_alone(client):
    mine, theirs = two_places()
    VolunteerProfile.objects.filter(person=theirs.person).update(suggestions_a_week=0)
    ask = asked(mine, theirs)
    assert ask.told_at is None
    assert not Message.objects.filter(template="placement.swap_wanted").exists()
    client.force_login(theirs.person)
    assert ASKED_OF in client.get(MINE).content.decode()


def test_a_shift_offered_for_another_is_not_had_for_nothing():
    mine, theirs = two_places()
    ask = asked(mine, theirs)
    before = everything()
    with pytest.raises(commands.CannotCover, match="in exchange"):
        commands.take_cover(cover_id=ask.cover_id, by=volunteer(), at=NOW())
    assert everything() == before


def test_questions_do_not_grow_with_shifts_to_choose(client, django_assert_num_queries):
    mine, _theirs = two_places()
    client.force_login(mine.person)
    for days in (2, 3, 4, 5):
        application(role=later(mine.shift_role, days))
        client.get(address("swap", mine.pk))
        with django_assert_num_queries(9):
            client.get(address("swap", mine.pk))

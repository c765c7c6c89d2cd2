"""A plan names people as they were; read later, it knows under which record they are now."""

import pytest
from django.urls import reverse

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement import commands
from takatuf.placement.models import Application, Proposal
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.tests.factories import desk_person, manager_of
from takatuf.placement.tests.rounds import (
    NOW,
    agreed,
    asks,
    became,
    leaves,
    one_of_three,
    place,
    solved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def two_for_one_seat():
    """A round of one seat that two asked for; its proposal, and who has none."""
    role, people = place(seats=1), [agreed(), agreed()]
    for person in people:
        asks(person, role)
    row = solved()
    given = Proposal.objects.get()
    return row, role, given, next(each for each in people if each != given.person)


def shown(client, reader, name, *args) -> str:
    sign_in(client, reader)
    page = client.get(reverse(f"placement:{name}", args=args)).content.decode()
    return page.partition("<main")[2].partition("</main>")[0]


def test_whoever_took_part_under_another_record_reads_the_same_reason(client):
    row, role, _given, left = two_for_one_seat()
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    before = shown(client, left, "why_not_me", role.pk)
    assert "took more points than you have here" in before

    for _ in range(2):  # and where the record that stayed was given up in turn
        left = became(left)
        assert shown(client, left, "why_not_me", role.pk) == before


def test_the_one_who_would_be_next_is_named_and_explained_under_the_record_left(client):
    role, people = place(seats=1), [agreed(full_name="هند سالم"), agreed(full_name="ريم علي")]
    row, desk = solved(), desk_person()
    given = Proposal.objects.get().person
    left = became(next(each for each in people if each != given))
    Person.objects.filter(pk=left.pk).update(full_name="نوف حمد")

    assert "نوف" in shown(client, desk, "round_place", row.pk, role.pk)
    why = shown(client, desk, "round_why", row.pk, role.pk, left.ref)
    assert "takes no part" not in why
    assert "points" in why


def test_the_line_keeps_its_order(client):
    row, role, given, left = two_for_one_seat()
    left = became(left)

    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())

    waiting = Application.objects.get(person=left, shift_role=role)
    assert waiting.status == "waiting"
    assert waiting.line_points > 0
    assert given.person != left


def test_whoever_withdrew_is_not_asked_again_under_the_record_left():
    role, people = place(seats=1), [agreed() for _ in range(2)]
    row = solved()
    given = Proposal.objects.get()
    left = became(next(each for each in people if each != given.person))
    [asked] = commands.apply(person=left, shift_role_ids=[role.pk], by=left, at=NOW())
    commands.withdraw(application_id=asked.pk, by=left, at=NOW())

    manager = manager_of(role.shift.opportunity.body)
    commands.reject_proposal(proposal_id=given.pk, reason="لا", by=manager, at=NOW())
    run_jobs()

    assert not Proposal.objects.filter(person=left).exists()
    assert faults_of(row) == []


def test_the_next_by_the_round_s_order_is_asked_under_the_record_left():
    row, _role, first = one_of_three()
    others = Person.objects.filter(volunteer__isnull=False).exclude(pk=first.person_id)
    people = [became(person) for person in list(others)]
    leaves(first)
    run_jobs()

    assert Application.objects.get(status="offered").person in people
    assert faults_of(row) == []

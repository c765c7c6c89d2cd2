"""Who is not to come when a seat passes on: whoever left, refused or was silent, nobody else."""

import pytest
from django.utils import timezone

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import OpportunityRole
from takatuf.placement import commands
from takatuf.placement.models import Application
from takatuf.placement.rounds.standing import standing_of
from takatuf.placement.tests.factories import manager_of, shift_role, volunteer
from takatuf.placement.tests.rounds import (
    agreed,
    approved,
    asks,
    leaves,
    place,
    proposed,
    solved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def barred(row) -> set[tuple[int, int]]:
    """(person, shift role) of what is not to come."""
    found = standing_of(row, at=NOW())
    pairs = found.barred.nonzero()[0]
    return {
        (
            found.stored.person_of(int(found.instance.pair_agent[pair])),
            int(found.stored.role_key[found.instance.pair_role[pair]]),
        )
        for pair in pairs
    }


# ---------------------------------------------------------------- one place
@pytest.mark.parametrize("again", [True, False])
def test_who_withdrew_and_asked_again_before_the_round_comes_next(again):
    role = place(seats=1)
    people = [volunteer() for _ in range(2)]
    for person in people:
        first = asks(person, role)
        if again:
            leaves(first)
            asks(person, role)
    row = solved()
    [made] = approved(row)
    leaves(made)
    run_jobs()

    [offered] = Application.objects.filter(status="offered")
    assert offered.person_id != made.person_id


def test_who_withdrew_since_and_did_not_ask_again_is_barred():
    role = place(seats=1)
    rows = {row.person_id: row for row in (asks(volunteer(), role) for _ in range(2))}
    row = solved()
    [made] = approved(row)
    [other] = rows.keys() - {made.person_id}
    leaves(rows[other])
    assert barred(row) == {(other, role.pk)}

    asks(rows[other].person, role)
    assert barred(row) == set()


def test_who_asks_for_another_role_of_the_shift_meanwhile_means_that_one():
    one = place(seats=1)
    second = OpportunityRole.objects.create(opportunity=one.shift.opportunity, title="منسق")
    other = shift_role(shift=one.shift, role=second, seats=1)
    people = [agreed() for _ in range(3)]
    row = solved()
    [left] = {p.pk for p in people} - {person for person, _role in proposed(row)}

    asks(next(p for p in people if p.pk == left), other)

    assert barred(row) == {(left, one.pk)}


# ---------------------------------------------------------------- a week
def two_at_once():
    """Two places at one hour, two people; who has which, confirmed."""
    roles, _people = [place(10, seats=1) for _ in range(2)], [agreed(), agreed()]
    row = solved()
    made = {each.shift_role_id: each for each in approved(row)}
    for each in made.values():
        commands.confirm_place(application_id=each.pk, by=each.person, at=NOW())
    return row, *(Application.objects.get(pk=made[role.pk].pk) for role in roles)


def test_whose_shift_the_body_called_off_may_come_elsewhere_in_that_week():
    row, off, left = two_at_once()
    opportunities.cancel_shift(
        shift_id=off.shift_id, reason="عاصفة", by=manager_of(off.opportunity.body), at=NOW()
    )
    run_jobs()
    assert (off.person_id, left.shift_role_id) not in barred(row)

    leaves(left)
    run_jobs()

    [offered] = Application.objects.filter(status="offered")
    assert (offered.person_id, offered.shift_role_id) == (off.person_id, left.shift_role_id)


def test_whose_place_somebody_covers_is_barred_from_that_place_alone():
    row, covered, other = two_at_once()
    cover = commands.ask_for_cover(application_id=covered.pk, by=covered.person, at=NOW())
    commands.take_cover(cover_id=cover.pk, by=volunteer(), at=NOW())
    assert barred(row) == {(covered.person_id, covered.shift_role_id)}
    assert other.pk


def test_who_leaves_is_not_asked_for_another_place_of_that_week():
    row, left, other = two_at_once()
    leaves(left)
    assert barred(row) == {
        (left.person_id, left.shift_role_id), (left.person_id, other.shift_role_id)
    }  # fmt: skip


def test_neither_is_who_lets_an_offer_lapse():
    role, other = place(10, seats=1), place(10, seats=1)
    agreed()
    row = solved()
    [silent] = approved(row)
    commands.expire_offers(at=silent.offer_expires_at)
    assert barred(row) == {(silent.person_id, role.pk), (silent.person_id, other.pk)}

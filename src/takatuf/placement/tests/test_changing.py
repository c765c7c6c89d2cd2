"""Another shift instead of the one a person has."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import WrongState
from takatuf.opportunities.enums import Way
from takatuf.placement import commands
from takatuf.placement.links import answer_link
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    manager_of,
    shift_role,
    volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def another(role, *, days=1, seats=2):
    """The same role in a later shift of the same opportunity."""
    later = ShiftFactory(
        opportunity=role.shift.opportunity,
        starts_at=role.shift.starts_at + timedelta(days=days),
    )
    return shift_role(seats=seats, shift=later, role=role.role)


def standing(person):
    rows = Application.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("shift_role_id", "status"))


def taken(*roles):
    for role in roles:
        role.refresh_from_db()
    return [role.taken for role in roles]


def test_one_step_takes_the_other_seat_and_passes_the_old_one_on():
    here = shift_role(seats=1)
    there = another(here)
    mine = application(role=here)
    waits = application(role=here, status="waiting")

    new = commands.change_place(
        application_id=mine.pk, shift_role_id=there.pk, by=mine.person, at=timezone.now()
    )

    assert (new.status, new.shift_role_id) == ("confirmed", there.pk)
    assert standing(mine.person) == [(here.pk, "withdrawn"), (there.pk, "confirmed")]
    assert standing(waits.person) == [(here.pk, "offered")]
    assert taken(here, there) == [1, 1]


def test_changing_twice_is_changing_once():
    here = shift_role()
    there = another(here)
    mine = application(role=here)
    for _time in range(2):
        commands.change_place(
            application_id=mine.pk, shift_role_id=there.pk, by=mine.person, at=timezone.now()
        )

    assert standing(mine.person) == [(here.pk, "withdrawn"), (there.pk, "confirmed")]
    assert taken(here, there) == [0, 1]


@pytest.mark.parametrize(
    "why", ["full", "begun", "another opportunity", "unknown", "by request", "in line there"]
)
def test_what_is_not_offered_cannot_be_had_and_nothing_changes(why):
    here = shift_role(way=Way.BY_REQUEST if why == "by request" else Way.OPEN)
    there = another(here, seats=1, days=-30 if why == "begun" else 1)
    mine = application(role=here)
    if why == "full":
        application(role=there)
    if why == "in line there":
        application(role=there, person=mine.person, status="waiting")
    wanted = {"another opportunity": shift_role().pk, "unknown": 10**9}.get(why, there.pk)
    before = standing(mine.person), taken(here, there)

    with pytest.raises(commands.NotThere):
        commands.change_place(
            application_id=mine.pk, shift_role_id=wanted, by=mine.person, at=timezone.now()
        )

    assert (standing(mine.person), taken(here, there)) == before


def test_a_clash_elsewhere_keeps_the_place_as_it_is():
    here = shift_role()
    there = another(here)
    mine = application(role=here)
    application(person=mine.person, role=shift_role(shift=ShiftFactory(
        starts_at=there.shift.starts_at, ends_at=there.shift.ends_at
    )))  # fmt: skip

    with pytest.raises(commands.NotEligible):
        commands.change_place(
            application_id=mine.pk, shift_role_id=there.pk, by=mine.person, at=timezone.now()
        )

    mine.refresh_from_db()
    assert (mine.status, taken(here, there)) == ("confirmed", [1, 0])


@pytest.mark.parametrize("status", ["applied", "waiting", "withdrawn", "expired"])
def test_only_who_holds_a_seat_changes_it(status):
    here = shift_role()
    there = another(here)
    mine = application(role=here, status=status)

    with pytest.raises(WrongState):
        commands.change_place(
            application_id=mine.pk, shift_role_id=there.pk, by=mine.person, at=timezone.now()
        )

    assert standing(mine.person) == [(here.pk, status)]


def test_nobody_changes_somebody_elses_place():
    here = shift_role()
    there = another(here)
    mine = application(role=here)
    for other in (volunteer(), manager_of(here.shift.opportunity.body)):
        with pytest.raises(NotAllowed):
            commands.change_place(
                application_id=mine.pk, shift_role_id=there.pk, by=other, at=timezone.now()
            )
    assert standing(mine.person) == [(here.pk, "confirmed")]


def test_whoever_was_moved_may_choose_anew_by_the_link_alone(client):
    here = shift_role(way=Way.BY_REQUEST)
    there = another(here)
    mine = application(
        role=here, status="offered", origin="moved",
    )  # fmt: skip
    link = answer_link(mine, at=timezone.now())

    page = client.get(link).content.decode()
    assert f'name="choice" value="{there.pk}"' in page
    answer = client.post(link, {"choice": there.pk})

    assert answer.status_code == 200
    assert "لك مكان يوم" in answer.content.decode()
    assert standing(mine.person) == [(here.pk, "withdrawn"), (there.pk, "confirmed")]


@pytest.mark.parametrize("choice", ["x", "-1", "9" * 30, "١"])
def test_a_bent_choice_gets_a_sentence(client, choice):
    mine = application()
    answer = client.post(answer_link(mine, at=timezone.now()), {"choice": choice})

    assert answer.status_code == 409
    assert "لا يمكن الانتقال إلى هذه المناوبة" in answer.content.decode()
    assert standing(mine.person) == [(mine.shift_role_id, "confirmed")]

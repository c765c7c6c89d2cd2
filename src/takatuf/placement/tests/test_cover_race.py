"""A place to cover goes to exactly one of those who say yes at once, on both engines."""

import pytest
from django.utils import timezone

from takatuf.kernel.errors import DomainError
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.models import Application, Cover
from takatuf.placement.tests.factories import application, shift_role, volunteer
from takatuf.placement.tests.test_race import crowd

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 10


def looking() -> Cover:
    place = application(role=shift_role(seats=1))
    return commands.ask_for_cover(
        application_id=place.pk, by=place.person, at=timezone.now()
    )  # fmt: skip


def test_exactly_one_has_the_place_and_the_others_are_told_so():
    cover, refused = looking(), []
    people = [volunteer() for _ in range(PEOPLE)]

    def take(person, pk):
        try:
            commands.take_cover(cover_id=pk, by=person, at=timezone.now())
        except DomainError as refusal:
            refused.append(str(refusal))

    crowd(people, cover.pk, join=take)

    [place] = Application.objects.filter(status="confirmed")
    cover.refresh_from_db()
    assert (cover.status, cover.taken_id) == ("taken", place.pk)
    assert len(refused) == PEOPLE - 1
    assert ShiftRole.objects.get().taken == 1
    assert Application.objects.count() == 2


def test_calling_back_and_taking_at_once_is_one_of_the_two():
    cover = looking()
    owner, other = cover.application.person, volunteer()

    def act(person, pk):
        try:
            if person == owner:
                commands.call_back_cover(cover_id=pk, by=person, at=timezone.now())
            else:
                commands.take_cover(cover_id=pk, by=person, at=timezone.now())
        except DomainError:
            pass

    crowd([owner, other], cover.pk, join=act)

    cover.refresh_from_db()
    [place] = Application.objects.filter(status="confirmed")
    assert cover.status in ("taken", "back")
    assert place.person == (other if cover.status == "taken" else owner)

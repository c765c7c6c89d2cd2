"""A place ticked present, on its person's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.placement.tests.factories import ShiftFactory, application, shift_role, volunteer

pytestmark = pytest.mark.django_db


def test_whoever_is_ticked_present_has_it_before_them_until_the_shift_ends(client):
    person, hour = volunteer(), timedelta(hours=1)
    over, goes_on = (
        application(person=person, status="attended", role=shift_role(
            shift=ShiftFactory(starts_at=timezone.now() + ends - 2 * hour, ends_at=timezone.now() + ends)))
        for ends in (-hour, hour)
    )  # fmt: skip
    client.force_login(person)
    shown = client.get(reverse("placement:mine")).context
    assert (shown["places"], shown["past"]) == ([goes_on], [over])

"""How many suggestions a volunteer wishes: said on the profile, held to by the database."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.registries import personal_fields
from takatuf.registry.enums import MOST_SUGGESTIONS
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import VolunteerFactory

pytestmark = pytest.mark.django_db


def save(client, profile, number):
    return client.post(reverse("registry:profile_edit"), {
        "governorate": profile.governorate_id, "reach_km": "30", "weekly_hours": "8",
        "suggestions_a_week": number,
    })  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), [("0", 0), ("٧", 7), (str(MOST_SUGGESTIONS), 20)])
def test_five_unless_said_otherwise_and_none_is_an_answer(client, typed, kept):
    profile = VolunteerFactory()
    assert profile.suggestions_a_week == 5
    sign_in(client, profile.person)

    assert save(client, profile, typed).status_code == 302

    profile.refresh_from_db()
    assert profile.suggestions_a_week == kept
    shown = client.get("/en/me/profile/").content.decode()
    assert ("a week at most" in shown) is (kept > 0)


@pytest.mark.parametrize("typed", ["", "-1", "21", "many", "99999999999999999999"])
def test_what_makes_no_sense_is_said_and_nothing_is_kept(client, typed):
    profile = VolunteerFactory()
    sign_in(client, profile.person)
    answer = save(client, profile, typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"suggestions_a_week"}
    profile.refresh_from_db()
    assert (profile.suggestions_a_week, profile.reach_km) == (5, VolunteerFactory().reach_km)


@pytest.mark.parametrize("number", [-1, MOST_SUGGESTIONS + 1])
def test_the_database_itself_refuses_it(number):
    profile = VolunteerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        VolunteerProfile.objects.filter(pk=profile.pk).update(suggestions_a_week=number)


def test_the_own_copy_says_it_and_erasure_takes_it_with_the_profile():
    profile = VolunteerFactory(suggestions_a_week=2)
    field = personal_fields["registry.VolunteerProfile.suggestions_a_week"]
    assert field.export(profile.person) == "2"
    assert field.erase == "delete_row"

"""Whom an import brought, coming in for the first time."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from takatuf.accounts import policies
from takatuf.accounts.tests import factories
from takatuf.accounts.tests.test_entrance import enter
from takatuf.kernel.models import Transition
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db


def listed(**given):
    """Somebody an import brought, who signs in for the first time."""
    return factories.person(
        birth_date_basis="sheet", email_verified=False, phone_verified=False, **given
    )


def test_whom_a_list_brought_is_asked_first_and_sees_what_the_list_said(client, last_code):
    known = listed(email="listed@example.org", full_name="سارة العطوي")

    response = enter(client, "listed@example.org", last_code)

    assert response.url == reverse("join_name")
    page = client.get(response.url)
    assert page.context["form"].initial["birth_date"] == known.birth_date
    assert page.context["suggested"]
    assert client.get(reverse("my_birth_date")).url == reverse("join_name")


def test_the_first_name_a_list_brought_is_completed_at_the_entrance(client):
    known = listed(full_name="سارة")
    factories.sign_in(client, known, methods=["code"])

    response = client.post(
        reverse("join_name"), {"full_name": "سارة", "birth_date": known.birth_date}
    )

    known.refresh_from_db()
    assert response.context["form"].errors["full_name"]
    assert known.birth_date_basis == "sheet"


def test_until_they_say_so_the_lists_adult_counts_as_nobodys_age():
    known = listed()
    at = datetime(2026, 11, 23, tzinfo=UTC)

    assert known.age(on=at.date()) is None
    assert known.is_minor(on=at.date())
    assert not policies.may_join_activities(known, at)


def test_what_they_say_counts_and_the_lists_words_stay_in_the_history(client):
    known = listed(full_name="ساره", birth_date=date(1995, 5, 5))
    factories.sign_in(client, known, methods=["code"])

    client.post(reverse("join_name"), {"full_name": "سارة العطوي", "birth_date": "1996-06-06"})

    known.refresh_from_db()
    assert (known.birth_date.isoformat(), known.birth_date_basis) == ("1996-06-06", "said")
    assert policies.may_join_activities(known, datetime(2026, 11, 23, tzinfo=UTC))
    assert list(history(known))[-1].note.changes == {
        "full_name": ["ساره", "سارة العطوي"],
        "birth_date": ["1995-05-05", "1996-06-06"],
        "birth_date_basis": ["sheet", "said"],
    }


def test_the_lists_adult_who_says_they_are_a_minor_needs_a_guardian(client):
    known = listed()
    factories.sign_in(client, known, methods=["code"])

    response = client.post(
        reverse("join_name"), {"full_name": "سالم العطوي", "birth_date": "2012-01-01"}
    )

    assert response.url == reverse("join_guardian")
    known.refresh_from_db()
    assert not policies.may_join_activities(known, datetime(2026, 11, 23, tzinfo=UTC))


def test_the_lists_minor_does_not_make_themself_an_adult(client):
    known = listed(full_name="سالم", birth_date=date(2012, 1, 1))
    factories.sign_in(client, known, methods=["code"])

    response = client.post(
        reverse("join_name"), {"full_name": "خالد العطوي", "birth_date": "1990-01-01"}
    )

    assert response.status_code == 409
    assert response.context["form"].errors["birth_date"]
    known.refresh_from_db()
    assert (known.full_name, known.birth_date.isoformat(), known.birth_date_basis) == (
        "سالم", "2012-01-01", "sheet",
    )  # fmt: skip
    assert not Transition.objects.filter(action="named").exists()

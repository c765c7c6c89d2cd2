"""The desk answers what was reported, on the need's own page."""

import pytest
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Message
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NeedFactory, desk_person, every_need
from takatuf.registry.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    sign_in(client, desk_person())
    return client


def decide(client, need, **data):
    return client.post(reverse("needs:decide", args=[need.code]), data)


def test_the_desk_validates_merges_and_refuses_through_the_page(desk):
    into = NeedFactory(validated=True)
    first, second, third = (NeedFactory(reporter=PersonFactory()) for _ in range(3))

    decide(desk, first, answer="validate", people_estimate="٣٠", estimate_basis="زيارة")
    decide(desk, second, answer="merge", into=into.pk)
    decide(desk, third, answer="reject", words="خارج النطاق")

    states = [Need.objects.get(pk=need.pk).status for need in (first, second, third)]
    assert states == ["validated", "merged", "rejected"]
    assert Need.objects.get(pk=first.pk).people_estimate == 30
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "answer"),
        ({"answer": "magic"}, "answer"),
        ({"answer": "merge"}, "into"),
        ({"answer": "merge", "into": "99999"}, "into"),
        ({"answer": "reject"}, "words"),
        ({"answer": "validate", "people_estimate": "7"}, "estimate_basis"),
    ],
)
def test_an_unclear_answer_is_shown_in_place_and_changes_nothing(desk, data, field):
    need = NeedFactory()
    before = every_need()

    page = decide(desk, need, **data)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert every_need() == before


def test_an_answer_that_came_too_late_is_told_in_place(desk):
    need = NeedFactory(validated=True)

    page = decide(desk, need, answer="reject", words="سبب")

    assert page.status_code == 422
    assert page.context["form"].non_field_errors()

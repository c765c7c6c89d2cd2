"""Pause, close, cancel, decide: who may, what it answers, and who may not."""

import pytest
from django.test import Client
from django.utils import timezone

from takatuf.accounts.tests.factories import signed_in
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.opportunities import commands
from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.tests.factories import draft, manager_of, soon
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("pause", "paused"),
        ("reconfirm", "published"),
        ("close", "closed"),
        ("cancel", "cancelled"),
    ],
)
def test_each_act_of_the_unit(act, status):
    made = soon()
    client = signed_in(manager_of(made.body))

    answer = client.post(f"/studio/{made.code}/act/{act}/", {"reason": "سبب"})

    made.refresh_from_db()
    assert answer.status_code == 302
    assert made.status == status


def test_a_refused_act_is_explained_in_place():
    made = soon()
    client = signed_in(manager_of(made.body))

    answer = client.post(f"/studio/{made.code}/act/cancel/", {"reason": ""})

    made.refresh_from_db()
    assert answer.status_code == 409
    assert made.status == OpportunityStatus.PUBLISHED
    assert client.post(f"/studio/{made.code}/act/explode/").status_code == 404


def test_a_reviewer_of_the_desk_decides():
    desk = BodyFactory(desk=True)
    made = draft(title="متطوعين", tasks=[], training="")
    manager, colleague = manager_of(made.body), manager_of(made.body)
    who = manager_of(desk, "reviewer")
    manager_of(desk, "desk")
    commands.submit(opportunity_id=made.pk, by=manager, at=timezone.now())
    run_jobs()
    told = Message.objects.filter(template="registry.office_news")
    assert [one.person for one in told] == [who]
    reviewer = signed_in(who)

    assert made.code in reviewer.get("/studio/review/").content.decode()
    assert reviewer.get(f"/studio/{made.code}/").status_code == 200
    reviewer.post(f"/studio/{made.code}/act/return/", {"reason": "وضح المهام"})

    made.refresh_from_db()
    assert made.status == OpportunityStatus.RETURNED
    heard = Message.objects.filter(template="opportunities.returned").order_by("person_id")
    assert [one.person for one in heard] == [manager, colleague]


# ---------------------------------------------------------------- who may
PAGES = [
    ("get", "/studio/{code}/", 404), ("get", "/studio/{code}/preview/", 404),
    ("get", "/studio/{code}/design/work/", 404), ("post", "/studio/{code}/design/work/", 404),
    ("post", "/studio/{code}/submit/", 404), ("post", "/studio/{code}/act/cancel/", 404),
    ("post", "/studio/{code}/roles/", 404), ("post", "/studio/{code}/shifts/", 404),
    ("get", "/studio/", 403), ("get", "/studio/new/", 403), ("get", "/studio/review/", 403),
]  # fmt: skip


@pytest.mark.parametrize(("method", "page", "status"), PAGES)
@pytest.mark.parametrize("who", ["visitor", "volunteer", "manager of another body"])
def test_strangers_learn_nothing_and_change_nothing(made, method, page, status, who):
    person = manager_of(BodyFactory()) if "manager" in who else PersonFactory()
    client = Client() if who == "visitor" else signed_in(person)
    before = Opportunity.objects.values().get(pk=made.pk)

    answer = getattr(client, method)(page.format(code=made.code), {"reason": "س"})

    own_pages = {"/studio/", "/studio/new/"}
    expected = (
        302 if who == "visitor" else 200 if "manager" in who and page in own_pages else status
    )
    assert answer.status_code == expected
    assert Opportunity.objects.values().get(pk=made.pk) == before


@pytest.mark.parametrize("act", ["pause", "cancel", "publish", "return", "close"])
def test_a_published_one_is_not_a_strangers_to_change(act):
    made = soon()
    client = signed_in(manager_of(BodyFactory()))

    answer = client.post(f"/studio/{made.code}/act/{act}/", {"reason": "س"})

    made.refresh_from_db()
    assert answer.status_code == 403
    assert made.status == OpportunityStatus.PUBLISHED

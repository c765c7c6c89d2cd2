import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from takatuf.opportunities import policies, queries
from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.tests.factories import NOW, OpportunityFactory, manager_of
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db
WHO = ["visitor", "volunteer", "manager", "head", "other manager", "desk", "reviewer", "auditor",
       "reviewer of another body"]  # fmt: skip


@pytest.fixture
def people():
    desk, own = BodyFactory(desk=True), BodyFactory()
    return own, {
        "visitor": AnonymousUser(),
        "volunteer": PersonFactory(),
        "manager": manager_of(own),
        "head": manager_of(own, "body_head"),
        "other manager": manager_of(BodyFactory()),
        "desk": manager_of(desk, "desk"),
        "reviewer": manager_of(desk, "reviewer"),
        "auditor": manager_of(desk, "auditor"),
        "reviewer of another body": manager_of(BodyFactory(), "reviewer"),
    }


def made(body, status, **fields) -> Opportunity:
    shown = {"submitted_at": NOW, "submitted_by": PersonFactory(), "published_at": NOW,
             "reconfirm_by": NOW.date(), "closed_at": NOW,
             "intake_paused": status == OpportunityStatus.PAUSED}  # fmt: skip
    return OpportunityFactory(
        body=body, status=status, **({} if status == "draft" else shown), **fields
    )


RUN = {"manager", "head"}
TABLE = [
    (policies.may_manage, "draft", RUN),
    (policies.may_manage, "published", RUN),
    (policies.may_edit, "draft", RUN),
    (policies.may_edit, "returned", RUN),
    (policies.may_edit, "published", RUN),
    (policies.may_edit, "in_review", set()),
    (policies.may_edit, "closed", set()),
    (policies.may_edit, "cancelled", set()),
    (policies.may_submit, "draft", RUN),
    (policies.may_submit, "returned", RUN),
    (policies.may_submit, "published", set()),
    (policies.may_review, "in_review", {"desk", "reviewer"}),
    (policies.may_review, "draft", set()),
    (policies.may_review, "published", set()),
    (policies.may_see_history, "published", RUN | {"desk", "auditor"}),
]


@pytest.mark.parametrize(("may", "status", "allowed"), TABLE)
def test_who_may(people, may, status, allowed):
    body, everybody = people
    opportunity = made(body, status)

    assert {who for who in WHO if may(everybody[who], opportunity)} == allowed


SEES = [
    ("draft", RUN),
    ("returned", RUN | {"desk", "auditor"}),
    ("in_review", RUN | {"desk", "auditor", "reviewer"}),
    ("published", set(WHO)),
    ("paused", set(WHO)),
    ("running", set(WHO)),
    ("closed", set(WHO)),
    ("cancelled", set(WHO)),
]


@pytest.mark.parametrize(("status", "allowed"), SEES)
def test_who_may_know_of_it(people, status, allowed):
    body, everybody = people
    opportunity = made(body, status)

    def sees(who: str) -> bool:
        try:
            queries.opportunity_visible_to(everybody[who], opportunity.code)
        except Http404:
            return False
        return True

    assert {who for who in WHO if sees(who)} == allowed
    for who in WHO:
        rows = queries.opportunities_visible_to(everybody[who])
        assert rows.filter(pk=opportunity.pk).exists() == (who in allowed)


def test_a_discarded_draft_was_never_anybodys_to_see(people):
    body, everybody = people
    gone = OpportunityFactory(body=body, status="cancelled", closed_at=NOW)

    with pytest.raises(Http404):
        queries.opportunity_visible_to(everybody["visitor"], gone.code)
    assert queries.opportunity_visible_to(everybody["manager"], gone.code) == gone


def test_nobody_reviews_what_they_made_or_handed_in(people):
    body, everybody = people
    reviewer = everybody["reviewer"]

    assert not policies.may_review(reviewer, made(body, "in_review", created_by=reviewer))


def test_a_missing_code_looks_like_a_strangers_draft(people):
    with pytest.raises(Http404):
        queries.opportunity_visible_to(people[1]["visitor"], "NOSUCH")


def test_who_may_see_the_review_queue(people):
    _body, everybody = people

    assert {who for who in WHO if policies.may_see_queue(everybody[who])} == {
        "desk",
        "reviewer",
    }

"""What needs tell the rest of the house: the search, the desk, the figures, a body."""

import pytest
from django.urls import reverse

from takatuf.kernel import search
from takatuf.needs import contributions, queries
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_person, manager_of
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


def test_the_search_table_can_be_made_again():
    NeedFactory(validated=True, title="إنارة الممشى البحري")
    NeedFactory()

    search.rebuild()

    assert [row.url for row in search.find("الممشى", kinds=["need"]).items] == [
        f"/needs/{Need.objects.get(status='validated').code}/"
    ]


def test_the_desk_finds_what_waits_in_its_queue_and_nobody_else_does():
    NeedFactory()
    desk, manager = desk_person(), manager_of(BodyFactory())

    items = contributions.reported_needs(desk, list(desk.offices.select_related("body")), NOW)
    assert [item.url for item in items] == [reverse("needs:queue")]
    assert contributions.reported_needs(manager, list(manager.offices.all()), NOW) == []


def test_figures_count_open_needs_and_the_people_served():
    umluj = GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    NeedFactory(validated=True, people_estimate=100, people_served=150, estimate_basis="x")
    NeedFactory(status="in_plan", decided_at=NOW, people_estimate=300, governorate=umluj)
    NeedFactory(validated=True)
    NeedFactory()

    assert contributions._open_needs(NOW) == {"tabuk": 1, "umluj": 1, "": 2}
    assert contributions._needs_waiting(NOW) == {"tabuk": 1, "": 1}
    shares = {scope: float(share) for scope, share in queries.covered_share(NOW).items()}
    assert shares == {"tabuk": 1.0, "umluj": 0.0, "": 0.25}


def test_a_share_of_nothing_is_not_zero():
    NeedFactory(validated=True)
    assert queries.covered_share(NOW) == {}


def test_a_body_sees_what_it_can_answer_its_own_fields_first():
    body = BodyFactory()
    other = NeedFactory(validated=True, urgency=3, field=FieldFactory(code="other"))
    NeedFactory(validated=True, people_estimate=10, people_served=10)
    NeedFactory(validated=True, governorate=GovernorateFactory(code="umluj", name_ar="أ"))
    near = NeedFactory(validated=True, urgency=1)
    body.opportunities.create(
        code="OPP1", title="x", field=near.field, created_by=PersonFactory(), created_at=NOW
    )

    assert queries.answerable_by(body) == [near, other]

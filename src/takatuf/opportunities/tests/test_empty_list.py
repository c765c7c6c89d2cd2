"""Where nothing fits, the list leads on: what is near, and a wish to be told."""

import pytest
from django.urls import reverse

from takatuf.opportunities.tests.factories import soon
from takatuf.registry.tests.factories import GovernorateFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["", "?place=nowhere&accessible=1", "?q=زززز", "?after=zzz", "?sort=%00&q=%00"]
)
def test_an_empty_list_offers_a_way_on(client, query):
    response = client.get(f"/opportunities/{query}")

    assert response.status_code == 200
    assert reverse("opportunities:wish") in response.content.decode()


def test_what_is_near_is_called_what_it_is(client):
    soon(accessible=True)
    soon()

    def page(query: str) -> str:
        return client.get(f"/en/opportunities/{query}").content.decode()

    assert "2 other opportunities are open now." in page("?place=nowhere")
    assert "1 opportunity fits, leaving out: Place." in page("?place=nowhere&accessible=1")


def governorate(code: str, name: str, north: str, east: str):
    return GovernorateFactory(
        code=code, name_ar=name, name_en=name, latitude=north, longitude=east
    )


def test_an_empty_governorate_names_the_nearest_that_has_some(
    client, django_assert_num_queries
):
    """By the way between their centres, not by how many there are; the other filters stay."""
    governorate("umluj", "Umluj", "25.0210", "37.2680")
    near = governorate("al-wajh", "Al-Wajh", "26.2455", "36.4525")
    far = governorate("haql", "Haql", "29.2860", "34.9390")
    governorate("tayma", "Tayma", "27.6300", "38.4800")
    for place, number in ((near, 2), (far, 5)):
        for _each in range(number):
            soon(governorate=place, accessible=True)
    soon(governorate=near)
    soon(governorate=None, mode="remote", accessible=True)

    with django_assert_num_queries(5):  # the list's, and the centres
        shown = client.get("/en/opportunities/?place=umluj&accessible=1").content.decode()

    assert "The nearest are in Al-Wajh: 2 opportunities" in shown
    assert 'href="?place=al-wajh&amp;accessible=1"' in shown
    assert "leaving out" not in shown
    there = client.get("/en/opportunities/?place=al-wajh&accessible=1").content.decode()
    assert there.count('class="card opp"') == 2
    both = client.get("/en/opportunities/?place=umluj&place=tayma&minors=1").content.decode()
    assert "nearest are in" not in both

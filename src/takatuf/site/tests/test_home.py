"""The first page: what it says, what it costs, and that it mixes no figures."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.queries import card_of
from takatuf.registry import queries as registry
from takatuf.registry.tests.factories import BodyFactory, GovernorateFactory, OfficeFactory
from takatuf.site import commands
from takatuf.site.models import FigureReading
from takatuf.site.tests.factories import listed, region

pytestmark = pytest.mark.django_db
LARGEST = 40 * 1024


def home(client, prefix=""):
    response = client.get(f"{prefix}/")
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_empty_region_has_a_whole_page(client, prefix):
    page = home(client, prefix).content.decode()

    assert reverse("needs:report") in page
    assert reverse("registry:body_new") in page


def test_a_visitor_never_waits_for_the_figures_to_be_counted(client):
    region(size=2)

    page = home(client, "/en")

    assert not FigureReading.objects.exists()
    assert "The figures are being counted" in page.content.decode()
    # The map says what the list knows.
    assert {spot.code: spot.amount for spot in page.context["page"].places if spot.amount} == {
        "tabuk": 2, "umluj": 2,
    }  # fmt: skip


@pytest.mark.parametrize("size", [1, 30])
def test_it_takes_six_queries_and_forty_kilobytes_at_any_size(
    client, django_assert_max_num_queries, size
):
    region(size=size)
    commands.count_figures(at=timezone.now())

    with django_assert_max_num_queries(6):
        page = home(client)

    assert len(page.content) <= LARGEST
    assert len(page.context["page"].rows) == min(2 * size, 6)


def test_figures_are_those_counted_with_their_moment(client):
    region(size=3)
    at = timezone.now()
    commands.count_figures(at=at)
    listed(governorate=GovernorateFactory())

    page = home(client)

    assert page.context["fig"]["open_opportunities"].value == 6
    assert page.context["counted_at"] == at
    assert reverse("site:figures") in page.content.decode()


def test_the_map_leads_to_the_filtered_list_and_stands_as_a_table_too(client):
    region(size=2)
    html = home(client).content.decode()

    svg = html[
        html.index('<svg class="region-map"') : html.index("</svg>", html.index("region-map"))
    ]
    assert set(re.findall(r"\?place=([\w-]+)", svg)) == {"tabuk", "umluj"}
    table = html[html.index("map-table") : html.index("</table>", html.index("map-table"))]
    assert set(re.findall(r"\?place=([\w-]+)", table)) == {"tabuk", "umluj"}
    assert "style=" not in svg


def test_cards_are_the_soonest_ones_and_needs_the_least_covered(client):
    region(size=1)
    later = listed(number=8, governorate=GovernorateFactory())
    NeedFactory(validated=True, people_estimate=10, people_served=10, title="مغطى كله")
    NeedFactory(validated=True, people_estimate=10, people_served=1, title="بقي أكثره")

    page = home(client)

    cards = [card_of(row) for row in page.context["page"].rows]
    starts = [card.next_start for card in cards]
    assert starts == sorted(starts)
    assert later[-1].shift.opportunity.code not in {card.code for card in cards}
    assert [need.coverage for need in page.context["page"].needs] == [0, 0, 10, 100]


def test_published_figures_stand_apart_with_year_and_source_and_are_never_ours(client):
    region(size=1)
    html = home(client).content.decode()
    section = html[html.index('id="published"') :]

    for figure in registry.region_figures():
        assert figure.number in section
        assert figure.period_words in section
    assert registry.region_figures()[0].sources[0].title in section
    ours = html[html.index('id="now"') : html.index('id="soon"')]
    assert not any(figure.number in ours for figure in registry.region_figures())


def test_recommendations_are_told_as_announced_and_a_state_only_where_known(client):
    html = home(client).content.decode()
    told = registry.announced_recommendations()

    for each in told[:4]:
        assert each.text in html
    assert html.count("كما أُعلنت") >= 4
    assert html.count(told[1].status) <= html.count("لم يُنشر")


def test_a_unit_is_led_to_the_studio(client):
    assert reverse("opportunities:start") not in home(client).content.decode()
    sign_in(client, OfficeFactory().person)
    assert reverse("opportunities:start") in home(client).content.decode()


@override_settings(DEMO=True)
def test_demo_figures_say_so(client):
    assert "بيانات تجريبية" in home(client).content.decode()


def test_a_change_shows_at_once(client):
    place = listed(governorate=GovernorateFactory())[0]
    code = place.shift.opportunity.code
    assert code in home(client).content.decode()

    Opportunity.objects.filter(code=code).update(listed=False)

    assert code not in home(client).content.decode()


def test_hostile_names_stay_words(client):
    xss = "<script>alert(1)</script>"
    place = GovernorateFactory(name_ar=xss, name_en=xss)
    listed(governorate=place, title=xss, body=BodyFactory(name_ar=xss, name_en=xss))
    NeedFactory(validated=True, title=xss, people_estimate=5, governorate=place)
    for prefix in ("", "/en"):
        assert "<script>alert" not in home(client, prefix).content.decode()


def test_both_languages_are_mirrors(client):
    assert '<html lang="ar" dir="rtl"' in home(client).content.decode()
    english = home(client, "/en").content.decode()
    assert '<html lang="en" dir="ltr"' in english
    assert "What Tabuk" in english

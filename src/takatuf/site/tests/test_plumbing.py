"""What machines ask."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from takatuf.opportunities.models import Opportunity
from takatuf.registry.tests.factories import GovernorateFactory
from takatuf.site.queries import machines
from takatuf.site.tests.factories import listed

pytestmark = pytest.mark.django_db
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_a_living_site_says_so_with_one_cheap_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_a_site_without_its_database_says_503(client, monkeypatch):
    def gone():
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(machines, "touch_database", gone)

    assert client.get("/healthz").status_code == 503


def test_robots_stay_out_of_what_is_somebodys_own_and_find_the_map_of_pages(client):
    text = client.get("/robots.txt").content.decode()

    for path in ("/me/", "/desk/", "/account/", "/en/me/"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_the_sitemap_holds_public_pages_in_both_languages_and_only_listed_opportunities(client):
    shown, hidden, stale = listed(number=3, governorate=GovernorateFactory())
    Opportunity.objects.filter(pk=hidden.shift.opportunity_id).update(listed=False)
    Opportunity.objects.filter(pk=stale.shift.opportunity_id).update(
        reconfirm_by=timezone.localdate() - timedelta(days=1)
    )

    root = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own

    found = {
        loc.text.removeprefix("http://testserver") for loc in root.findall(".//s:loc", SPACE)
    }
    code = shown.shift.opportunity.code
    assert {"/", "/en/", "/needs/", "/en/about/", f"/opportunities/{code}/",
            f"/en/opportunities/{code}/"} <= found  # fmt: skip
    for role in (hidden, stale):
        assert not any(role.shift.opportunity.code in address for address in found)
    for address in found:
        assert client.get(address).status_code == 200


def test_names_of_the_machines_pages():
    assert [reverse(f"site:{name}") for name in ("healthz", "robots", "sitemap")] == [
        "/healthz", "/robots.txt", "/sitemap.xml",
    ]  # fmt: skip

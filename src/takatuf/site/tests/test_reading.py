"""About and privacy: as published, with sources; and every kept field told in words."""

import pytest
from django.urls import reverse

from takatuf.kernel.privacy import Erase, PersonalField
from takatuf.kernel.registries import personal_fields
from takatuf.registry import queries as registry
from takatuf.registry.tests.factories import BodyFactory
from takatuf.site import plain_words

pytestmark = pytest.mark.django_db


def test_about_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(reverse("site:about")).status_code == 200


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_about_tells_every_published_fact_and_says_what_was_not_published(client, prefix):
    page = client.get(f"{prefix}/about/")
    html = page.content.decode()
    shown = page.context["page"]

    for fact in (*shown.association, *shown.council):
        assert fact.words in html.replace("&#x27;", "'")
    assert sum(fact.value == "" for fact in shown.council) == 3
    for figure in (*shown.region, *shown.figures, *shown.nation):
        assert figure.words in html
    for each in shown.recommendations:
        assert each.text in html.replace("&#x27;", "'")
    assert len(shown.recommendations) == len(registry.announced_recommendations())


def test_the_strategy_and_the_census_name_their_sources(client):
    html = client.get("/en/about/").text

    strategy = html.partition('id="strategy"')[2].partition("</h2>")[0]
    assert 'href="#source-T4"' in strategy
    census = html.partition("census of 2022")[2].partition("</details>")[0]
    assert "623,665" in census
    assert 'href="#source-R2"' in census
    assert census.count("Not published") == 4


def test_every_source_tag_on_the_page_is_in_the_list_of_sources(client):
    html = client.get(reverse("site:about")).content.decode()
    page = client.get(reverse("site:about")).context["page"]

    used = {part.split('"')[0] for part in html.split('href="#source-')[1:]}
    assert used == {source.tag for source in page.sources}
    assert used


def test_every_personal_field_stands_in_the_register(client):
    sections = plain_words.sections()
    told = {thing for section in sections for line in section.lines for thing in line.things}
    for name, kept in personal_fields:
        assert plain_words.words_of(name, kept) in told, name
    html = client.get(reverse("site:privacy")).content.decode()
    for section in sections:
        assert str(section.title) in html
        for line in section.lines:
            assert all((line.purpose, line.who, line.fate, line.things))
            assert line.who in html


def test_every_personal_field_has_plain_words():
    unworded = [name for name, _kept in personal_fields if name not in plain_words.WORDS]
    assert not unworded, "add plain words for: " + ", ".join(unworded)


def test_a_field_nobody_worded_goes_by_its_column():
    kept = PersonalField(
        model="accounts.Person", field="birth_date", purpose="", who_may_see="",
        export=lambda _person: None, erase=Erase.CLEAR,
    )  # fmt: skip
    assert plain_words.words_of("new.Thing.birth_date", kept) == "تاريخ الميلاد"
    odd = PersonalField(
        model="no.Such", field="odd_name", purpose="", who_may_see="",
        export=lambda _person: None, erase=Erase.CLEAR,
    )  # fmt: skip
    assert plain_words.words_of("no.Such.odd_name", odd) == "odd name"
    assert plain_words.group_of("no.Such") == "other"


def test_privacy_names_who_is_responsible_and_the_way_to_complain(client):
    desk = BodyFactory(desk=True, name_ar="الجمعية")
    html = client.get(reverse("site:privacy")).content.decode()

    assert reverse("registry:body", args=[desk.code]) in html
    assert reverse("registry:concern_new") in html

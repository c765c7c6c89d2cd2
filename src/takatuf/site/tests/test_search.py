"""Search over everything: grouped, counted, forgiving, and never a dead end."""

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.credentials.tests.factories import certificate
from takatuf.kernel import search
from takatuf.kernel.visibility import Visibility
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities.commands.searching import index
from takatuf.opportunities.tests import factories as opportunities
from takatuf.placement.tests.factories import OpportunityFactory
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    PersonFactory,
)
from takatuf.site.queries import finding

pytestmark = pytest.mark.django_db
ADDRESS = "/search/"


def put(kind, title, *, number=1, **more):
    for n in range(number):
        search.put(
            BodyFactory(),
            kind=kind,
            title=title,
            url=f"/{kind}/{n}/",
            at=timezone.now(),
            **more,
        )


def test_what_is_found_stands_in_groups_with_counts(client):
    put("opportunity", "إسعاف زوار الكورنيش", number=7)
    put("need", "إسعاف في المتنزهات", number=2)
    put("team", "فريق آخر")

    page = client.get(ADDRESS, {"q": "اسعاف"})

    groups = {g.kind: (g.count, len(g.hits), g.more) for g in page.context["found"].groups}
    assert groups == {"opportunity": (7, 5, True), "need": (2, 2, False)}
    assert page.context["found"].total == 9


def test_one_kind_is_paged_through(client):
    put("body", "جمعية البر", number=25)

    first = client.get(ADDRESS, {"q": "البر", "kind": "body"})
    second = client.get(ADDRESS + first.context["older"])

    hits = [
        hit.href for page in (first, second) for hit in page.context["found"].groups[0].hits
    ]
    assert len(hits) == len(set(hits)) == 25
    assert second.context["older"] == ""


def test_a_misspelt_word_finds_what_was_meant_and_says_so(client):
    put("opportunity", "تشجير الأحياء")
    page = client.get(ADDRESS, {"q": "تشجبر"})

    assert page.context["found"].corrected
    assert "تصحيح حرف" in page.content.decode()


def test_nothing_found_leads_on(client):
    page = client.get(ADDRESS, {"q": "لا شيء كهذا"})

    assert page.status_code == 200
    assert page.context["found"].groups == []
    for name in ("needs:list", "registry:bodies", "registry:teams"):
        assert reverse(name) in page.content.decode()


@pytest.mark.parametrize(
    "asked", ["", "q=", "q=%00", "q=%22%27)*", "kind=magic&q=x", "q=a&kind=body&after=1.2.3.4",
              "q=" + "x" * 5000],
)  # fmt: skip
def test_any_question_is_answered(client, asked):
    assert client.get(f"{ADDRESS}?{asked}").status_code == 200


def test_what_is_not_for_everybody_is_not_found(client):
    put("need", "سر المكتب", audience=Visibility.CLOSED)
    NeedFactory(title="سر المكتب")

    assert client.get(ADDRESS, {"q": "سر المكتب"}).context["found"].groups == []


def test_links_stay_in_the_readers_language(client):
    put("body", "جمعية البر", title_en="Al-Birr Society")

    hit = client.get("/en/search/", {"q": "birr"}).context["found"].groups[0].hits[0]

    assert (hit.title, hit.href) == ("Al-Birr Society", "/en/body/0/")


def test_opportunities_of_one_title_can_be_told_apart_and_what_is_invented_is_marked(client):
    real = opportunities.published(title="غرس الأشجار", body=BodyFactory(name_ar="جمعية الغرس"))
    made_up = opportunities.published(title="غرس الأشجار", is_demo=True)
    for one in (real, made_up):
        index(one, at=timezone.now())

    page = client.get(ADDRESS, {"q": "غرس"})

    hits = {hit.href: hit for hit in page.context["found"].groups[0].hits}
    hit = hits[f"/opportunities/{real.code}/"]
    assert (hit.body, hit.starts_at) == ("جمعية الغرس", real.first_start)
    assert {code: hits[f"/opportunities/{code}/"].is_demo for code in (real.code, made_up.code)} == {
        real.code: False, made_up.code: True,
    }  # fmt: skip
    assert page.content.decode().count('class="demo-mark"') == 1


def test_an_unknown_kind_is_still_found(client):
    put("recipe", "خبز البر")
    group = client.get(ADDRESS, {"q": "خبز"}).context["found"].groups[0]
    assert (group.title, group.more) == (finding.OTHER, False)


@pytest.mark.parametrize("rows", [3, 60])
def test_it_takes_few_queries_at_any_size(client, django_assert_max_num_queries, rows):
    put("need", "إسعاف في المتنزهات", number=rows)
    for asked in ({"q": "اسعاف"}, {"q": "اسعاف", "kind": "need"}, {"q": "اسعلف"}):
        with django_assert_max_num_queries(7):
            client.get(ADDRESS, asked)
    with django_assert_max_num_queries(8):  # and where to look instead
        client.get(ADDRESS, {"q": "لا شيء كهذا"})
    with django_assert_max_num_queries(1):
        client.get(ADDRESS, {"q": "ABCDE-FGHJK"})


def test_hostile_words_stay_words(client):
    put("need", "<script>alert(1)</script> إسعاف", summary="<img src=x onerror=alert(1)>")
    for asked in ("اسعاف", "<script>alert(1)</script>"):
        html = client.get(ADDRESS, {"q": asked}).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


# ---------------------------------------------------------------- straight to it
def ways(client, asked, language="/en") -> list[tuple[str, str]]:
    found = client.get(f"{language}{ADDRESS}", {"q": asked}).context["found"]
    groups = [g for g in found.groups if g.kind in ("straight", "announced")]
    return [(hit.title, hit.href) for group in groups for hit in group.hits]


@pytest.mark.parametrize("typed", ["RKW33BNT", "rkw33bnt", " rkw3-3bnt "])
def test_an_opportunitys_code_leads_to_it(client, typed):
    OpportunityFactory(code="RKW33BNT", title="غرس")
    assert ways(client, typed) == [("غرس", "/en/opportunities/RKW33BNT/")]


def test_the_code_of_a_draft_leads_nowhere(client):
    OpportunityFactory(code="RKW33BNT", status="draft", published_at=None)
    assert ways(client, "RKW33BNT") == []


def test_a_certificates_code_leads_to_the_check_whether_or_not_there_is_one(client):
    code = certificate(holder=PersonFactory(full_name="Sara Al-Harbi")).code
    shown = f"{code[:5]}-{code[5:]}"

    for typed in (code, shown, shown.lower(), f"{code[:5]} {code[5:]}"):
        assert ways(client, typed) == [("Check a certificate or card", f"/en/verify/{shown}/")]
    unknown = "ABCDE-FGHJK"
    assert ways(client, unknown) == [("Check a certificate or card", f"/en/verify/{unknown}/")]
    assert "Sara" not in client.get(f"/en{ADDRESS}", {"q": code}).content.decode()


@pytest.mark.parametrize("typed", ["TK-2026-000001", "tk-2026-000001", "TC-2026-000001"])
def test_a_serial_leads_to_the_page_that_asks_for_the_code(client, typed):
    certificate(holder=PersonFactory(full_name="Sara Al-Harbi"))
    [(_title, href)] = ways(client, typed)

    assert href == "/en/verify/"
    html = client.get(f"/en{ADDRESS}", {"q": typed}).content.decode()
    assert "Sara" not in html


def test_a_governorate_and_a_field_lead_to_their_list(client):
    GovernorateFactory(code="umluj", name_ar="محافظة أملج", name_en="Umluj")
    FieldFactory(code="health", name_ar="الصحة والإسعاف", name_en="Health and first aid")

    assert ways(client, "املج", "") == [("الفرص: محافظة أملج", "/opportunities/?place=umluj")]
    assert ways(client, "umluj") == [("Opportunities: Umluj", "/en/opportunities/?place=umluj")]
    [(_title, href)] = ways(client, "الصحة", "")
    assert href == "/opportunities/?field=health"
    assert ways(client, "الصحة أملج", "") == []


def test_what_was_announced_is_found_and_leads_to_its_place(client):
    forum = ways(client, "المنتدى", "")
    assert ("/about/#forum") in [href for _title, href in forum]
    assert any("#recommendation-" in href for _title, href in ways(client, "توصية", ""))
    [(title, href)] = ways(client, "T4")
    assert (title, href) == ("T4", "/en/about/#source-T4")
    for _title, link in [*forum, ("", href)]:
        page = client.get(link).content.decode()
        assert f'id="{link.partition("#")[2]}"' in page

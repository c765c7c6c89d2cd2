"""Search over everything: grouped, counted, forgiving, and never a dead end."""

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.kernel import search
from takatuf.kernel.visibility import Visibility
from takatuf.needs.tests.factories import NeedFactory
from takatuf.registry.tests.factories import BodyFactory
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


def test_an_unknown_kind_is_still_found(client):
    put("recipe", "خبز البر")
    group = client.get(ADDRESS, {"q": "خبز"}).context["found"].groups[0]
    assert (group.title, group.more) == (finding.OTHER, False)


@pytest.mark.parametrize("rows", [3, 60])
def test_it_takes_few_queries_at_any_size(client, django_assert_max_num_queries, rows):
    put("need", "إسعاف في المتنزهات", number=rows)
    for asked in ({"q": "اسعاف"}, {"q": "اسعاف", "kind": "need"}, {"q": "اسعلف"}):
        with django_assert_max_num_queries(5):
            client.get(ADDRESS, asked)
    with django_assert_max_num_queries(6):
        client.get(ADDRESS, {"q": "لا شيء كهذا"})


def test_hostile_words_stay_words(client):
    put("need", "<script>alert(1)</script> إسعاف", summary="<img src=x onerror=alert(1)>")
    for asked in ("اسعاف", "<script>alert(1)</script>"):
        html = client.get(ADDRESS, {"q": asked}).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html

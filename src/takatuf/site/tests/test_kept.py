"""The public pages that are kept: never older than a commit, never somebody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from takatuf.accounts.tests.factories import person, sign_in
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities import commands as opportunities
from takatuf.registry import commands as registry
from takatuf.site.tests.factories import listed

pytestmark = pytest.mark.django_db(transaction=True)
LIST, DETAIL = "list", "detail"


@pytest.fixture
def place():
    need = NeedFactory(title="سلال للأسر")
    return listed(title="تعبئة السلال", need=need, supervisor=person(full_name="سعاد المشرفة"))[
        0
    ]


def page(name: str, place, client: Client, prefix: str = "") -> str:
    code = place.shift.opportunity.code if name == DETAIL else ""
    path = f"{prefix}/opportunities/{code + '/' if code else ''}"
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def rename(row, **values) -> None:
    """Past every command: even so no page may be late."""
    type(row).objects.filter(pk=row.pk).update(**values)


def changes(place):
    """(what is done, where it shows, what it says then)."""
    row = place.shift.opportunity
    now = timezone.now()
    yield lambda: opportunities.take_role_seat(place.pk), (LIST, DETAIL), ("4", "واحد")
    yield lambda: rename(row.body, name_ar="جمعية أخرى"), (LIST, DETAIL), ("جمعية أخرى",)
    yield (
        lambda: registry.count_reply(body=row.body, minutes=5, in_time=True),
        (LIST, DETAIL),
        ("100%",),
    )
    yield lambda: rename(row.governorate, name_ar="مكان آخر"), (LIST, DETAIL), ("مكان آخر",)
    yield lambda: rename(row.supervisor, full_name="هدى الجديدة"), (DETAIL,), ("هدى",)
    yield lambda: rename(row.need, title="حاجة أخرى"), (DETAIL,), ("حاجة أخرى",)
    by = person()
    yield (
        lambda: opportunities.move_shift(
            shift_id=place.shift_id, starts_at=now + timedelta(days=9),
            ends_at=now + timedelta(days=9, hours=4), reason="عاصفة رملية", by=by, at=now,
        ),
        (DETAIL,),
        ("عاصفة رملية",),
    )  # fmt: skip
    yield (
        lambda: opportunities.cancel_opportunity(
            opportunity_id=row.pk, reason="لا حاجة بعد الآن", by=by, at=now
        ),
        (DETAIL,),
        ("ألغ",),
    )


def test_every_commit_shows_at_once(place, client):
    for change, shown_on, words in changes(place):
        before = {name: page(name, place, client) for name in shown_on}
        assert before == {name: page(name, place, client) for name in shown_on}
        change()
        for name in shown_on:
            after = page(name, place, client)
            assert after != before[name]
            assert any(after.count(word) > before[name].count(word) for word in words)


def test_what_is_taken_off_the_list_is_gone_from_it_at_once(place, client):
    assert "تعبئة السلال" in page(LIST, place, client)
    opportunities.pause(
        opportunity_id=place.shift.opportunity_id, by=person(), at=timezone.now()
    )
    assert "تعبئة السلال" not in page(LIST, place, client)


@pytest.mark.parametrize("first", ["stranger", "own"])
@pytest.mark.parametrize("name", [LIST, DETAIL])
def test_nobody_is_given_the_page_of_somebody_else(place, name, first):
    stranger, own, other = Client(), Client(), Client()
    sign_in(own, person(full_name="نورة العطوية"))
    sign_in(other, person(full_name="هند البلوية"))
    visits = [("stranger", stranger), ("own", own), ("other", other)]
    visits.sort(key=lambda visit: visit[0] != first)

    for _round in range(2):
        seen = {who: page(name, place, client) for who, client in visits}
        assert "نورة" in seen["own"]
        assert "هند" not in seen["own"]
        assert "هند" in seen["other"]
        assert "نورة" not in seen["other"]
        assert "نورة" not in seen["stranger"]
        assert "csrfmiddlewaretoken" not in seen["stranger"]
        assert 'lang="en"' in page(name, place, stranger, prefix="/en").splitlines()[1]


@pytest.mark.parametrize(("name", "queries"), [(LIST, 2), (DETAIL, 1)])
def test_a_kept_page_costs_the_queries_that_say_it_holds(
    place, client, name, queries, django_assert_num_queries
):
    first = page(name, place, client)
    with django_assert_num_queries(queries):
        assert page(name, place, client) == first


def test_a_kept_page_brings_the_same_headers(place, client):
    code = place.shift.opportunity.code
    for path in ("/opportunities/", f"/opportunities/{code}/"):
        first, second = client.get(path), client.get(path)
        assert first.headers == second.headers
        assert "script-src 'self'" in second["Content-Security-Policy"]
        assert second["X-Frame-Options"] == "DENY"
        assert second["Cache-Control"] == "private, no-cache"
        assert not second.cookies

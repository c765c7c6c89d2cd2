from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.opportunities import commands, queries
from takatuf.opportunities.enums import Class, Sort, When
from takatuf.opportunities.filters import Filters, days_of
from takatuf.opportunities.models import Opportunity, ShiftRole
from takatuf.opportunities.tests.factories import (
    NOW,
    PersonFactory,
    manager_of,
    opportunity,
    published,
    soon,
)
from takatuf.registry.tests.factories import FieldFactory, GovernorateFactory

DAY = timedelta(days=1)


def titles(filters: Filters | None = None, **more) -> list[str]:
    return [card.title for card in queries.listing(filters or Filters(), at=NOW, **more).cards]


# ---------------------------------------------------------------- filters
def test_filters_come_back_from_their_own_address():
    filters = Filters(
        q="سلال",
        field=("a", "b"),
        klass=("skilled",),
        when="week",
        age="14",
        minors=True,
        sort="newest",
    )
    given: dict = {}
    for name, value in filters.pairs():
        given.setdefault(name, []).append(value)

    assert Filters.read(given) == filters


@pytest.mark.parametrize(
    "given",
    [
        {"class": "x"},
        {"when": ["y"]},
        {"sort": "z"},
        {"minors": "maybe"},
        {"age": "18"},
        {"age": "x"},
        {"q": "  "},
        {"field": ""},
    ],
)
def test_what_is_not_known_is_left_out(given):
    assert not Filters.read(given).is_narrow


@pytest.mark.parametrize(
    ("today", "when", "first", "last"),
    [
        (date(2026, 11, 23), When.TODAY, date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 23), When.WEEK, date(2026, 11, 23), date(2026, 11, 28)),
        (date(2026, 11, 28), When.WEEK, date(2026, 11, 28), date(2026, 11, 28)),
        (date(2026, 11, 29), When.WEEK, date(2026, 11, 29), date(2026, 12, 5)),
        (date(2026, 11, 23), When.WEEKEND, date(2026, 11, 27), date(2026, 11, 28)),
        (date(2026, 11, 28), When.WEEKEND, date(2026, 11, 28), date(2026, 11, 28)),
        (date(2026, 11, 23), When.MONTH, date(2026, 11, 23), date(2026, 12, 23)),
    ],
)
def test_choices_of_time_are_days_of_the_regions_week(today, when, first, last):
    days = days_of(when, today)

    assert (days[0], days[-1]) == (first.toordinal(), last.toordinal())


# ---------------------------------------------------------------- the list
@pytest.mark.django_db
def test_only_what_can_be_joined_is_listed():
    published(title="معروضة")
    opportunity(title="مسودة")
    commands.pause(opportunity_id=published(title="متوقفة").pk, by=PersonFactory(), at=NOW)
    Opportunity.objects.filter(pk=published(title="غير مؤكدة").pk).update(
        reconfirm_by=(NOW - DAY).date()
    )

    assert titles() == ["معروضة"]
    assert queries.listing(Filters(), at=NOW + 30 * DAY).cards == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"klass": ("skilled",)}, ["ب"]),
        ({"field": ("health",)}, ["ب"]),
        ({"field": ("health", "social")}, ["أ", "ب"]),
        ({"place": ("duba",)}, ["ب"]),
        ({"minors": True}, ["ب"]),
        ({"age": "14"}, []),
        ({"age": "15"}, ["ب"]),
        ({"age": "17"}, ["ب"]),
        ({"accessible": True}, ["أ"]),
        ({"mode": ("remote",)}, ["ب"]),
        ({"length": ("half",)}, ["أ", "ب"]),
        ({"length": ("day",)}, []),
        ({"when": "today"}, []),
        ({"when": "month"}, ["أ", "ب"]),
        ({"klass": ("skilled",), "accessible": True}, []),
    ],
)
def test_each_filter_narrows_the_list(filters, found):
    published(title="أ", accessible=True)
    published(
        title="ب", klass=Class.SKILLED, field=FieldFactory(code="health"), min_age=15, mode="remote",
        governorate=GovernorateFactory(code="duba", name_ar="ضباء"),
    )  # fmt: skip

    page = queries.listing(Filters(**filters), at=NOW)

    assert sorted(card.title for card in page.cards) == found
    assert page.total == len(found)


@pytest.mark.django_db
def test_counts_say_what_each_choice_would_leave():
    published(title="أ", accessible=True)
    published(title="ب", klass=Class.SKILLED)

    counts = queries.listing(Filters(klass=("skilled",)), at=NOW).counts

    assert counts["klass"] == {"general": 1, "skilled": 1}
    assert counts["accessible"] == {}
    assert counts["seats"] == {True: 1}
    assert counts["when"] == {"today": 0, "week": 0, "weekend": 0, "month": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("sort", Sort.values)
def test_pages_follow_each_other_without_a_gap_or_a_repeat(sort):
    for number in range(7):
        published(title=str(number), at=NOW + number % 3 * DAY)
    filters = Filters(sort=sort)

    seen, after = [], ""
    while True:
        page = queries.listing(filters, after=after, limit=3, at=NOW)
        seen += [card.pk for card in page.cards]
        after = page.next
        if not after:
            break

    assert len(seen) == len(set(seen)) == 7


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["x", "1", "-1.2", "1.2.3", "٣.٤", "9" * 50 + ".1"])
def test_a_strange_cursor_is_the_first_page(after):
    published(title="أ")

    assert titles(after=after) == ["أ"]


@pytest.mark.django_db
def test_words_find_in_arabic():
    commands.submit(
        opportunity_id=opportunity(title="تنظيف الشاطئ").pk, by=PersonFactory(), at=NOW
    )
    commands.submit(
        opportunity_id=opportunity(title="زراعة أشجار").pk, by=PersonFactory(), at=NOW
    )

    assert titles(Filters(q="الشواطئ")) == ["تنظيف الشاطئ"]
    assert titles(Filters(q="لا شيء كهذا")) == []


@pytest.mark.django_db
def test_nothing_found_names_the_nearest():
    published(title="أ", accessible=True)

    def nearest(**asked):
        return queries.nearest(Filters(**asked), at=NOW)

    assert nearest(accessible=True, minors=True) == Filters(accessible=True)
    assert nearest(accessible=True, minors=True, when="today") == Filters(accessible=True)
    assert nearest(minors=True, when="today") is None
    assert nearest() is None
    assert nearest(age="14") is None
    assert nearest(age="14", accessible=True) is None
    published(title="ب", min_age=14)
    assert nearest(age="14", accessible=True) == Filters(age="14")


# ---------------------------------------------------------------- kept in memory, never stale
@pytest.mark.django_db(transaction=True)
def test_the_list_follows_every_commit_without_reading_all_again(django_assert_num_queries):
    first, second = published(title="أ"), published(title="ب", shifts=1)
    assert titles() == ["ب", "أ"] or titles() == ["أ", "ب"]

    commands.take_role_seat(ShiftRole.objects.get(shift__opportunity=second).pk)
    with django_assert_num_queries(3):  # stamp, what changed, cards
        page = queries.listing(Filters(), at=NOW)
    assert {card.title: card.seats_taken for card in page.cards} == {"أ": 0, "ب": 1}
    with django_assert_num_queries(2):  # stamp, cards
        queries.listing(Filters(), at=NOW)

    commands.pause(opportunity_id=first.pk, by=PersonFactory(), at=NOW)
    assert titles() == ["ب"]
    commands.resume(opportunity_id=first.pk, by=PersonFactory(), at=NOW)
    assert sorted(titles()) == ["أ", "ب"]


@pytest.mark.django_db(transaction=True)
def test_the_date_shown_is_that_of_the_next_shift_with_a_seat():
    made, other = published(title="أ", seats=1), published(title="ب", at=NOW + DAY / 2)
    first, second = ShiftRole.objects.filter(shift__opportunity=made).order_by("pk")
    assert titles() == ["أ", "ب"]
    day = queries.listing(Filters(), at=NOW).cards[0].next_start
    assert day == first.shift.starts_at

    commands.take_role_seat(first.pk)
    assert titles() == ["ب", "أ"]
    assert queries.listing(Filters(), at=NOW).cards[1].next_start == second.shift.starts_at
    assert [row.next_start for row in queries.public_by_keys([str(made.pk)])] == [
        second.shift.starts_at
    ]

    commands.take_role_seat(second.pk)  # full: people wait for the next one
    assert queries.cards([made.pk])[0].next_start == first.shift.starts_at
    assert titles() == ["أ", "ب"]
    assert queries.cards([other.pk])[0].next_start == other.first_start


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_was_never_in_the_list():
    made = published(title="أ")
    assert titles() == ["أ"]
    with transaction.atomic():
        commands.pause(opportunity_id=made.pk, by=PersonFactory(), at=NOW)
        assert titles() == []
        transaction.set_rollback(True)

    assert titles() == ["أ"]


# ---------------------------------------------------------------- the page


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize(
    "url", ["/opportunities/", "/en/opportunities/?class=general&when=month"]
)
def test_the_page_costs_the_same_queries_for_few_and_many(
    client, url, count, django_assert_num_queries
):
    for _number in range(count):
        soon()

    with django_assert_num_queries(4):
        response = client.get(url)

    assert response.status_code == 200
    assert response.content.count(b'class="card opp"') == min(count, 20)
    assert len(response.content) <= 40_000


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_is_never_older_than_a_commit(client):
    made = soon(title="تعبئة السلال")
    assert "تعبئة السلال" in client.get("/opportunities/").content.decode()
    assert "تعبئة السلال" in client.get("/opportunities/").content.decode()

    commands.pause(opportunity_id=made.pk, by=PersonFactory(), at=timezone.now())

    assert "تعبئة السلال" not in client.get("/opportunities/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_shown_the_page_of_somebody_else(client):
    made = soon()
    person = manager_of(made.body)
    signed_in = Client()
    sign_in(signed_in, person)

    own = signed_in.get("/opportunities/").content.decode()
    stranger = client.get("/opportunities/").content.decode()
    english = client.get("/en/opportunities/").content.decode()

    assert 'lang="ar"' in stranger
    assert 'lang="en"' in english
    assert reverse("account_login") in stranger or person.full_name not in stranger
    assert own != stranger


@pytest.mark.django_db
def test_htmx_gets_the_results_alone(client):
    soon(title="تعبئة السلال")

    page = client.get("/opportunities/", headers={"HX-Request": "true"}).content.decode()

    assert page.lstrip().startswith('<div id="results"')
    assert "<html" not in page


@pytest.mark.django_db
def test_an_age_asked_for_stays_when_another_filter_is_chosen(client):
    soon(title="للناشئة", min_age=14)
    soon(title="للكبار")

    page = client.get("/en/opportunities/?age=14").content.decode()

    assert 'name="age" value="14" checked' in page
    assert page.count("Suits age 14") == 2  # the box in the form, and the chip that ends it
    assert "للكبار" not in page


@pytest.mark.django_db
def test_what_people_typed_is_text_on_the_page(client):
    soon(title="<script>alert(1)</script> كلمات", place='"><img src=x>')

    page = client.get("/opportunities/").content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


# ---------------------------------------------------------------- one opportunity
@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "shown"), [("onsite", True), ("remote", False)])
def test_only_work_one_goes_to_has_a_map(mode, shown):
    made = published(
        mode=mode, governorate=GovernorateFactory(latitude="28.38355", longitude="36.56618")
    )

    found = queries.detail(made, NOW)

    assert (found.latitude is not None, found.longitude is not None) == (shown, shown)

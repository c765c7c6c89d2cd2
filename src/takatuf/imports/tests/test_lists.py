"""What the lists ask the database, and what is compared side by side."""

import pytest
from django.urls import reverse

from takatuf.imports import layouts, queries
from takatuf.imports.tests.runs import taken
from takatuf.imports.tests.sheets import HEADER, guests, number

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [3, 60])
def test_the_result_page_takes_the_same_queries_whatever_the_rows(
    browser, person, size, django_assert_max_num_queries
):
    run = taken([HEADER, *[["", number(n), ""] for n in range(size)]], by=person)

    with django_assert_max_num_queries(10):
        page = browser.get(reverse("imports:run", args=[run.pk]))

    assert len(page.context["rows"]) == min(size, 25)
    assert bool(page.context["more"]) == (size > 25)


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_takes_the_same_queries_whatever_the_runs(
    browser, person, size, django_assert_max_num_queries
):
    for n in range(size):
        taken([HEADER, *guests(1, start=n)], by=person)

    with django_assert_max_num_queries(6):
        page = browser.get(reverse("imports:home"))

    assert len(page.context["runs"]) == size


@pytest.mark.parametrize("size", [1, 40])
def test_a_duplicate_takes_the_same_queries_whatever_the_rows(
    browser, person, size, django_assert_num_queries, monkeypatch
):
    run = taken([HEADER, *guests(size), *guests(size)], by=person)
    monkeypatch.setattr(layouts, "file_rows", None)  # no file is read
    address = reverse("imports:duplicate", args=[run.pk, run.rows.last().pk])

    with django_assert_num_queries(7):
        page = browser.get(address)

    assert page.context["waiting"] == size


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("…102", "0550009102", True), ("…102", "0550009103", False),
        ("v…@site.example", "V1@site.example", True), ("مشعل ن…", "مشعل ناصر", True),
        ("مشعل ن…", "ماجد تجريبي", False), ("1995", "1995-02-28", True),
        ("1995", "1988-11-20", False), ("أملج", "املج", True), ("4", "4 ساعات", False), ("…102", "", True),
    ],
)  # fmt: skip
def test_a_part_that_is_shown_is_compared_with_the_part_that_is_said(shown, said, same):
    assert queries.fits(shown, said) is same

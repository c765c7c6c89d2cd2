"""Public figures: counted, kept, dated, and shown as what they are."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.kernel.measures import Measure
from takatuf.kernel.registries import measures, reminders
from takatuf.site import commands
from takatuf.site.models import FigureReading
from takatuf.site.queries import figures

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def measured(monkeypatch):
    """The registry with two measures of our own; their values are ours to change."""
    values = {
        "apples": {"": Decimal(3), "tabuk": Decimal(3)},
        "red_share": {"": Decimal("0.9644")},
    }
    monkeypatch.setattr(measures, "_items", {
        name: Measure(title=name, definition=f"what {name} are", compute=lambda _at, n=name: values[n])
        for name in values
    })  # fmt: skip
    return values


def test_every_figure_is_counted_at_one_moment_and_kept(measured):
    assert commands.count_figures(at=NOW) == 3

    known = figures.figures()
    assert {name: figure.value for name, figure in known.items()} == {
        "apples": 3, "red_share": Decimal("0.9644"),
    }  # fmt: skip
    assert known["apples"].places == {"tabuk": 3}
    assert {figure.as_of for figure in known.values()} == {NOW}
    assert figures.counted_at(known) == NOW


def test_counting_again_replaces_and_drops_what_is_gone(measured):
    commands.count_figures(at=NOW)
    measured["apples"] = {"": Decimal(5)}
    measured["red_share"] = {}

    commands.count_figures(at=NOW + timedelta(minutes=5))

    assert list(FigureReading.objects.values_list("measure", "scope", "value")) == [
        ("apples", "", 5)
    ]
    assert figures.figures()["red_share"].value is None


def test_counting_one_moment_twice_changes_nothing(measured):
    for _ in range(2):
        commands.count_figures(at=NOW)

    assert FigureReading.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("hours", Decimal("12345.6"), "12,345.6"),
        ("hours", Decimal("7.0000"), "7"),
        ("hours", None, "—"),
        ("proven_share", Decimal("0.964"), "96.4%"),
        ("proven_share", Decimal(1), "100%"),
        ("proven_share", Decimal(0), "0%"),
        ("proven_share", None, "—"),
    ],
)
def test_a_figure_says_what_it_is(name, value, words):
    figure = figures.Figure(name=name, title="", definition="", value=value)
    assert words in str(figure.words)


def test_a_place_without_a_share_has_none_and_without_a_count_has_zero():
    share = figures.Figure(
        name="x_share", title="", definition="", places={"tabuk": Decimal(1)}
    )
    count = figures.Figure(name="x", title="", definition="", places={"tabuk": Decimal(1)})

    assert share.at_place("umluj") == "—"
    assert "0" in count.at_place("umluj")


def test_the_worker_counts_every_few_minutes(measured):
    function = dict(reminders)["site: count the public figures"]

    assert function(timezone.now()) == 3
    assert function.interval == timedelta(minutes=5)


def test_the_page_explains_every_figure(client):
    page = client.get(reverse("site:figures"))

    shown = [figure.name for figure in page.context["figures"]]
    assert sorted(shown) == sorted(name for name, _measure in measures)
    for figure in page.context["figures"]:
        assert str(figure.definition) in page.content.decode()
    assert "active_volunteers" in shown
    assert "registered" not in " ".join(shown)


def test_before_the_first_count_the_page_says_that_they_are_being_counted(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        page = client.get("/en" + reverse("site:figures")).content.decode()

    assert "The figures are being counted" in page
    assert not FigureReading.objects.exists()


@pytest.mark.parametrize(
    ("value", "noun"),
    [
        ("0", "مقعد شاغر"), ("1", "مقعد شاغر"), ("2", "مقعدان شاغران"), ("2.5", "مقعدًا شاغرًا"),
        ("7", "مقاعد شاغرة"), ("1387", "مقعدًا شاغرًا"), ("1400", "مقعد شاغر"),
        (None, "مقاعد شاغرة"),
    ],
)  # fmt: skip
def test_a_number_has_the_noun_in_the_form_it_asks_for(value, noun):
    with translation.override("ar"):
        assert str(measures["open_seats"].after(value and Decimal(value))) == noun

"""The region's published facts, read from its package data. What is empty was not published."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

PACKAGE = Path(__file__).resolve().parent / "region"
IS_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?").fullmatch
NOT_PUBLISHED = gettext_lazy("Not published")
MEASURES = {
    "teams": gettext_lazy("Teams"),
    "volunteers": gettext_lazy("Volunteers"),
    "people_trained": gettext_lazy("People trained"),
    "projects": gettext_lazy("Projects"),
    "beneficiaries": gettext_lazy("Beneficiaries"),
    "agreements": gettext_lazy("Agreements"),
    "courses": gettext_lazy("Courses"),
    "hours": gettext_lazy("Hours"),
    "meals": gettext_lazy("Meals"),
    "opportunities": gettext_lazy("Opportunities"),
    "economic_value_sar": gettext_lazy("Economic value in riyals"),
    "volunteering_rate_percent": gettext_lazy("Share of people who volunteer"),
    "professional_share_percent": gettext_lazy("Share of professional volunteering"),
    "skilled_share_percent": gettext_lazy("Share of skilled volunteering"),
    "general_share_percent": gettext_lazy("Share of general volunteering"),
    "women_share_percent": gettext_lazy("Share of women"),
    "volunteers_target": gettext_lazy("Volunteers aimed at"),
}
ASSOCIATION_KEYS = {
    "name": gettext_lazy("Name"),
    "honorary_president": gettext_lazy("Honorary president"),
    "founded_by": gettext_lazy("Founded by"),
    "founded": gettext_lazy("Founded"),
    "aims": gettext_lazy("Aims"),
    "strategy_year": gettext_lazy("Strategy of"),
}


@dataclass(frozen=True)
class Source:
    tag: str
    title: str
    address: str


@dataclass(frozen=True)
class Fact:
    """One published statement. ``value`` is empty where nothing was published."""

    label: str
    value: str
    sources: tuple[Source, ...]

    @property
    def words(self) -> str:
        return self.value or str(NOT_PUBLISHED)


@dataclass(frozen=True)
class PublishedFigure:
    """A figure as it was published: with its qualifier, period and source."""

    measure: str
    value: Decimal
    qualifier: str
    period: str
    sources: tuple[Source, ...]
    method_is_known: bool = True  # else a sum that nobody can work out again

    @property
    def label(self) -> str:
        return str(MEASURES.get(self.measure, self.measure))

    @property
    def number(self) -> str:
        return f"{self.value:,}" + ("%" if self.measure.endswith("_percent") else "")

    @property
    def words(self) -> str:
        """The number with its qualifier; "exactly" goes without saying."""
        if self.qualifier == "more than":
            return _("more than %(number)s") % {"number": self.number}
        if self.qualifier == "about":
            return _("about %(number)s") % {"number": self.number}
        return self.number

    @property
    def period_words(self) -> str:
        year, _dash, part = self.period.partition("-")
        if part == "H1":
            return _("first half of %(year)s") % {"year": year}
        if part == "Ramadan":
            return _("Ramadan %(year)s") % {"year": year}
        return self.period

    @property
    def method_words(self) -> str:
        return "" if self.method_is_known else _("how it is worked out was not published")

    @property
    def note(self) -> str:
        return " · ".join(filter(None, (self.period_words, self.method_words)))


@dataclass(frozen=True)
class Recommendation:
    number: str
    text: str
    basis: str
    status: str


@dataclass(frozen=True)
class Forum:
    title: str
    days: str
    place: str
    audience: str
    axes: tuple[str, ...]
    sources: tuple[Source, ...]


def region_name() -> str:
    """The region as its pages call it, in the language of the moment."""
    return _told(rows("region")[0], "name")


def association() -> list[Fact]:
    """What was announced of the association."""
    return [
        Fact(str(ASSOCIATION_KEYS.get(row["key"], row["key"])), _told(row, "value"), _from(row))
        for row in rows("association")
    ]


def association_figures() -> list[PublishedFigure]:
    return [_figure(row) for row in rows("association_figures")]


def region_figures(scope: str = "") -> list[PublishedFigure]:
    """Figures of the region itself, or of ``saudi_arabia``."""
    scope = scope or f"{settings.REGION}_region"
    return [_figure(row) for row in rows("region_figures") if row["scope"] == scope]


def forum() -> Forum | None:
    given = rows("forum")
    if not given:
        return None
    one = {row["key"]: _told(row, "value") for row in given if row["key"] != "axis"}
    return Forum(
        title=one.get("title", ""),
        days=one.get("days", ""),
        place=one.get("place", ""),
        audience=one.get("audience", ""),
        axes=tuple(_told(row, "value") for row in given if row["key"] == "axis"),
        sources=_from(given[0]),
    )


def recommendations() -> list[Recommendation]:
    """The core one, then those named among the "ten others"; numbering and splitting ours."""
    return [
        Recommendation(
            number=row["clause"] + _part(row["part"]),
            text=_told(row, "text"),
            basis=str(BASES.get(row["basis"], "")),
            status=_status(row["status_known"]),
        )
        for row in rows("recommendations")
    ]


def strategy() -> list[str]:
    return [_told(row, "text") for row in rows("strategy")]


def strategy_sources() -> tuple[Source, ...]:
    return sources_of(" ".join(dict.fromkeys(row["source"] for row in rows("strategy"))))


def census() -> list[Fact]:
    """People of each governorate at the last census, where a figure was published."""
    return [
        Fact(
            row["name_en" if _english() else "name_ar"],
            f"{int(row['population_2022']):,}" if row["population_2022"] else "",
            _from(row) if row["population_2022"] else (),
        )
        for row in rows("governorates")
    ]


def council() -> list[Fact]:
    """What is public about the coordinating council; the rest says so."""
    given = {row["key"]: row for row in rows("council")}
    purpose = given.get("purpose_en" if _english() else "purpose_ar")
    facts = [
        Fact(str(label), day_words(given[key]["value"]), _from(given[key]))
        for key, label in COUNCIL_KEYS.items()
        if key in given
    ]
    if purpose:
        facts.insert(0, Fact(_("Purpose"), purpose["value"], _from(purpose)))
    return facts


COUNCIL_KEYS = {
    "formed_and_president_chosen": gettext_lazy("Formed, and its president chosen"),
    "members": gettext_lazy("Members"),
    "president": gettext_lazy("President"),
    "charter": gettext_lazy("Charter"),
}
PARTS = {"a": "أ", "b": "ب"}
BASES = {
    "the forum's core recommendation": gettext_lazy("The forum's core recommendation"),
    "named among ten others": gettext_lazy("Named among ten others"),
}


@lru_cache(maxsize=64)
def _read(region: str, name: str) -> tuple[dict[str, str], ...]:
    path = PACKAGE / region / f"{name}.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one file of the region's package data; none where the file is missing."""
    return _read(settings.REGION, name)


def source(tag: str) -> Source | None:
    for row in rows("sources"):
        if row["tag"] == tag:
            return Source(tag, _told(row, "title"), row["address"])
    return None


def all_sources() -> list[Source]:
    return [found for row in rows("sources") if (found := source(row["tag"]))]


def sources_of(tags: str) -> tuple[Source, ...]:
    """``"R2 R4"`` as the two sources; unknown tags are left out."""
    return tuple(found for tag in tags.split() if (found := source(tag)))


def _english() -> bool:
    return get_language() == "en"


def _told(row: dict[str, str], name: str) -> str:
    return row[f"{name}_en" if _english() else f"{name}_ar"]


def _from(row: dict[str, str]) -> tuple[Source, ...]:
    return sources_of(row.get("source", ""))


def day_words(value: str) -> str:
    """A day or a month as published, in words: digits with hyphens turn round in Arabic."""
    if not IS_DAY(value):
        return value
    month_only = value.count("-") == 1
    on = date.fromisoformat(f"{value}-01" if month_only else value)
    return date_format(on, "F Y" if month_only else "j F Y")


def _figure(row: dict[str, str]) -> PublishedFigure:
    return PublishedFigure(
        measure=row["measure"], value=Decimal(row["value"]), qualifier=row["qualifier"],
        period=row["period"], sources=_from(row),
        method_is_known=row.get("method") != "not published",
    )  # fmt: skip


def _part(letter: str) -> str:
    return letter if _english() or not letter else f" {PARTS.get(letter, letter)}"


def _status(known: str) -> str:
    done, _colon, rest = known.partition(":")
    if done == "done":
        day = day_words(rest.strip().rpartition(" ")[2])
        return _("Formed, and its president chosen on %(day)s") % {"day": day}
    return str(NOT_PUBLISHED)

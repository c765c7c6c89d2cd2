"""Bringing a region's package data into the database. Loading it again changes nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from takatuf.kernel.errors import DomainError
from takatuf.kernel.text.arabic import slug, sort_key
from takatuf.kernel.transitions import record
from takatuf.registry import facts
from takatuf.registry.enums import BodyStatus, Sector, TeamStatus
from takatuf.registry.models import Body, Field, Governorate, Skill, Team

DESK_CODE = "desk"


class UnknownRegion(DomainError):
    """There is no package data for this region."""


@dataclass
class Loaded:
    """How many rows are new, by kind."""

    new: dict[str, int] = field(default_factory=dict)

    def count(self, kind: str, is_new: bool) -> None:  # noqa: FBT001 - one plain fact
        self.new[kind] = self.new.get(kind, 0) + int(is_new)


@transaction.atomic
def load_region(*, by=None, at: datetime) -> Loaded:
    """Governorates, fields, skills, announced teams and the desk of ``settings.REGION``.

    What somebody edited since stays as it is: only missing rows are added.

    :raises UnknownRegion: if the region has no package data.
    """
    if not facts.rows("governorates"):
        raise UnknownRegion(f"No package data for the region {settings.REGION!r}.")
    loaded = Loaded()
    _governorates(loaded)
    _fields(loaded)
    _skills(loaded)
    _desk(loaded, by=by, at=at)
    _teams(loaded, at=at)
    return loaded


def ensure_region(*, at: datetime) -> None:
    """The region's package data, on an installation that has none of it yet."""
    if not Body.objects.filter(is_desk=True).exists():
        load_region(at=at)


def _governorates(loaded: Loaded) -> None:
    for position, row in enumerate(facts.rows("governorates")):
        people = row["population_2022"]
        _add(
            loaded, Governorate, row["code"], position=position, name_ar=row["name_ar"],
            name_en=row["name_en"], latitude=row["latitude"], longitude=row["longitude"],
            population=people or None, population_year=2022 if people else None,
            source=row["source"],
        )  # fmt: skip


def _fields(loaded: Loaded) -> None:
    for position, row in enumerate(facts.rows("fields")):
        _add(
            loaded, Field, row["code"], position=position, name_ar=row["name_ar"],
            name_en=row["name_en"], basis=row["basis"],
        )  # fmt: skip


def _skills(loaded: Loaded) -> None:
    by_code = {field.code: field for field in Field.objects.all()}
    for position, row in enumerate(facts.rows("skills")):
        _add(
            loaded, Skill, row["code"], position=position, name_ar=row["name_ar"],
            name_en=row["name_en"], field=by_code[row["field"]],
            needs_licence=row["needs_licence"] == "yes",
        )  # fmt: skip


def _desk(loaded: Loaded, *, by, at: datetime) -> None:
    """The association, under its own name; what was not published of it stays empty."""
    known = {row["key"]: row for row in facts.rows("association")}
    if "name" not in known or Body.objects.filter(is_desk=True).exists():
        return
    name = known["name"]["value_ar"]
    desk = Body.objects.create(
        code=DESK_CODE, name_ar=name, name_en=known["name"]["value_en"],
        name_sort_key=sort_key(name), sector=Sector.NON_PROFIT, is_desk=True,
        governorate=Governorate.objects.earliest("position"),
        status=BodyStatus.ACTIVE, verified_at=at, created_at=at,
    )  # fmt: skip
    record(subject=desk, action="loaded", by=by, at=at, to_state=desk.status)
    loaded.count("desk", True)


def _teams(loaded: Loaded, *, at: datetime) -> None:
    """Announced in public sources. Their state today was not published, so none is claimed:
    they are listed as announced, take no members and hold no office until a body adopts them.
    """
    places = {place.code: place for place in Governorate.objects.all()}
    for row in facts.rows("teams"):
        _add(
            loaded, Team, slug(row["name_ar"]), name=row["name_ar"],
            name_sort_key=sort_key(row["name_ar"]), governorate=places[row["place"]],
            announced=row["announced"], source=row["source"], status=TeamStatus.APPLIED,
            created_at=at,
        )  # fmt: skip


def _add(loaded: Loaded, model: type[models.Model], code: str, **values) -> None:
    _row, is_new = model._default_manager.get_or_create(code=code, defaults=values)
    loaded.count(model._meta.model_name or "", is_new)

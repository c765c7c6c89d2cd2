"""Public figures as they were last counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from takatuf.kernel.registries import measures
from takatuf.kernel.typography import NOTHING, ltr, num
from takatuf.registry import queries as registry
from takatuf.site.models import FigureReading

REGION = ""
SHARE = "_share"  # measures whose name ends so are shares out of 1
# The page explains these first, in this order, and whatever else modules measure after them.
FIRST = (
    "open_opportunities", "open_skilled", "open_professional", "open_seats",
    "active_volunteers", "approved_hours", "proven_share", "open_needs", "needs_waiting",
    "needs_covered_share",
)  # fmt: skip
IN_TABLE = ("open_opportunities", "open_seats", "active_volunteers", "approved_hours",
            "proven_share", "open_needs", "needs_covered_share")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measure: the region's value, its governorates', and when it was counted.

    ``value`` is None where there was nothing to count, or nothing was counted yet.
    """

    name: str
    title: object  # alone, as over a column
    noun: object = ""  # after the region's number
    definition: object
    value: Decimal | None = None
    as_of: datetime | None = None
    places: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def is_share(self) -> bool:
        return self.name.endswith(SHARE)

    @property
    def words(self) -> str:
        """As a reader sees it."""
        return self.shown(self.value)

    def shown(self, value: Decimal | None) -> str:
        if value is None:
            return NOTHING
        if not self.is_share:
            return num(value)
        percent = (value * 100).quantize(Decimal("0.1"))
        return ltr(f"{percent}%".replace(".0%", "%"))

    def at_place(self, code: str) -> str:
        return self.shown(self.places.get(code, None if self.is_share else Decimal(0)))


def figures() -> dict[str, Figure]:
    """Every measure by name, the best known first; one query."""
    kept: dict[str, dict[str, FigureReading]] = {}
    for row in FigureReading.objects.all():
        kept.setdefault(row.measure, {})[row.scope] = row
    names = [name for name, _measure in measures]
    ordered = [name for name in FIRST if name in names]
    ordered += [name for name in names if name not in FIRST]
    return {name: _figure(name, kept.get(name, {})) for name in ordered}


def _figure(name: str, rows: Mapping[str, FigureReading]) -> Figure:
    measure = measures[name]
    region = rows.get(REGION)
    return Figure(
        name=name, title=measure.title, noun=measure.after(region.value if region else None),
        definition=measure.definition,
        value=region.value if region else None,
        as_of=max((row.as_of for row in rows.values()), default=None),
        places={scope: row.value for scope, row in rows.items() if scope != REGION},
    )  # fmt: skip


def counted_at(known: Mapping[str, Figure]) -> datetime | None:
    """The oldest count among the figures: they are as of then."""
    return min((figure.as_of for figure in known.values() if figure.as_of), default=None)


def places_of(known: Mapping[str, Figure]) -> list[dict]:
    """Governorates with the main figures, for the table; one query."""
    shown = [known[name] for name in IN_TABLE if name in known and known[name].places]
    return [
        {
            "name": row.name,
            "values": [(figure.title, figure.at_place(row.code)) for figure in shown],
        }
        for row in registry.governorates()
    ]

"""Taking opportunities from spreadsheets, as volunteering units keep them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from takatuf.imports.importers import (
    END_DATE,
    HOURS,
    OPPORTUNITY_TITLE,
    PLACE,
    SEATS,
    STATUS,
    TIMESTAMP,
    URL,
    Bad,
    Candidate,
    Duplicate,
    Entry,
    Field,
    New,
    Outcome,
    Row,
    RunContext,
)
from takatuf.kernel.references import reference
from takatuf.kernel.sayings import Saying, in_turn
from takatuf.kernel.text.arabic import normalise
from takatuf.opportunities import commands, queries
from takatuf.opportunities.commands.importing import ImportedOpportunity
from takatuf.opportunities.enums import MOST_SEATS, OpportunityStatus
from takatuf.registry import queries as registry
from takatuf.registry.importers import (
    OfABody,
    place_codes,
    place_name,
    plain,
    read_place,
)

TITLE = replace(
    OPPORTUNITY_TITLE, required=True, synonyms=(*OPPORTUNITY_TITLE.synonyms, "العنوان")
)
COMPLETED = END_DATE.named(
    "completed", _("Completed on"),
    "تاريخ الإكمال", "تاريخ الاكتمال", "تاريخ الإنجاز", "تاريخ الإغلاق", "completion date",
    "completed", "completed on",
)  # fmt: skip
FIELD = Field(
    "field", _("Field of work"),
    synonyms=(
        "المجال", "مجال الفرصة", "مجال التطوع", "المجال التطوعي", "مجال العمل",
        "مجال العمل التطوعي", "field", "field of work", "sector",
    ),
)  # fmt: skip
# What units write into the status column, by what it means here.
WORDS = {
    OpportunityStatus.DRAFT: (
        "قيد المراجعة|تحت المراجعة|قيد الدراسة|جديد|جديدة|مسودة|معلق|"
        "pending|draft|in review|new"
    ),
    OpportunityStatus.PUBLISHED: (
        "مقبول|مقبولة|معتمد|معتمدة|منشورة|نشط|نشطة|جارية|قيد التنفيذ|جاري التنفيذ|"
        "accepted|approved|published|active"
    ),
    OpportunityStatus.CANCELLED: (
        "مرفوض|مرفوضة|ملغي|ملغية|ملغاة|rejected|refused|cancelled|canceled"
    ),
    OpportunityStatus.CLOSED: (
        "منتهية|منتهي|مكتملة|مكتمل|مغلقة|مغلق|منفذة|تمت|"
        "finished|closed|completed|ended|done"
    ),
}  # fmt: skip
MEANING = {
    normalise(word): status for status, words in WORDS.items() for word in words.split("|")
}
MOST_MINUTES = 9_999 * 60


class OpportunitiesImporter(OfABody):
    kind: ClassVar[str] = "opportunities"
    title = _("Opportunities")
    explanation = _(
        "One opportunity a row: its title, and whatever is known of status, field, place, "
        "hours, seats, last day and link. Past ones are kept as closed, others become "
        "drafts, with the seats ready for their shifts; nothing is published."
    )
    fields = (
        TITLE, STATUS, FIELD, TIMESTAMP, COMPLETED, END_DATE, PLACE,
        SEATS, HOURS, URL,
    )  # fmt: skip
    no_body = _("Say whose opportunities these are: name a body with --body CODE.")

    def keys(self, values: Mapping[str, Any]) -> Sequence[str]:
        if values.get("url"):
            return [f"url:{values['url']}"]
        made = values.get("timestamp")
        day = made.date() if made else (values.get("end_date"), values.get("completed"))
        return [f"title:{normalise(values['title'])}|{day}"]

    def prepare(self, rows: Sequence[Row], run: RunContext) -> Sequence[Outcome]:
        region = _region()
        body_id = _key(run.acting_body)
        known = _Known(rows, body_id)
        return [_judge(row, known, region, body_id, run) for row in rows]

    def apply(self, entries: Sequence[Entry], run: RunContext) -> Sequence[str]:
        region = _region()
        body_id = _key(run.acting_body)
        rows = [entry.data or _read(entry.row, region, body_id, run) for entry in entries]
        made = commands.add_imported(rows=rows, by=run.by, at=run.at)
        return [reference(opportunity) for opportunity in made]

    def merge(self, row: Row, reference: str, run: RunContext) -> str:
        commands.complete_imported(
            opportunity_id=_key(reference), by=run.by, at=run.at,
            row=_read(row, _region(), _key(run.acting_body), run),
        )  # fmt: skip
        return reference


def _key(ref: str) -> int:
    return int(ref.rpartition(":")[2])


class _Known:
    """What the body imported before that may be what some rows say."""

    def __init__(self, rows: Sequence[Row], body_id: int) -> None:
        unlinked = [row.values for row in rows if not row.values.get("url")]
        titles = [(" ".join(v["title"].split()), v.get("timestamp")) for v in unlinked]
        self.by_url: dict[str, list] = defaultdict(list)
        self.by_title: dict[str, list] = defaultdict(list)
        for one in queries.imported_like(
            body_id, urls=[row.values.get("url") for row in rows],
            undated=[title for title, made in titles if not made],
            dated=[(title, made.date()) for title, made in titles if made],
        ):  # fmt: skip
            self.by_url[one.source_url].append(one)
            self.by_title[normalise(one.title)].append(one)

    def like(self, values: Mapping[str, Any], reading: ImportedOpportunity, run: RunContext):
        """By the link; else by the title and the day, as ``keys`` compares lines of a file."""
        if reading.source_url:
            return self.by_url.get(reading.source_url, [])
        alike = self.by_title.get(normalise(reading.title), [])
        if values.get("timestamp"):
            made = timezone.localdate(reading.made_at)
            return [one for one in alike if timezone.localdate(one.created_at) == made]
        return [
            one for one in alike
            if one.created_at < run.began
            and _may_have_ended_alike(one.closed_at, reading.ended_at)
        ]  # fmt: skip


def _may_have_ended_alike(ours: datetime | None, theirs: datetime | None) -> bool:
    return not (ours and theirs) or timezone.localdate(ours) == timezone.localdate(theirs)


def _judge(
    row: Row, known: _Known, region: "_Region", body_id: int, run: RunContext
) -> Outcome:
    values = row.values
    if len(values["title"]) > 120:  # noqa: PLR2004 - the column's length
        return Bad(_("The title is longer than 120 letters: shorten it."), field="title")
    if (values.get("minutes") or 0) > MOST_MINUTES:
        return Bad(_("So many hours cannot be right: check the hours."), field="minutes")
    if (values.get("seats") or 0) > MOST_SEATS:
        return Bad(_("So many seats cannot be right: check the seats."), field="seats")
    reading = _read(row, region, body_id, run)
    alike = known.like(values, reading, run)
    if alike:
        return Duplicate(
            _("An opportunity with this link, or with this title and date, is there already."),
            [_candidate(one) for one in alike[:5]],
        )
    return New(reading, remark=_remark(values, reading))


def _candidate(known) -> Candidate:
    facts = {"status": OpportunityStatus(known.status).label, "place": known.place}
    return Candidate(
        reference(known), known.title, {n: words for n, words in facts.items() if words}
    )


def _read(row: Row, region: "_Region", body_id: int, run: RunContext) -> ImportedOpportunity:
    values = row.values
    minutes = values.get("minutes")
    place = " ".join((values.get("place") or "").split())
    ended = values.get("end_date") or values.get("completed")
    made = values.get("timestamp")
    return ImportedOpportunity(
        body_id=body_id,
        title=" ".join(values["title"].split()),
        status=_status(values, today=timezone.localdate(run.at)),
        role_title=pgettext("role", "Volunteer"),
        field_id=region.fields.get(plain(values.get("field") or "")),
        governorate_id=region.governorates.get(read_place(place, region.places)),
        place="" if place_name(place) in region.names else place[:160],
        hours=(Decimal(minutes) / 60).quantize(Decimal("0.1")) if minutes else None,
        seats=values.get("seats") or None,
        source_url=values.get("url") or "",
        made_at=timezone.make_aware(made) if made else run.at,
        ended_at=_end_of(ended) if ended and ended <= timezone.localdate(run.at) else None,
    )


def _bare(status: str) -> str:
    """Without the ticks and dots some put before it."""
    return " ".join(re.findall(r"\w+", normalise(status)))


def _status(values: Mapping[str, Any], *, today: date) -> str:
    """Draft unless the words say that it is over, or only the dates speak and they say so."""
    typed = _bare(values.get("status") or "")
    meaning = MEANING.get(typed, OpportunityStatus.DRAFT)
    if typed and meaning != OpportunityStatus.PUBLISHED:
        return meaning
    ended = values.get("end_date") or values.get("completed")
    return OpportunityStatus.CLOSED if ended and ended < today else OpportunityStatus.DRAFT


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _remark(values: Mapping[str, Any], reading: ImportedOpportunity) -> Saying | str:
    said: Saying | str = ""
    for one in _remarks(values, reading):
        said = in_turn(said, one)
    return said


def _remarks(values: Mapping[str, Any], reading: ImportedOpportunity) -> Iterable[Saying]:
    typed, field = values.get("status"), values.get("field")
    if typed and _bare(typed) not in MEANING:
        yield Saying(
            _("The status “%(status)s” is not known: it becomes a draft."), status=typed
        )
    if field and not reading.field_id:
        yield Saying(
            _("The field of work “%(field)s” is not one of the region's: it stays empty."),
            field=field,
        )
    if reading.place and not reading.governorate_id:
        yield Saying(_("The place is not one of the region's: %(place)s"), place=reading.place)


@dataclass(frozen=True, slots=True)
class _Region:
    """Spellings of places → the governorate's code, and → the field of work's key."""

    places: Mapping[str, str]
    names: Collection[str]  # of the governorates themselves
    governorates: Mapping[str, int]
    fields: Mapping[str, int]


def _region() -> _Region:
    governorates = registry.governorates()
    named = {
        place_name(name): one.code
        for one in governorates
        for name in (one.name_ar, one.name_en, one.code)
    }
    return _Region(
        places=place_codes() | named,
        names=named.keys(),
        governorates={one.code: one.pk for one in governorates},
        fields={
            plain(name): one.pk
            for one in registry.fields()
            for name in (one.name_ar, one.name_en, one.code)
        },
    )

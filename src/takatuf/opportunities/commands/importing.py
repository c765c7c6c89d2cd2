"""Opportunities out of spreadsheets: past ones closed, others drafts; never published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from takatuf.kernel.transitions import record
from takatuf.kernel.verify_codes import new_code
from takatuf.opportunities.commands.drafting import CODE_LENGTH, locked
from takatuf.opportunities.commands.listing import refresh_listing
from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.models import Opportunity, OpportunityRole


@dataclass(frozen=True, kw_only=True)
class ImportedOpportunity:
    """A row understood. ``status``: draft, closed or cancelled."""

    body_id: int
    title: str
    status: str
    role_title: str
    field_id: int | None = None
    governorate_id: int | None = None
    place: str = ""
    hours: Decimal | None = None
    seats: int | None = None
    source_url: str = ""
    made_at: datetime
    ended_at: datetime | None = None


@transaction.atomic
def add_imported(*, rows: Sequence[ImportedOpportunity], by, at: datetime) -> list[Opportunity]:
    """Add them, each with one role, in a fixed number of queries.

    They stand in no list: ``imported`` says where they come from, the import run says who
    brought them and when.
    """
    made = Opportunity.objects.bulk_create(_row(each, by=by, at=at) for each in rows)
    OpportunityRole.objects.bulk_create(
        OpportunityRole(opportunity=opportunity, title=each.role_title)
        for opportunity, each in zip(made, rows, strict=True)
    )
    return made


def _row(each: ImportedOpportunity, *, by, at: datetime) -> Opportunity:
    over = each.status in (OpportunityStatus.CLOSED, OpportunityStatus.CANCELLED)
    return Opportunity(
        code=new_code()[:CODE_LENGTH], body_id=each.body_id, title=each.title,
        status=each.status, field_id=each.field_id,
        governorate_id=each.governorate_id, place=each.place,
        hours_estimate=each.hours, source_url=each.source_url, imported=True, created_by=by,
        imported_seats=each.seats, created_at=min(each.made_at, at),
        closed_at=(each.ended_at or at) if over else None,
    )  # fmt: skip


@transaction.atomic
def complete_imported(
    *, opportunity_id: int, row: ImportedOpportunity, by, at: datetime
) -> Opportunity:
    """The row is this opportunity: fill what is missing there, change nothing else."""
    opportunity = locked(opportunity_id)
    known = {
        "field_id": row.field_id, "governorate_id": row.governorate_id, "place": row.place,
        "hours_estimate": row.hours, "source_url": row.source_url, "imported_seats": row.seats,
    }  # fmt: skip
    missing = {n: v for n, v in known.items() if v and not getattr(opportunity, n)}
    if missing:
        Opportunity.objects.filter(pk=opportunity.pk).update(**missing)
        opportunity.refresh_from_db()
        record(
            subject=opportunity, action="imported", by=by, at=at, acting_body=opportunity.body,
            changes={name: [None, str(value)] for name, value in missing.items()},
        )  # fmt: skip
        refresh_listing(opportunity, at=at)
    return opportunity

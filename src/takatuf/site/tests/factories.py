"""A small region for the pages: governorates, bodies, opportunities of this week, needs."""

from datetime import timedelta

from django.utils import timezone

from takatuf.needs.enums import NeedStatus
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities import commands as opportunities
from takatuf.placement.tests.factories import OpportunityFactory, ShiftFactory, shift_role
from takatuf.registry.tests.factories import FieldFactory, GovernorateFactory

PLACES = [("tabuk", "تبوك", "Tabuk", "28.4150", "36.5340"), ("umluj", "أملج", "Umluj", "25.0390", "37.2590")]  # fmt: skip


def governorates():
    return [
        GovernorateFactory(code=code, name_ar=ar, name_en=en, latitude=north, longitude=east)
        for code, ar, en, north, east in PLACES
    ]


def listed(*, number: int = 1, **fields):
    """Opportunities on the public list, each with a shift in some days."""
    rows = []
    for n in range(number):
        shift = ShiftFactory(
            opportunity=OpportunityFactory(**fields),
            starts_at=timezone.now() + timedelta(days=2 + n % 20),
        )
        place = shift_role(seats=5, shift=shift)
        opportunities.refresh_listing(place.shift.opportunity, at=timezone.now())
        rows.append(place)
    return rows


def region(*, size: int = 1) -> None:
    """So many opportunities and needs in each governorate."""
    for governorate in governorates():
        listed(number=size, governorate=governorate, field=FieldFactory(code="health"))
        for _ in range(size):
            NeedFactory(
                status=NeedStatus.VALIDATED, decided_at=timezone.now(), governorate=governorate,
                people_estimate=40, estimate_basis="قائمة",
            )  # fmt: skip

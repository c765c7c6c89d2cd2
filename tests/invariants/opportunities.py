"""Seats, what lists show, and what is over."""

from django.utils import timezone

from takatuf.opportunities.models import Opportunity, Shift
from takatuf.opportunities.tests import factories as opportunities
from takatuf.registry.models import Body
from tests.invariants import case


@case("opportunities count the seats of their planned shifts")
def _seats():
    made = opportunities.published(at=timezone.now())
    yield
    Opportunity.objects.filter(pk=made.pk).update(seats_taken=3)


@case("what lists show is what the rows say")
def _listed():
    made = opportunities.published(at=timezone.now())
    yield
    Opportunity.objects.filter(pk=made.pk).update(listed=False)


@case("what is over has no shift to come")
def _over():
    made = opportunities.published(at=timezone.now())
    other = opportunities.published(at=timezone.now())
    yield
    Shift.objects.filter(pk=made.shifts.all()[0].pk).update(
        status="moved", reason="س", moved_to=other.shifts.all()[0]
    )


@case("closed bodies have no open opportunities")
def _open_under_closed():
    made = opportunities.published(at=timezone.now())
    yield
    Body.objects.filter(pk=made.body_id).update(status="closed")

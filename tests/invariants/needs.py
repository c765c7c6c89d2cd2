"""Needs that were merged."""

from django.utils import timezone

from takatuf.needs.tests.factories import NeedFactory
from tests.invariants import case


@case("merged needs lead to a living one")
def _merged():
    into = NeedFactory(validated=True)
    at = timezone.now()
    NeedFactory(status="merged", merged_into=into, decided_at=at)
    yield
    other = NeedFactory(validated=True)
    type(into).objects.filter(pk=into.pk).update(status="merged", merged_into=other)

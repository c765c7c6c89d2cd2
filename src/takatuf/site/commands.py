"""Counting the public figures anew."""

from datetime import datetime

from django.db import transaction

from takatuf.kernel.registries import measures
from takatuf.site.models import FigureReading

COLUMNS = ["value", "as_of"]


def count_figures(*, at: datetime) -> int:
    """Compute every measure and keep it, all at one moment. Gives back how many readings.

    The counting happens before the transaction: only the writing waits for other writers.
    """
    rows = [
        FigureReading(measure=name, scope=scope, value=value, as_of=at)
        for name, measure in measures
        for scope, value in measure.compute(at).items()
    ]
    with transaction.atomic():
        FigureReading.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["measure", "scope"],
            update_fields=COLUMNS,
        )
        # What has nothing to count any more is not shown as it once was.
        FigureReading.objects.filter(as_of__lt=at).delete()
    return len(rows)

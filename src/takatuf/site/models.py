from django.db import models


class FigureReading(models.Model):
    """A figure of the public pages as it stood at a moment; recomputed by the worker."""

    measure = models.CharField(max_length=60)  # a name in kernel.registries.measures
    scope = models.CharField(max_length=60, blank=True)  # governorate code, or the region
    value = models.DecimalField(max_digits=18, decimal_places=4)  # a share is out of 1
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "scope"], name="figure_once_per_scope")
        ]

    def __str__(self):
        return f"{self.measure} {self.scope}: {self.value}"

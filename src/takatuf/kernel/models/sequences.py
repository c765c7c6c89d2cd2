from django.db import models
from django.db.models import Q


class Sequence(models.Model):
    """A gapless count of one kind of number, in one scope, in one year."""

    kind = models.CharField(max_length=40)
    scope = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "scope", "year"], name="sequence_once_per_kind_scope_year"
            )
        ]

    def __str__(self):
        return f"{self.kind}/{self.scope}/{self.year}: {self.last}"


class IssuedNumber(models.Model):
    """A number given out. A void one keeps its place."""

    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="issued")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    void_reason = models.CharField(max_length=300, blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sequence", "number"], name="issued_number_once_per_sequence"
            ),
            models.CheckConstraint(
                name="issued_number_starts_at_one", condition=Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="issued_number_void_has_a_reason",
                condition=Q(voided_at__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.sequence} no. {self.number}"

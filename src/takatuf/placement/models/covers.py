from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takatuf.placement.enums import CoverStatus


class Cover(models.Model):
    """Somebody with a place looks for somebody to come instead; until then it stays theirs.

    ``accepts`` are other shifts they would come to in exchange: whoever has a place there may
    swap, and nobody else. None: anybody who fits may come instead.
    """

    application = models.ForeignKey(
        "placement.Application", on_delete=models.PROTECT, related_name="covers"
    )
    accepts = models.ManyToManyField("opportunities.Shift", related_name="+", blank=True)
    status = models.CharField(max_length=10, choices=CoverStatus, default=CoverStatus.OPEN)
    taken = models.OneToOneField(  # the place of whoever comes instead
        "placement.Application", null=True, on_delete=models.PROTECT, related_name="covering"
    )
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)  # when it was last weighed whom to ask
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("place to cover")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(status="open"),
                name="cover_one_open_per_place",
            ),
            models.CheckConstraint(
                name="cover_status_is_known", condition=Q(status__in=CoverStatus.values)
            ),
            models.CheckConstraint(
                name="cover_taken_names_who_comes",
                condition=Q(status="taken", taken__isnull=False)
                | (~Q(status="taken") & Q(taken__isnull=True)),
            ),
            models.CheckConstraint(
                name="cover_ended_has_a_time",
                condition=Q(status="open", ended_at__isnull=True)
                | (~Q(status="open") & Q(ended_at__isnull=False)),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"cover for {self.application_id}: {self.status}"

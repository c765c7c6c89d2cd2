from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takatuf.placement.enums import AskStatus


class CoverAsk(models.Model):
    """Somebody is asked whether they come instead; for a swap, which place of theirs for it.

    ``told_at`` is when a message went to them; without one the question stands on their page
    alone, for they wish no more messages that week.
    """

    cover = models.ForeignKey("placement.Cover", on_delete=models.PROTECT, related_name="asks")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cover_asks"
    )
    place = models.ForeignKey(  # of theirs, given in exchange; null: they only come instead
        "placement.Application", null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=AskStatus, default=AskStatus.ASKED)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("question whether somebody comes instead")
        constraints = [
            models.UniqueConstraint(
                fields=["cover", "person"], name="cover_ask_once_per_person"
            ),
            models.CheckConstraint(
                name="cover_ask_status_is_known", condition=Q(status__in=AskStatus.values)
            ),
            models.CheckConstraint(
                name="cover_ask_declined_has_a_time",
                condition=Q(status="asked", answered_at__isnull=True)
                | Q(status="declined", answered_at__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["person", "told_at"], name="cover_ask_by_person")]

    def __str__(self):
        return f"{self.person_id} asked about cover {self.cover_id}: {self.status}"

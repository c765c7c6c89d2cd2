from django.conf import settings
from django.db import models
from django.db.models import F, Q

from takatuf.registry.enums import MergeStatus


class PersonMerge(models.Model):
    """Two records said to be one person: proposed by one of the desk, decided by another."""

    keep = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drop = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=MergeStatus, default=MergeStatus.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_merge_joins_two_records", condition=~Q(keep=F("drop"))
            ),
            models.UniqueConstraint(
                fields=["keep", "drop"],
                condition=Q(status="proposed"),
                name="person_merge_proposed_once",
            ),
            models.UniqueConstraint(
                fields=["drop"], condition=Q(status="done"), name="person_merge_given_up_once"
            ),
            models.CheckConstraint(
                name="person_merge_decided_has_a_time",
                condition=Q(status="proposed") | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.drop_id} into {self.keep_id}: {self.status}"

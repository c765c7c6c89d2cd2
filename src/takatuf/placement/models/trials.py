from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.sayings import read_out
from takatuf.placement.enums import TrialStatus


class RoundTrial(models.Model):
    """What a round's plan would be with other settings: figures alone, nobody is proposed.

    ``points`` and ``points_before`` weigh both plans by the round's own settings, so that their
    difference is what the other settings cost.
    """

    round = models.ForeignKey(
        "placement.Round", on_delete=models.PROTECT, related_name="trials"
    )
    attempt = models.PositiveIntegerField()  # of the round: the plan it is compared with
    options = models.JSONField()  # all of them; rounds/settings.py has their shape
    status = models.CharField(max_length=10, choices=TrialStatus, default=TrialStatus.WORKING)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    seats_filled = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)  # who have a place
    people_before = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)  # heads missing below the minima
    moved = models.PositiveIntegerField(default=0)  # places of the plan given to others
    points = models.BigIntegerField(default=0)  # the engine's steps
    points_before = models.BigIntegerField(default=0)
    gap = models.FloatField(null=True)
    failure = models.CharField(max_length=300, blank=True)  # as kernel.sayings writes it down

    class Meta:
        verbose_name = _("trial of other settings")
        constraints = [
            models.CheckConstraint(
                name="trial_status_is_known", condition=Q(status__in=TrialStatus.values)
            ),
            models.CheckConstraint(
                name="trial_done_has_its_time",
                condition=Q(status="working", done_at__isnull=True)
                | (~Q(status="working") & Q(done_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="trial_failed_says_why", condition=~Q(status="failed") | ~Q(failure="")
            ),
            models.CheckConstraint(
                name="trial_done_has_its_gap",
                condition=~Q(status="done") | Q(gap__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["round", "-id"], name="trial_by_round")]

    def __str__(self):
        return f"trial {self.pk} of round {self.round_id}: {self.status}"

    @property
    def why_failed(self) -> str:
        """In the language of the moment."""
        return read_out(self.failure)

    @property
    def people_more(self) -> int:
        return self.people - self.people_before

    @property
    def points_more(self) -> int:
        return self.points - self.points_before

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takatuf.registry.enums import ConcernStatus
from takatuf.registry.models.bodies import Body


class Concern(models.Model):
    """Something is wrong: told from any page to the desk, never to the body it is about."""

    class Kind(models.TextChoices):
        SAFETY = "safety", _("Somebody's safety")
        CONDUCT = "conduct", _("Conduct")
        HOURS = "hours", _("Hours or certificates")
        PRIVACY = "privacy", _("Privacy")
        OTHER = "other", _("Something else")

    number = models.CharField(max_length=20, unique=True)
    # A reporter without an account comes back with number and code; only the digest stays.
    code_digest = models.CharField(max_length=64, blank=True)
    kind = models.CharField(_("what it is about"), max_length=10, choices=Kind)
    text = models.TextField(_("what happened"), max_length=4000)
    page = models.CharField(max_length=300, blank=True)
    about_body = models.ForeignKey(
        Body, verbose_name=_("body concerned"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="concerns",
    )  # fmt: skip
    reporter = models.ForeignKey(  # null: not signed in, or wished to stay unnamed
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    contact = models.CharField(_("how to reach you"), max_length=254, blank=True)
    status = models.CharField(max_length=10, choices=ConcernStatus, default=ConcernStatus.OPEN)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answer = models.TextField(blank=True, max_length=4000)
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()  # five working days; one day for safety
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"], name="concern_by_clock")]
        constraints = [
            models.CheckConstraint(
                name="concern_answered_has_words_and_a_time",
                condition=Q(status__in=["open", "in_hand"])
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="concern_in_hand_has_a_handler",
                condition=Q(status="open") | Q(handler__isnull=False),
            ),
            models.CheckConstraint(
                name="concern_closed_has_a_time",
                condition=~Q(status="closed") | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.sayings import read_out
from takatuf.opportunities.enums import ShiftStatus
from takatuf.placement.enums import ApplicationStatus, Origin


class Application(models.Model):
    """One person's claim on one role of one shift, from applying to having attended.

    Applying for several shifts at once makes several rows of one ``batch``.
    """

    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.PROTECT, related_name="applications"
    )
    shift = models.ForeignKey(
        "opportunities.Shift", on_delete=models.PROTECT, related_name="applications"
    )
    shift_role = models.ForeignKey(
        "opportunities.ShiftRole", on_delete=models.PROTECT, related_name="applications"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    batch = models.UUIDField(db_index=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.APPLIED)
    status = models.CharField(
        max_length=10, choices=ApplicationStatus, default=ApplicationStatus.APPLIED
    )
    message = models.TextField(_("a word to the unit"), max_length=600, blank=True)
    # In line, the greater first: what the latest plan for the place weighs the person with.
    line_points = models.IntegerField(default=0)
    applied_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True)  # by request: ``answer_due``
    answered_at = models.DateTimeField(null=True)  # the body's answer
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Words of ours in English, a line each, beside people's own: see ``why``.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    offer_expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)  # asked again at T-48 h
    reconfirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("application")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "shift"],
                condition=Q(
                    status__in=[
                        "applied", "waiting", "offered", "confirmed",
                        "attended", "no_show", "excused",
                    ]
                ),
                name="application_one_live_place_per_person_and_shift",
            ),
            models.CheckConstraint(
                name="application_offer_has_an_end",
                condition=~Q(status="offered") | Q(offer_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_confirmed_has_a_time",
                condition=~Q(status__in=["confirmed", "attended", "no_show", "excused"])
                | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_declined_says_why",
                condition=~Q(status="declined") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="application_ended_has_a_time",
                condition=~Q(status__in=["declined", "withdrawn", "expired"])
                | Q(ended_at__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["shift_role", "status", "id"], name="application_queue"),
            models.Index(fields=["person", "status"], name="application_by_person"),
            models.Index(fields=["opportunity", "status"], name="application_by_opportunity"),
            models.Index(
                fields=["offer_expires_at"],
                condition=Q(status="offered"),
                name="application_offers",
            ),
        ]

    @property
    def why(self) -> str:
        """The reason, in the language of the moment where the words are ours."""
        return read_out(self.reason).replace("\n", " ")

    @property
    def is_asked_again(self) -> bool:
        """They were asked before the shift whether they come, and have not said so since."""
        said = [at for at in (self.confirmed_at, self.reconfirmed_at) if at]
        return self.reminded_at is not None and all(at < self.reminded_at for at in said)

    @property
    def went_with_its_shift(self) -> bool:
        """A place, or an offer that still stood, until the body cancelled the shift."""
        if (self.status, self.shift.status) != (
            ApplicationStatus.EXPIRED, ShiftStatus.CANCELLED,
        ):  # fmt: skip
            return False
        if self.confirmed_at or not (self.offer_expires_at and self.ended_at):
            return self.confirmed_at is not None
        return self.ended_at < self.offer_expires_at

    def __str__(self):
        return f"{self.person_id} for {self.shift_role_id}: {self.status}"


class Covenant(models.Model):
    """ميثاق تنفيذ الفرصة: signed by a minor before joining, once the guardian agreed."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covenants"
    )
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.PROTECT, related_name="covenants"
    )
    text_version = models.CharField(max_length=20)
    signed_name = models.CharField(_("name as signed"), max_length=120)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "opportunity"], name="covenant_once_per_opportunity"
            )
        ]

    def __str__(self):
        return f"covenant of {self.person_id} for {self.opportunity_id}"

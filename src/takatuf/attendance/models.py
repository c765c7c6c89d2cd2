import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takatuf.attendance.enums import EvidenceClass, HourState, PresenceStatus


class Presence(models.Model):
    """One person at one shift: came, left, or did not come."""

    shift = models.ForeignKey(
        "opportunities.Shift", on_delete=models.PROTECT, related_name="presences"
    )
    application = models.OneToOneField(
        "placement.Application", on_delete=models.PROTECT, related_name="presence"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="presences"
    )
    status = models.CharField(
        max_length=8, choices=PresenceStatus, default=PresenceStatus.EXPECTED
    )
    came_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_is_assumed = models.BooleanField(default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Who marked it last; its history names everybody who did.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "person"], name="presence_once_per_shift"),
            models.CheckConstraint(
                name="presence_came_has_a_time",
                condition=Q(status__in=["present", "left"], came_at__isnull=False)
                | Q(status__in=["expected", "no_show", "excused"], came_at__isnull=True),
            ),
            models.CheckConstraint(
                name="presence_left_has_a_time",
                condition=Q(status="left", left_at__isnull=False)
                | (~Q(status="left") & Q(left_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="presence_leaves_after_coming",
                condition=Q(left_at__isnull=True) | Q(left_at__gt=F("came_at")),
                violation_error_message=_("Leaving comes after arriving: check the two times."),
            ),
        ]
        indexes = [models.Index(fields=["person", "came_at"], name="presence_by_person")]

    def __str__(self):
        return f"{self.person_id} at {self.shift_id}: {self.status}"


class HourClaim(models.Model):
    """What the entries of the ledger are about. The person link can be erased; entries stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="hour_claims",
    )
    body = models.ForeignKey(
        "registry.Body", on_delete=models.PROTECT, related_name="hour_claims"
    )
    governorate = models.ForeignKey(
        "registry.Governorate", null=True, on_delete=models.PROTECT, related_name="+"
    )
    opportunity = models.ForeignKey(
        "opportunities.Opportunity",
        null=True,
        on_delete=models.PROTECT,
        related_name="hour_claims",
    )
    presence = models.OneToOneField(
        Presence, null=True, on_delete=models.PROTECT, related_name="hour_claim"
    )
    # What was done, as a certificate says it; empty where a sheet does not say.
    work = models.CharField(max_length=160, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # Mirrors the last entry, written in the same transaction; an invariant compares them.
    state = models.CharField(max_length=10, choices=HourState)
    minutes = models.PositiveIntegerField()
    evidence = models.CharField(max_length=8, choices=EvidenceClass)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hour_claim_ends_after_it_starts",
                condition=Q(ended_at__gt=F("started_at")),
            ),
            models.CheckConstraint(
                name="hour_claim_imported_stays_unverified",
                condition=~Q(evidence="imported") | Q(state__in=["imported", "reversed"]),
            ),
            models.CheckConstraint(
                name="hour_claim_minutes_fit_the_times", condition=Q(minutes__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["person", "started_at"], name="hour_claim_by_person"),
            models.Index(fields=["body", "state"], name="hour_claim_by_body"),
        ]

    @property
    def what(self) -> str:
        """What was done, for people."""
        return self.work or str(_("Volunteer work"))

    def __str__(self):
        return f"{self.minutes} min {self.state} ({self.id})"


class HourEntry(models.Model):
    """One line of the hours ledger; each state is a new line. Append-only.

    ``counted`` is what the line adds to everybody's totals: the minutes when approved, minus
    the minutes when reversed, nothing before.
    """

    claim = models.ForeignKey(HourClaim, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=HourState)
    evidence = models.CharField(max_length=8, choices=EvidenceClass)
    minutes = models.PositiveIntegerField()
    counted = models.IntegerField(default=0)
    actor = models.UUIDField(null=True)  # Person.ref; null: the system
    claimant = models.UUIDField(null=True)  # who made the first entry of this claim
    beneficiary = models.UUIDField()  # whose hours they are: Person.ref
    days_late = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    reason_digest = models.CharField(max_length=64, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "position"], name="hour_entry_positions_are_unique"
            ),
            models.UniqueConstraint(
                fields=["claim", "state"], name="hour_entry_each_state_once"
            ),
            models.CheckConstraint(
                name="hour_entry_counts_only_when_approved",
                condition=Q(state="approved", counted=F("minutes"))
                | Q(state="reversed", counted__in=[0])
                | Q(state="reversed", counted=0 - F("minutes"))
                | Q(state__in=["claimed", "confirmed", "rejected", "imported"], counted=0),
            ),
            models.CheckConstraint(
                name="hour_entry_nobody_approves_their_own",
                condition=~Q(state="approved")
                | (
                    Q(actor__isnull=False)
                    & ~Q(actor=F("beneficiary"))
                    & (Q(claimant__isnull=True) | ~Q(actor=F("claimant")))
                ),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.claim_id}#{self.position} {self.state}"


class HourNote(models.Model):
    """The words of a ledger line, erasable without touching it."""

    entry = models.OneToOneField(HourEntry, on_delete=models.PROTECT, related_name="note")
    reason = models.CharField(max_length=500)
    salt = models.CharField(max_length=32)

    def __str__(self):
        return f"note of {self.entry_id}"


class PeopleServed(models.Model):
    """How many people a shift served: counted by the leader, confirmed by another person."""

    shift = models.OneToOneField(
        "opportunities.Shift", on_delete=models.PROTECT, related_name="people_served"
    )
    count = models.PositiveIntegerField(_("people served"))
    basis = models.CharField(_("how it was counted"), max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_served_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by"))),
            )
        ]

    def __str__(self):
        return f"{self.count} at {self.shift_id}"

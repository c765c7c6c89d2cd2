from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.sayings import read_out
from takatuf.placement.enums import LIVE_PROPOSALS, ProposalStatus, RoundStatus

UNSOLVED = ["draft", "solving", "cancelled", "failed"]


class Round(models.Model):
    """One matching round: which places, who takes part, how it is weighed, how far it is.

    While it is worked out ``seats_filled``, ``objective``, ``bound`` and ``gap`` are those
    reached so far; afterwards those of the stored plan.
    """

    body = models.ForeignKey(  # that opened it: the desk's, or one for its own shifts
        "registry.Body", on_delete=models.PROTECT, related_name="matching_rounds"
    )
    # The scope; none named: all of them.
    bodies = models.ManyToManyField("registry.Body", related_name="+", blank=True)
    governorates = models.ManyToManyField("registry.Governorate", related_name="+", blank=True)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    all_ways = models.BooleanField(default=False)  # free seats of open and by-request ones too
    with_agreed = models.BooleanField(default=True)  # beside those who asked: who agreed to be
    passes_on = models.BooleanField(default=True)  # a freed seat is offered without approval
    options = models.JSONField(default=dict)  # rounds/settings.py has its shape
    seed = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=RoundStatus, default=RoundStatus.DRAFT)
    attempt = models.PositiveIntegerField(default=0)  # counts starts: older jobs stop
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()  # the job's last sign of life
    # The job is content with what it has by then; each attempt of it begins its time anew.
    ends_by = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    seats_asked = models.PositiveIntegerField(default=0)
    seats_filled = models.PositiveIntegerField(default=0)
    objective = models.BigIntegerField(null=True)  # the engine's points
    bound = models.FloatField(null=True)
    gap = models.FloatField(null=True)  # a share, from 0 to 1
    failure = models.CharField(max_length=300, blank=True)  # as kernel.sayings writes it down

    class Meta:
        verbose_name = _("matching round")
        constraints = [
            models.CheckConstraint(
                name="round_status_is_known", condition=Q(status__in=RoundStatus.values)
            ),
            models.CheckConstraint(
                name="round_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                name="round_fills_no_more_than_asked",
                condition=Q(seats_filled__lte=F("seats_asked")),
            ),
            models.CheckConstraint(
                name="round_solved_has_its_figures",
                condition=Q(status__in=UNSOLVED)
                | Q(
                    solved_at__isnull=False, objective__isnull=False, bound__isnull=False,
                    gap__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="round_solving_was_started",
                condition=~Q(status="solving")
                | Q(started_at__isnull=False, ends_by__isnull=False, attempt__gte=1),
            ),
            models.CheckConstraint(
                name="round_failed_says_why", condition=~Q(status="failed") | ~Q(failure="")
            ),
            models.CheckConstraint(
                name="round_over_has_a_time",
                condition=Q(status__in=["closed", "cancelled"], closed_at__isnull=False)
                | (~Q(status__in=["closed", "cancelled"]) & Q(closed_at__isnull=True)),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["body", "-id"], name="round_by_body"),
            models.Index(fields=["status", "last_day"], name="round_by_state"),
        ]

    def __str__(self):
        return f"round {self.pk}: {self.status}"

    @property
    def why_failed(self) -> str:
        """In the language of the moment."""
        return read_out(self.failure)

    def seconds_left(self, *, at: datetime) -> int | None:
        """Until the job is content with what it has; while it waits for its turn, all of its
        time. None while nothing is worked out.
        """
        if self.status != RoundStatus.SOLVING or self.ends_by is None:
            return None
        waits = self.touched_at == self.started_at
        now = self.started_at if waits and self.started_at else at
        return max(0, round((self.ends_by - now).total_seconds()))


class RoundPlan(models.Model):
    """What a round was worked out from, and what came out: enough to check it again.

    ``arrays`` names people by their keys and holds nothing else about them.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="plan")
    digest = models.CharField(max_length=64)  # SHA-256 of the inputs; rounds/storing.py
    engine_version = models.CharField(max_length=20)
    options = models.JSONField()
    seed = models.PositiveIntegerField()
    arrays = models.BinaryField()  # .npz, compressed
    objective = models.BigIntegerField()
    bound = models.FloatField()
    gap = models.FloatField()
    people = models.PositiveIntegerField()
    pairs = models.PositiveBigIntegerField()
    seats_asked = models.PositiveIntegerField()
    seats_filled = models.PositiveIntegerField()
    seconds = models.FloatField()
    dropped = models.PositiveIntegerField(default=0)  # pairs of the plan before, no more in it
    solved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_plan_digest_is_sha256", condition=Q(digest__regex="^[0-9a-f]{64}$")
            )
        ]

    def __str__(self):
        return f"plan of round {self.round_id}"


class RoundPlace(models.Model):
    """One role of one shift in a round's plan: what it asked, what it got, what it would take.

    ``price`` is what one more seat, or one more person for it, would be worth in points;
    below 0 where heads are missing.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="places")
    shift_role = models.ForeignKey(
        "opportunities.ShiftRole", on_delete=models.PROTECT, related_name="+"
    )
    body = models.ForeignKey("registry.Body", on_delete=models.PROTECT, related_name="+")
    skill = models.ForeignKey(
        "registry.Skill", null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField()  # of the role in the plan's arrays
    seats = models.PositiveIntegerField()  # free when the round was worked out
    minimum = models.PositiveIntegerField()  # still missing then
    filled = models.PositiveIntegerField()
    price = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "shift_role"], name="round_place_once"),
            models.CheckConstraint(
                name="round_place_is_not_overfilled", condition=Q(filled__lte=F("seats"))
            ),
        ]
        indexes = [models.Index(fields=["shift_role", "round"], name="round_place_by_role")]

    def __str__(self):
        return f"{self.shift_role_id} in round {self.round_id}"


class Proposal(models.Model):
    """A round proposes one person for one role of one shift; the body decides."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals")
    body = models.ForeignKey(  # whose shift it is
        "registry.Body", on_delete=models.PROTECT, related_name="+"
    )
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.PROTECT, related_name="+"
    )
    shift = models.ForeignKey("opportunities.Shift", on_delete=models.PROTECT, related_name="+")
    shift_role = models.ForeignKey(
        "opportunities.ShiftRole", on_delete=models.PROTECT, related_name="proposals"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals"
    )
    agent = models.PositiveIntegerField()  # the person's number in the plan's arrays
    in_plan = models.BooleanField(default=True)  # False: made by the re-planner afterwards
    score = models.IntegerField()  # the engine's points
    parts = models.JSONField(default=dict)  # name of a part of the score -> points
    asked = models.BooleanField(default=False)  # the person asked for this place
    kept = models.BooleanField(default=False)  # the plan before had it already
    status = models.CharField(
        max_length=10, choices=ProposalStatus, default=ProposalStatus.PROPOSED
    )
    application = models.OneToOneField(
        "placement.Application", null=True, on_delete=models.PROTECT, related_name="proposal"
    )
    takes_over = models.OneToOneField(  # the place given up that this one is to fill
        "placement.Application", null=True, on_delete=models.PROTECT, related_name="taken_over"
    )
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # Why it was not approved, or could not be so far: see ``why``.
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("proposal")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person", "shift"],
                condition=Q(status__in=LIVE_PROPOSALS),
                name="proposal_one_live_per_person_and_shift",
            ),
            models.CheckConstraint(
                name="proposal_status_is_known",
                condition=Q(status__in=ProposalStatus.values),
            ),
            models.CheckConstraint(
                name="proposal_approved_has_its_place",
                condition=Q(status__in=["approved", "ended"], application__isnull=False)
                | Q(status__in=["proposed", "rejected", "lapsed"], application__isnull=True),
            ),
            models.CheckConstraint(
                name="proposal_decided_has_a_time",
                condition=Q(status="proposed", decided_at__isnull=True)
                | (~Q(status="proposed") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proposal_rejected_says_why",
                condition=~Q(status="rejected") | ~Q(reason=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["round", "status", "body"], name="proposal_by_body"),
            models.Index(fields=["shift_role", "status"], name="proposal_by_role"),
        ]

    @property
    def why(self) -> str:
        """The reason, in the language of the moment where the words are ours."""
        return read_out(self.reason)

    def __str__(self):
        return f"{self.person_id} for {self.shift_role_id} in round {self.round_id}"

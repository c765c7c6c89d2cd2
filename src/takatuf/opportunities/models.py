import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takatuf.accounts.enums import ADULT_AGE
from takatuf.kernel.capacity import Capacity
from takatuf.kernel.sayings import read_out
from takatuf.opportunities.enums import (
    Class,
    GenderRule,
    Mode,
    OpportunityStatus,
    ShiftStatus,
    Way,
)
from takatuf.registry.enums import SkillLevel


class Opportunity(models.Model):
    """A piece of volunteer work a body offers."""

    code = models.CharField(max_length=20, unique=True)
    body = models.ForeignKey(
        "registry.Body", on_delete=models.PROTECT, related_name="opportunities"
    )
    unit = models.ForeignKey(
        "registry.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(  # the team that carries it out, credited wherever it shows
        "registry.Team", null=True, blank=True, on_delete=models.PROTECT,
        related_name="opportunities",
    )  # fmt: skip
    need = models.ForeignKey(
        "needs.Need", verbose_name=_("need it answers"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="opportunities",
    )  # fmt: skip
    # What it is
    title = models.CharField(_("title"), max_length=120, blank=True)
    klass = models.CharField(_("class"), max_length=12, choices=Class, default=Class.GENERAL)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.ONSITE)
    field = models.ForeignKey(
        "registry.Field", verbose_name=_("field"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="opportunities",
    )  # fmt: skip
    purpose = models.TextField(_("why"), max_length=2000, blank=True)
    beneficiaries = models.CharField(_("who benefits"), max_length=200, blank=True)
    tasks = models.JSONField(_("tasks"), default=list, blank=True)  # list of short sentences
    gains = models.TextField(_("what the volunteer gains"), max_length=1000, blank=True)
    # Rules
    way = models.CharField(_("how people join"), max_length=10, choices=Way, default=Way.OPEN)
    min_age = models.PositiveSmallIntegerField(_("from age"), default=ADULT_AGE)
    max_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    gender_rule = models.CharField(
        _("who may join"), max_length=6, choices=GenderRule, default=GenderRule.ANYONE
    )
    gender_reason = models.CharField(_("lawful reason"), max_length=200, blank=True)
    languages = models.JSONField(default=list, blank=True)  # ISO codes every volunteer needs
    accessible = models.BooleanField(_("suits wheelchair users"), default=False)
    # Support and safety
    support = models.JSONField(_("support given"), default=list, blank=True)  # Support values
    safety = models.TextField(_("safety"), max_length=1000, blank=True)
    training = models.TextField(_("training or briefing"), max_length=1000, blank=True)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("supervisor"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    supervisor_role = models.CharField(_("the supervisor's post"), max_length=120, blank=True)
    minors_ready = models.BooleanField(  # the body keeps to the covenant of under-18s
        _("we keep the covenant for volunteers under 18"), default=False
    )
    unpaid = models.BooleanField(_("this is not a paid post"), default=False)
    hours_estimate = models.DecimalField(
        _("hours a volunteer gives"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    # Place
    governorate = models.ForeignKey(
        "registry.Governorate", verbose_name=_("governorate"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="opportunities",
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=160, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    external_number = models.CharField(
        _("number on the national platform"), max_length=20, blank=True
    )
    # Life
    status = models.CharField(
        max_length=10, choices=OpportunityStatus, default=OpportunityStatus.DRAFT
    )
    intake_paused = models.BooleanField(default=False)
    quality = models.PositiveSmallIntegerField(default=0)  # passed checks of ten
    version = models.PositiveIntegerField(default=1)  # bumped by every saved change
    created_by = models.ForeignKey(  # null: imported from the command line
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    reconfirm_by = models.DateField(null=True)  # listed only until this day
    closed_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)  # taken from a spreadsheet
    source_url = models.URLField(blank=True)  # where it was registered before, if imported
    imported_seats = models.PositiveSmallIntegerField(null=True)  # of a shift, until it has one
    reconfirm_reminded_for = models.DateField(null=True)  # the reconfirm_by last written about
    # Derived when written, so that lists need no joins: see commands.refresh_listing
    summary = models.CharField(max_length=240, blank=True, editable=False)
    needs_label_ar = models.CharField(max_length=200, blank=True, editable=False)
    needs_label_en = models.CharField(max_length=200, blank=True, editable=False)
    first_start = models.DateTimeField(null=True, editable=False)  # next planned shift
    last_end = models.DateTimeField(null=True, editable=False)
    shift_count = models.PositiveIntegerField(default=0, editable=False)
    shift_minutes = models.PositiveIntegerField(default=0, editable=False)  # typical shift
    seats_total = models.PositiveIntegerField(default=0, editable=False)  # in shifts to come
    seats_taken = models.PositiveIntegerField(default=0, editable=False)
    on_weekend = models.BooleanField(default=False, editable=False)  # a shift on Fri or Sat
    gives_training = models.BooleanField(default=False, editable=False)
    listed = models.BooleanField(default=False, editable=False)  # public, with shifts to come
    listing_shard = models.PositiveSmallIntegerField(default=0, editable=False)
    listing_version = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("opportunity")
        constraints = [
            models.CheckConstraint(
                name="opportunity_paused_takes_nobody",
                condition=Q(status="paused", intake_paused=True)
                | (~Q(status="paused") & Q(intake_paused=False)),
            ),
            models.CheckConstraint(
                name="opportunity_made_by_somebody_or_imported",
                condition=Q(imported=True) | Q(created_by__isnull=False),
            ),
            models.CheckConstraint(
                name="opportunity_listed_is_public_with_a_shift_to_come",
                condition=Q(listed=False)
                | Q(status__in=["published", "running"], first_start__isnull=False),
            ),
            models.CheckConstraint(
                name="opportunity_shown_was_published",
                condition=~Q(status__in=["published", "paused", "running"])
                | Q(published_at__isnull=False, reconfirm_by__isnull=False),
            ),
            models.CheckConstraint(
                name="opportunity_submitted_by_somebody",
                condition=Q(status__in=["draft", "cancelled"])
                | Q(imported=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="opportunity_ages_in_order",
                condition=Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                violation_error_message=_("The upper age cannot be below the lower one."),
            ),
            models.CheckConstraint(
                name="opportunity_gender_rule_has_a_reason",
                condition=Q(gender_rule="anyone") | ~Q(gender_reason=""),
                violation_error_message=_("Say which lawful reason limits who may join."),
            ),
            models.CheckConstraint(
                name="opportunity_place_has_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="opportunity_quality_of_ten", condition=Q(quality__lte=10)
            ),
            models.CheckConstraint(
                name="opportunity_imported_seats_were_imported",
                condition=Q(imported_seats__isnull=True)
                | Q(imported=True, imported_seats__gte=1),
            ),
            models.CheckConstraint(
                name="opportunity_closed_has_a_time",
                condition=~Q(status__in=["closed", "cancelled"]) | Q(closed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(listed=True), name="opportunity_listed"),
            models.Index(
                fields=["listing_shard", "listing_version"], name="opportunity_list_changes"
            ),
            models.Index(fields=["status", "first_start"], name="opportunity_by_state"),
            models.Index(fields=["body", "status"], name="opportunity_by_body"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def takes_minors(self) -> bool:
        return self.min_age < ADULT_AGE


class ListVersion(models.Model):
    """How often listed opportunities of one shard changed; bumped in each change's transaction.

    Taking the row's lock first orders the changes of a shard, so that a reader who knows
    version n has seen every change up to n. ``epoch`` tells one database from another.
    """

    shard = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    epoch = models.UUIDField(default=uuid.uuid4)

    def __str__(self):
        return f"{self.shard}: {self.number}"


class Wish(models.Model):
    """Somebody wants to be told when an opportunity like this is published."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    contact = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(max_length=2, choices=[("ar", "العربية"), ("en", "English")])
    filters = models.JSONField()  # as in the list's address
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # the address answered; people at once
    told_at = models.DateTimeField(null=True)  # the last time
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wish_is_of_a_person_or_an_address",
                condition=Q(person__isnull=False, contact="")
                | (Q(person__isnull=True) & ~Q(contact="")),
            ),
            models.UniqueConstraint(
                fields=["person", "contact", "filters"],
                condition=Q(ended_at__isnull=True),
                name="wish_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["confirmed_at"], condition=Q(ended_at__isnull=True), name="wish_live"
            )
        ]

    def __str__(self):
        return f"wish {self.pk}"


class OpportunityRole(models.Model):
    """A part people play: what it is called and what it asks for."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="roles")
    title = models.CharField(_("role"), max_length=80)
    skill = models.ForeignKey(
        "registry.Skill", verbose_name=_("skill"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(_("at least"), null=True, blank=True)
    least_basis = models.CharField(_("shown by"), max_length=10, blank=True)  # registry Basis
    credential = models.ForeignKey(  # held too and valid on the day, at any level
        "registry.Skill", verbose_name=_("second skill"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "title"], name="role_title_once_per_opportunity",
                violation_error_message=_("There is already a role by this name."),
            ),
            models.CheckConstraint(
                name="role_skill_has_level_and_basis",
                condition=Q(skill__isnull=True, level__isnull=True, least_basis="")
                | (Q(skill__isnull=False, level__in=[1, 2, 3]) & ~Q(least_basis="")),
            ),
            models.CheckConstraint(
                name="role_credential_stands_beside_another_skill",
                condition=Q(credential__isnull=True)
                | (Q(skill__isnull=False) & ~Q(credential=F("skill"))),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.title} of {self.opportunity_id}"

    @property
    def skill_ids(self) -> list[int]:
        """Keys of the skills it asks for."""
        return [pk for pk in (self.skill_id, self.credential_id) if pk is not None]

    @property
    def level_words(self) -> str:
        return str(SkillLevel(self.level).label) if self.level else ""


class ShiftSeries(models.Model):
    """A weekly repetition; its shifts are rows of their own."""

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, related_name="series"
    )
    weekdays = models.JSONField()  # list of 0 Sunday … 6 Saturday
    starts = models.TimeField()
    ends = models.TimeField()  # at or before `starts`: ends the next day
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="series_days_in_order", condition=Q(last_day__gte=F("first_day"))
            )
        ]

    def __str__(self):
        return f"series {self.pk} of {self.opportunity_id}"


class Shift(models.Model):
    """One sitting: ``[starts_at, ends_at)``."""

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, related_name="shifts"
    )
    series = models.ForeignKey(
        ShiftSeries, null=True, on_delete=models.PROTECT, related_name="shifts"
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(max_length=10, choices=ShiftStatus, default=ShiftStatus.PLANNED)
    moved_to = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="moved_from"
    )
    # Of cancelling or moving, public; words of ours in English, see ``why``.
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shift_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A shift must end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["opportunity", "starts_at", "ends_at"],
                condition=Q(status__in=["planned", "running"]),
                name="shift_once_at_a_time",
                violation_error_message=_("There is already a shift at this time."),
            ),
            models.CheckConstraint(
                name="shift_moved_names_the_new_one",
                condition=Q(status="moved", moved_to__isnull=False)
                | (~Q(status="moved") & Q(moved_to__isnull=True)),
            ),
            models.CheckConstraint(
                name="shift_cancelled_or_moved_says_why",
                condition=~Q(status__in=["cancelled", "moved"]) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "status"], name="shift_by_start")]

    @property
    def why(self) -> str:
        """The reason, in the language of the moment where the words are ours."""
        return read_out(self.reason)

    def __str__(self):
        return f"{self.opportunity_id}@{self.starts_at:%Y-%m-%d %H:%M} #{self.pk}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class ShiftRole(Capacity):
    """The unit of capacity: so many people of one role in one shift."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="roles")
    role = models.ForeignKey(
        OpportunityRole, on_delete=models.PROTECT, related_name="shift_roles"
    )
    minimum = models.PositiveIntegerField(_("at least"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "role"], name="shift_role_once"),
            models.CheckConstraint(
                name="shift_role_minimum_fits", condition=Q(minimum__lte=F("seats"))
            ),
            models.CheckConstraint(name="shift_role_has_a_seat", condition=Q(seats__gte=1)),
            *Capacity.capacity_constraints("shift_role"),
        ]

    def __str__(self):
        return f"{self.role_id} in {self.shift_id}: {self.taken}/{self.seats}"

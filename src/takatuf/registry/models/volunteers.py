from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takatuf.registry.enums import (
    MOST_SUGGESTIONS,
    Basis,
    GrantStatus,
    PartOfDay,
    SkillLevel,
    SkillRequestStatus,
)
from takatuf.registry.models.bodies import Body
from takatuf.registry.models.region import Field, Governorate, Skill


class VolunteerProfile(models.Model):
    """A person's regional profile ("passport")."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="volunteer"
    )
    governorate = models.ForeignKey(
        Governorate,
        verbose_name=_("governorate"),
        on_delete=models.PROTECT,
        related_name="volunteers",
    )
    # Home, rounded to 1 km (two decimals of a degree); optional.
    home_latitude = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    home_longitude = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    reach_km = models.PositiveSmallIntegerField(_("how far, in km"), default=30)
    weekly_minutes = models.PositiveSmallIntegerField(_("minutes a week at most"), default=480)
    about = models.TextField(_("about me"), blank=True, max_length=1000)
    # Words of an imported sheet that matched no skill, place or team of ours: for the person
    # and whoever imported to sort out, never guessed at.
    import_note = models.TextField(blank=True, max_length=2000)
    # Small roll-ups of the registry, written by attendance and placement through commands.
    recent_minutes = models.PositiveIntegerField(default=0)  # approved, last 56 days
    total_minutes = models.PositiveIntegerField(default=0)  # approved, ever
    card_number = models.CharField(max_length=20, blank=True)
    # Places shown "for you", and messages a week about places nobody asked for; 0: none.
    suggestions_a_week = models.PositiveSmallIntegerField(default=5)
    # Since when matching rounds may propose the person for places they did not ask for.
    proposals_agreed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="volunteer_home_has_both_coordinates",
                condition=Q(home_latitude__isnull=True, home_longitude__isnull=True)
                | Q(home_latitude__isnull=False, home_longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="volunteer_weekly_minutes_fit_a_week",
                condition=Q(weekly_minutes__lte=7 * 24 * 60),
            ),
            models.CheckConstraint(
                name="volunteer_suggestions_are_few",
                condition=Q(suggestions_a_week__lte=MOST_SUGGESTIONS),
            ),
        ]

    def __str__(self):
        return f"profile of {self.person_id}"


class Interest(models.Model):
    """A field a volunteer cares for."""

    profile = models.ForeignKey(
        VolunteerProfile, on_delete=models.PROTECT, related_name="interests"
    )
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "field"], name="interest_once")
        ]

    def __str__(self):
        return f"{self.profile_id} {self.field_id}"


class LanguageSpoken(models.Model):
    profile = models.ForeignKey(
        VolunteerProfile, on_delete=models.PROTECT, related_name="languages"
    )
    language = models.CharField(max_length=8)  # ISO 639 code; sgn-sa for Saudi sign language

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "language"], name="language_once")
        ]

    def __str__(self):
        return f"{self.profile_id} {self.language}"


class Availability(models.Model):
    """A part of a weekday on which the volunteer is usually free."""

    profile = models.ForeignKey(
        VolunteerProfile, on_delete=models.PROTECT, related_name="availability"
    )
    weekday = models.PositiveSmallIntegerField()  # 0 Sunday … 6 Saturday
    part = models.CharField(max_length=10, choices=PartOfDay)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "weekday", "part"], name="availability_once"
            ),
            models.CheckConstraint(
                name="availability_weekday_is_real", condition=Q(weekday__lte=6)
            ),
        ]

    def __str__(self):
        return f"{self.profile_id} {self.weekday} {self.part}"


class SkillGrant(models.Model):
    """A person has a skill at a level, on some basis, until some day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skill_grants"
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="grants")
    level = models.PositiveSmallIntegerField(choices=SkillLevel)
    basis = models.CharField(max_length=10, choices=Basis)
    source = models.CharField(max_length=300, blank=True)  # a reference or words
    body = models.ForeignKey(  # that saw it, or read the licence; null: one's own word
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)  # the last valid day
    reminded_at = models.DateTimeField(null=True, editable=False)  # told that it runs out
    status = models.CharField(max_length=8, choices=GrantStatus, default=GrantStatus.ACTIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "skill", "basis"],
                condition=Q(status="active"),
                name="skill_grant_one_active_per_basis",
            ),
            models.CheckConstraint(
                name="skill_grant_level_is_known", condition=Q(level__in=[1, 2, 3])
            ),
        ]
        indexes = [models.Index(fields=["skill", "status"], name="skill_grant_by_skill")]

    def __str__(self):
        return f"{self.person_id} {self.skill_id} {self.level} {self.basis}"


class SkillRequest(models.Model):
    """A volunteer asks a body to confirm a skill; its managers answer."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skill_requests"
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="skill_requests")
    status = models.CharField(
        max_length=10, choices=SkillRequestStatus, default=SkillRequestStatus.ASKED
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # five working days
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("request to confirm a skill")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "skill", "body"],
                condition=Q(status="asked"),
                name="skill_request_open_once",
            ),
            models.CheckConstraint(
                name="skill_request_status_is_known",
                condition=Q(status__in=["asked", "confirmed", "refused"]),
            ),
            models.CheckConstraint(
                name="skill_request_answered_has_a_time",
                condition=Q(status="asked", answered_at__isnull=True)
                | (~Q(status="asked") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="skill_request_refused_says_why",
                condition=~Q(status="refused") | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["body", "status", "due_at"], name="skill_request_queue")
        ]

    def __str__(self):
        return f"{self.person_id} {self.skill_id} {self.body_id}: {self.status}"

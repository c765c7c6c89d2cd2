from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from takatuf.registry.enums import BodyStatus, Role, Sector, TeamStatus
from takatuf.registry.models.region import Field, Governorate


class Body(models.Model):
    """A government body, non-profit, firm or school that takes part in the region's work."""

    code = models.SlugField(max_length=60, unique=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    name_sort_key = models.CharField(max_length=180, editable=False, db_index=True)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    governorate = models.ForeignKey(
        Governorate,
        verbose_name=_("governorate"),
        on_delete=models.PROTECT,
        related_name="bodies",
    )
    licence_number = models.CharField(_("licence number"), max_length=40, blank=True)
    about = models.TextField(_("about the body"), blank=True, max_length=2000)
    website = models.URLField(_("website"), blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=16, blank=True)
    # A private firm partners, gives or lends staff; its own work is not volunteer work.
    serves_profit = models.BooleanField(default=False)
    is_desk = models.BooleanField(default=False)  # the association that runs the regional desk
    desk_may_place = models.BooleanField(default=False)  # the head lets the desk approve rounds
    status = models.CharField(max_length=10, choices=BodyStatus, default=BodyStatus.REGISTERED)
    verified_at = models.DateTimeField(null=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("body")
        constraints = [
            models.UniqueConstraint(
                fields=["licence_number"],
                condition=~Q(licence_number="") & ~Q(status="closed"),
                name="body_licence_number_once",
                violation_error_message=_(
                    "A body with this licence number is already registered."
                ),
            ),
            models.UniqueConstraint(
                fields=["is_desk"], condition=Q(is_desk=True), name="body_one_regional_desk"
            ),
            models.CheckConstraint(
                name="body_verified_has_a_time",
                condition=Q(status__in=["registered", "closed"]) | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="body_private_serves_profit",
                condition=~Q(sector="private") | Q(serves_profit=True),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; Arabic where no English one is known."""
        return (self.name_en if get_language() == "en" else "") or self.name_ar


class BodyFigures(models.Model):
    """A body's public manners, counted as they happen by the floors above."""

    body = models.OneToOneField(Body, on_delete=models.PROTECT, related_name="figures")
    applications_answered = models.PositiveIntegerField(default=0)
    answered_in_time = models.PositiveIntegerField(default=0)  # of ``answer_due_at``
    answer_minutes = models.PositiveBigIntegerField(default=0)  # sum over the answered
    shifts_held = models.PositiveIntegerField(default=0)
    late_cancellations = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="body_figures_in_time_within_answered",
                condition=Q(answered_in_time__lte=F("applications_answered")),
            )
        ]

    def __str__(self):
        return f"figures of {self.body_id}"

    @property
    def in_time_percent(self) -> int | None:
        return percent_in_time(self.answered_in_time, self.applications_answered)


def percent_in_time(in_time: int | None, answered: int | None) -> int | None:
    """Rounded down: late once is not 100 %. None before anything was answered."""
    return 100 * (in_time or 0) // answered if answered else None


class Unit(models.Model):
    """A volunteering unit of a body."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "name"], name="unit_name_once_per_body")
        ]

    def __str__(self):
        return f"{self.name} ({self.body_id})"


class Team(models.Model):
    """A volunteer team under one sponsoring body."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("team name"), max_length=120)
    name_sort_key = models.CharField(max_length=140, editable=False, db_index=True)
    body = models.ForeignKey(  # null: announced in public, sponsoring body not published
        Body, verbose_name=_("sponsoring body"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="teams",
    )  # fmt: skip
    governorate = models.ForeignKey(Governorate, on_delete=models.PROTECT, related_name="teams")
    field = models.ForeignKey(
        Field, null=True, blank=True, on_delete=models.PROTECT, related_name="teams"
    )
    about = models.TextField(_("about the team"), blank=True, max_length=2000)
    status = models.CharField(max_length=10, choices=TeamStatus, default=TeamStatus.APPLIED)
    founded_on = models.DateField(null=True, blank=True)
    announced = models.CharField(max_length=10, blank=True)  # date of a public announcement
    source = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="team_has_a_body_or_a_source",
                condition=Q(body__isnull=False) | ~Q(source=""),
            )
        ]

    def __str__(self):
        return self.name


class Office(models.Model):
    """A role a person holds in a body (or its team) for a time: ``[starts_on, ends_on)``."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offices"
    )
    role = models.CharField(max_length=20, choices=Role)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="offices")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="offices")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="offices")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(  # nothing equals nothing here: no unit is one unit
                "person",
                "role",
                "body",
                Coalesce("unit", 0),
                Coalesce("team", 0),
                condition=Q(ends_on__isnull=True),
                name="office_held_once_at_a_time",
            ),
            models.CheckConstraint(
                name="office_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="office_team_leader_has_a_team",
                condition=~Q(role="team_leader") | Q(team__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["person", "ends_on"], name="office_by_person")]

    def __str__(self):
        return f"{self.person_id} {self.role} of {self.body_id}"


class TeamMember(models.Model):
    """A volunteer in a team: ``[joined_on, left_on)``."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_memberships"
    )
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    shows_name = models.BooleanField(default=False)  # consented to be named on the team's page

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(left_on__isnull=True),
                name="team_member_once_at_a_time",
            ),
            models.CheckConstraint(
                name="team_member_leaves_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} in {self.team_id}"


class TeamRequest(models.Model):
    """A volunteer asks to join a team; its leader answers."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_requests"
    )
    asked_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)  # null: not answered yet
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(accepted__isnull=True),
                name="team_request_open_once",
            ),
            models.CheckConstraint(
                name="team_request_answered_has_a_time",
                condition=Q(accepted__isnull=True, answered_at__isnull=True)
                | Q(accepted__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} asks to join {self.team_id}"


class Invitation(models.Model):
    """A body asks somebody to hold an office; answered through a signed link."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="invitations")
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(max_length=20, choices=Role)
    contact = models.CharField(_("e-mail or mobile"), max_length=254)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_not_both_accepted_and_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_of_a_leader_names_the_team",
                condition=~Q(role="team_leader") | Q(team__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.role} of {self.body_id} for {self.contact}"


class OfficeReminder(models.Model):
    """An office was reminded of something, once for each of its clocks."""

    subject = models.CharField(max_length=80)  # kernel.references.reference(obj)
    stage = models.CharField(max_length=4)  # on the due day, or when it was too late
    due_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "stage", "due_at"], name="office_reminder_once"
            ),
            models.CheckConstraint(
                name="office_reminder_stage_is_known", condition=Q(stage__in=["due", "late"])
            ),
        ]

    def __str__(self):
        return f"{self.subject} {self.stage}"

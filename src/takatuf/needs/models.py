from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takatuf.needs.enums import NeedStatus, TargetGroup, Urgency


class Need(models.Model):
    """Something people of the region need, with who, where, how many and how urgent."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(_("what is needed"), max_length=120)
    description = models.TextField(_("describe it"), max_length=3000)
    field = models.ForeignKey(
        "registry.Field",
        verbose_name=_("field"),
        on_delete=models.PROTECT,
        related_name="needs",
    )
    governorate = models.ForeignKey(
        "registry.Governorate", verbose_name=_("governorate"),
        on_delete=models.PROTECT, related_name="needs",
    )  # fmt: skip
    place = models.CharField(_("centre or district"), max_length=120, blank=True)
    target_group = models.CharField(_("who needs it"), max_length=20, choices=TargetGroup)
    people_estimate = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    estimate_basis = models.CharField(
        _("how do you know the number"), max_length=200, blank=True
    )
    urgency = models.PositiveSmallIntegerField(_("how urgent"), choices=Urgency)
    body = models.ForeignKey(  # the body that reported it, or took it up
        "registry.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="needs"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # A visitor's; forgotten once the last answer has left.
    reporter_contact = models.CharField(_("how to reach you"), max_length=254, blank=True)
    reporter_language = models.CharField(
        max_length=2, default="ar", choices=[("ar", "العربية"), ("en", "English")]
    )
    status = models.CharField(max_length=12, choices=NeedStatus, default=NeedStatus.REPORTED)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_needs"
    )
    answer = models.TextField(blank=True, max_length=1000)  # the desk's words when refusing
    people_served = models.PositiveIntegerField(default=0)  # confirmed, fed by attendance
    reported_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()  # the desk answers within ten working days
    search_text = models.TextField(blank=True, editable=False)  # normalised words
    # Who sent what, as a hash: the same report sent again is the same need. Empty once it may
    # be meant anew.
    submission = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique, so empty is NULL
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="need_merged_names_the_other",
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="need_is_not_merged_into_itself", condition=~Q(merged_into=F("pk"))
            ),
            models.CheckConstraint(
                name="need_decided_has_a_time",
                condition=Q(status="reported") | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="need_rejected_says_why", condition=~Q(status="rejected") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="need_estimate_is_people",
                condition=Q(people_estimate__isnull=True) | Q(people_estimate__gte=1),
            ),
        ]
        indexes = [models.Index(fields=["status", "field", "governorate"], name="need_open")]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def waits(self) -> bool:
        """Nobody has answered it yet, nor what it was joined to."""
        answered_as = self.merged_into or self
        return answered_as.status == NeedStatus.REPORTED

    @property
    def coverage(self) -> int | None:
        """Percent of the estimated people served so far, at most 100; None without estimate."""
        if not self.people_estimate:
            return None
        return min(100, 100 * self.people_served // self.people_estimate)

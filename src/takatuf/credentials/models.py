from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takatuf.credentials.enums import CertificateKind, CredentialStatus, Revoker


class Certificate(models.Model):
    """A printed statement about one person, with a code anyone can check.

    ``snapshot`` holds what is printed, frozen at issue: work, dates, minutes by evidence
    class, experience gained (the contents the Volunteer Work Law asks for).
    """

    serial = models.CharField(max_length=30, unique=True)
    code = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=14, choices=CertificateKind)
    subject = models.CharField(max_length=80)  # reference of what it is about
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates"
    )
    printed_name = models.CharField(max_length=120, blank=True)  # empty once erased
    name_hash = models.CharField(max_length=64)  # keyed; lets a typed name be compared
    body = models.ForeignKey(
        "registry.Body", on_delete=models.PROTECT, related_name="certificates"
    )
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 over the canonical snapshot
    status = models.CharField(
        max_length=8, choices=CredentialStatus, default=CredentialStatus.VALID
    )
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Set where somebody decided it: the holder's own request brings no other after that.
    revoked_by = models.CharField(max_length=4, choices=Revoker, blank=True, default="")
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_revoked_by_one_who_may",
                condition=Q(revoked_by="") | Q(revoked_by__in=Revoker.values, status="revoked"),
            ),
            models.UniqueConstraint(
                fields=["holder", "subject", "kind"],
                condition=Q(status="valid"),
                name="certificate_one_valid_per_subject",
            ),
            models.CheckConstraint(
                name="certificate_revoked_says_why_and_when",
                condition=Q(status="valid", revoked_at__isnull=True, revoke_reason="")
                | (Q(status="revoked", revoked_at__isnull=False) & ~Q(revoke_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["holder", "status"], name="certificate_by_holder")]

    def __str__(self):
        return self.serial


class IdCard(models.Model):
    """A body's card for a volunteer: ``[valid_from, valid_until]``, checkable by its code."""

    number = models.CharField(max_length=30, unique=True)
    code = models.CharField(max_length=10, unique=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="id_cards"
    )
    printed_name = models.CharField(max_length=120, blank=True)
    body = models.ForeignKey("registry.Body", on_delete=models.PROTECT, related_name="id_cards")
    status = models.CharField(
        max_length=8, choices=CredentialStatus, default=CredentialStatus.VALID
    )
    valid_from = models.DateField()
    valid_until = models.DateField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "body"],
                condition=Q(status="valid"),
                name="id_card_one_valid_per_body",
            ),
            models.CheckConstraint(
                name="id_card_days_in_order", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="id_card_revoked_says_why_and_when",
                condition=Q(status="valid", revoked_at__isnull=True, revoke_reason="")
                | (Q(status="revoked", revoked_at__isnull=False) & ~Q(revoke_reason="")),
            ),
        ]

    def __str__(self):
        return self.number

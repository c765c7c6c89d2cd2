from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class CertificateKind(models.TextChoices):
    VOLUNTEERING = "volunteering", _("Certificate of volunteering")


class CredentialStatus(models.TextChoices):
    VALID = "valid", _("Valid")
    REVOKED = "revoked", _("Revoked")


CREDENTIAL_STEPS = {CredentialStatus.VALID: {CredentialStatus.REVOKED}}

# Stored in English as the reason of a revocation nobody decided; shown translated.
SUPERSEDED = gettext_noop("The hours changed since; a newer certificate takes its place.")
CARD_REPLACED = gettext_noop("A newer card takes its place.")


class Revoker(models.TextChoices):
    """On whose side a certificate was revoked for cause; "" where hours decided it."""

    BODY = "body", _("The body that issued it")
    DESK = "desk", _("The regional desk")


class Standing(models.TextChoices):
    """What the verify page says about a certificate or a card today."""

    VALID = "valid", _("Valid")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced by a newer one")
    NOT_YET = "not_yet", _("Not valid yet")
    EXPIRED = "expired", _("Expired")

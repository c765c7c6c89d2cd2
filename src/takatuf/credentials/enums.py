from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateKind(models.TextChoices):
    VOLUNTEERING = "volunteering", _("Certificate of volunteering")


class CredentialStatus(models.TextChoices):
    VALID = "valid", _("Valid")
    REVOKED = "revoked", _("Revoked")


CREDENTIAL_STEPS = {CredentialStatus.VALID: {CredentialStatus.REVOKED}}

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Channel(models.TextChoices):
    """How a person wants to be told."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    IN_APP = "in_app", _("Here only")


class ConsentStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


CONSENT_STEPS = {
    ConsentStatus.ASKED: {ConsentStatus.GIVEN, ConsentStatus.EXPIRED, ConsentStatus.WITHDRAWN},
    ConsentStatus.GIVEN: {ConsentStatus.WITHDRAWN, ConsentStatus.EXPIRED},
}
ADULT_AGE = 18

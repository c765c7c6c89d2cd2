from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Channel(models.TextChoices):
    """How a person wants to be told."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    IN_APP = "in_app", _("Here only")


class Relation(models.TextChoices):
    """What a guardian is to the minor."""

    FATHER = "father", _("Father")
    MOTHER = "mother", _("Mother")
    BROTHER = "brother", _("Brother")
    SISTER = "sister", _("Sister")
    GRANDPARENT = "grandparent", _("Grandparent")
    UNCLE_OR_AUNT = "uncle_or_aunt", _("Uncle or aunt")
    COURT = "court", _("Guardian by court order")


class BirthDateBasis(models.TextChoices):
    """Who says when the person was born; a sheet only suggests it until the person says so."""

    SAID = "said", _("Said by the person")
    SHEET = "sheet", _("From an imported list, not confirmed")


class ConsentStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Withdrawn")
    EXPIRED = "expired", _("Expired")


CONSENT_STEPS = {
    ConsentStatus.ASKED: {
        ConsentStatus.GIVEN, ConsentStatus.REFUSED, ConsentStatus.EXPIRED,
        ConsentStatus.WITHDRAWN,
    },
    ConsentStatus.GIVEN: {ConsentStatus.WITHDRAWN, ConsentStatus.EXPIRED},
}  # fmt: skip
LIVE_CONSENT = [ConsentStatus.ASKED, ConsentStatus.GIVEN]


class RecoveryStatus(models.TextChoices):
    """The way back in for somebody who lost their mobile or e-mail."""

    ASKED = "asked", _("Waiting for the desk")
    APPROVED = "approved", _("Waiting for a second person")
    CONFIRMED = "confirmed", _("Waiting for the day of notice")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    STOPPED = "stopped", _("Stopped by the account's owner")


_OUT = {RecoveryStatus.REFUSED, RecoveryStatus.STOPPED}
RECOVERY_STEPS = {
    RecoveryStatus.ASKED: {RecoveryStatus.APPROVED, *_OUT},
    RecoveryStatus.APPROVED: {RecoveryStatus.CONFIRMED, *_OUT},
    RecoveryStatus.CONFIRMED: {RecoveryStatus.DONE, *_OUT},
}
OPEN_RECOVERY = list(RECOVERY_STEPS)


class BirthDateRequestStatus(models.TextChoices):
    """What a minor says of their birth date, until the desk has seen the identity card."""

    ASKED = "asked", pgettext_lazy("birth date", "Waiting for the desk")
    ACCEPTED = "accepted", pgettext_lazy("birth date", "Accepted")
    REFUSED = "refused", pgettext_lazy("birth date", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("birth date", "Withdrawn")


BIRTH_DATE_REQUEST_STEPS = {
    BirthDateRequestStatus.ASKED: {
        BirthDateRequestStatus.ACCEPTED, BirthDateRequestStatus.REFUSED,
        BirthDateRequestStatus.WITHDRAWN,
    },
}  # fmt: skip

ADULT_AGE = 18  # the age of majority
YOUNGEST_AGE = 7  # below it a birth date is a typing slip; the law names no youngest age

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from takatuf.accounts.enums import (
    ADULT_AGE,
    LIVE_CONSENT,
    BirthDateBasis,
    BirthDateRequestStatus,
    Channel,
    ConsentStatus,
    Gender,
    RecoveryStatus,
    Relation,
)
from takatuf.kernel.text import agreed

KINSHIP = ("بن", "بنت", "ابن", "bin", "bint", "ibn")  # "… of": the father's name follows


def years_old(birth_date, *, on) -> int | None:
    """Whole years on a date, or None while the birth date is unknown."""
    if birth_date is None:
        return None
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


class PersonManager(BaseUserManager["Person"]):
    """The names Django's own commands expect."""

    def create_user(self, email=None, password=None, **fields):
        email = self.normalize_email(email).lower() if email else None
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email, password=None, **fields):
        """Whoever runs the machine vouches for the address: it counts as proved."""
        fields |= {"is_staff": True, "is_superuser": True, "email_verified": True}
        person = self.create_user(email, password, **fields)
        person.emailaddress_set.create(email=person.email, verified=True, primary=True)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone Takatuf knows: volunteer, guardian, holder of an office, or all of these.

    ``ref`` is the opaque name append-only rows use for a person; it survives erasure.

    A contact is proved by a code typed from it, or only listed: written by whoever imported
    people. The first proof claims the account, and what is only listed beside it goes.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    name_sort_key = models.CharField(max_length=140, blank=True, editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    email_verified = models.BooleanField(default=False)
    phone = models.CharField(_("mobile"), max_length=16, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_date_basis = models.CharField(
        max_length=5, choices=BirthDateBasis, default=BirthDateBasis.SAID, editable=False
    )
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    id_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, editable=False
    )
    id_last_three = models.CharField(max_length=3, blank=True, editable=False)
    language = models.CharField(
        _("language of messages"), max_length=2, choices=[("ar", "العربية"), ("en", "English")],
        default="ar",
    )  # fmt: skip
    channel = models.CharField(
        _("how to be told"), max_length=8, choices=Channel, default=Channel.EMAIL
    )
    # Raised to end every open session: sign out everywhere, a lost factor, a new number.
    session_stamp = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    # True during a request whose session still lacks a proof staff must show: whatever office
    # the person holds does not count in it (``accounts.middleware``).
    office_waits = False

    objects = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="person_phone_is_e164",
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[0-9]{8,15}$"),
                violation_error_message=_("Write the number with its country code."),
            ),
            models.CheckConstraint(
                name="person_id_hash_has_last_three",
                condition=Q(id_hash__isnull=True, id_last_three="")
                | Q(id_hash__isnull=False, id_last_three__regex=r"^[0-9]{3}$"),
            ),
            models.CheckConstraint(
                name="person_gender_is_known",
                condition=Q(gender__in=["", *Gender.values]),
            ),
            models.CheckConstraint(
                name="person_birth_date_basis_is_known",
                condition=Q(birth_date_basis__in=BirthDateBasis.values),
            ),
            models.CheckConstraint(
                name="person_contacts_are_absent_not_empty",
                condition=(Q(email__isnull=True) | ~Q(email=""))
                & (Q(phone__isnull=True) | ~Q(phone="")),
            ),
            models.CheckConstraint(
                name="person_proved_contact_is_there",
                condition=(Q(email_verified=False) | Q(email__isnull=False))
                & (Q(phone_verified=False) | Q(phone__isnull=False)),
            ),
            # Else whoever wrote one of them on a list could open what the other one claimed.
            models.CheckConstraint(
                name="person_contacts_are_both_proved_or_neither",
                condition=Q(email__isnull=True)
                | Q(phone__isnull=True)
                | Q(email_verified=F("phone_verified")),
            ),
        ]

    def __str__(self):
        return self.full_name or self.email or self.phone or str(self.ref)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        """The first two words, so that عبد الله stays whole; never "ليلى بنت"."""
        words = self.full_name.split()[:2]
        if words[1:] and words[1] in KINSHIP:
            del words[1]
        return " ".join(words) or gettext("Me")

    def get_session_auth_hash(self) -> str:
        """What an open session must carry; changes with the password and the stamp."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self):
        """The same under the secret keys of before, so that a new key signs nobody out."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret=secret)

    def _session_hash(self, secret: str | None = None) -> str:
        value = f"{self.password}:{self.session_stamp}"
        salt = "takatuf.accounts.session"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def age(self, *, on) -> int | None:
        """Whole years on a date; None while the birth date is unknown or only suggested."""
        if self.birth_date_basis == BirthDateBasis.SHEET:
            return None
        return years_old(self.birth_date, on=on)

    def is_minor(self, *, on) -> bool:
        """Under 18; a person whose birth date is unknown is treated as a minor."""
        age = self.age(on=on)
        return age is None or age < ADULT_AGE


class GuardianConsent(models.Model):
    """A guardian's answer for one minor: asked by link, given, withdrawn, expired."""

    minor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="guardian_consents"
    )
    guardian_name = models.CharField(_("guardian's name"), max_length=120)
    guardian_contact = models.CharField(_("guardian's mobile or e-mail"), max_length=254)
    relation = models.CharField(_("relation"), max_length=20, choices=Relation)
    guardian = models.ForeignKey(  # set when the guardian has an account of their own
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="wards"
    )
    status = models.CharField(max_length=10, choices=ConsentStatus, default=ConsentStatus.ASKED)
    text_version = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["minor"],
                condition=Q(status__in=LIVE_CONSENT),
                name="guardian_consent_one_live_per_minor",
            ),
            models.CheckConstraint(
                name="guardian_is_not_the_minor", condition=~Q(guardian=F("minor"))
            ),
            models.CheckConstraint(
                name="guardian_consent_given_has_a_time",
                condition=~Q(status="given") | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="guardian_consent_ended_has_a_time",
                condition=~Q(status__in=["refused", "withdrawn", "expired"])
                | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"consent {self.pk} for {self.minor_id}: {self.status}"


class VolunteerCharter(models.Model):
    """A version of the volunteers' charter; never edited once somebody accepted it."""

    version = models.CharField(max_length=20, unique=True)
    text_ar = models.TextField()
    text_en = models.TextField()
    in_force_from = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    def __str__(self):
        return self.version

    @property
    def lines(self) -> list[agreed.Line]:
        """As its reader's language has it."""
        return agreed.lines(self.text_en if get_language() == "en" else self.text_ar)


class CharterAcceptance(models.Model):
    """A person accepted one version of the charter."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="charter_acceptances"
    )
    charter = models.ForeignKey(VolunteerCharter, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "charter"], name="charter_accepted_once_per_version"
            )
        ]

    def __str__(self):
        return f"{self.person_id} accepted {self.charter_id}"


class RecoveryRequest(models.Model):
    """Somebody who lost their mobile or e-mail asks the desk for a way back in.

    What they know is compared when they ask and only the outcome is kept: the row holds no
    second copy of a birth date or an identity number.
    """

    person = models.ForeignKey(  # empty: no account matches what was claimed
        Person, null=True, on_delete=models.PROTECT, related_name="recovery_requests"
    )
    claimed_name = models.CharField(_("full name"), max_length=120)
    claimed_contact = models.CharField(_("old mobile or e-mail"), max_length=254)
    new_contact = models.CharField(_("new mobile or e-mail"), max_length=254)
    explanation = models.CharField(_("what happened"), max_length=500, blank=True)
    lost_second_factor = models.BooleanField(default=False)
    name_matches = models.BooleanField()
    birth_date_matches = models.BooleanField(null=True)  # empty: none known, or none given
    id_matches = models.BooleanField(null=True)  # empty: none stored, or none given
    status = models.CharField(
        max_length=10, choices=RecoveryStatus, default=RecoveryStatus.ASKED
    )
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cooling_ends_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "asked_at"], name="recovery_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=["approved", "confirmed"]),
                name="recovery_one_under_way_per_person",
            ),
            models.CheckConstraint(
                name="recovery_needs_two_people",
                condition=~Q(approved_by=F("confirmed_by")),
            ),
            models.CheckConstraint(
                name="recovery_is_not_decided_by_its_owner",
                condition=~Q(person=F("approved_by")) & ~Q(person=F("confirmed_by")),
            ),
            models.CheckConstraint(
                name="recovery_approved_has_person_approver_and_cooling",
                condition=~Q(status__in=["approved", "confirmed", "done"])
                | Q(
                    person__isnull=False,
                    approved_by__isnull=False,
                    cooling_ends_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="recovery_confirmed_has_a_second_person",
                condition=~Q(status__in=["confirmed", "done"]) | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="recovery_ended_has_a_time",
                condition=~Q(status__in=["done", "refused", "stopped"])
                | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"recovery {self.pk}: {self.status}"


class BirthDateRequest(models.Model):
    """Whom a date makes a minor, and who says it is wrong: the desk decides on the right one.

    The asker and who decides are two people.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="birth_date_requests"
    )
    birth_date = models.DateField(_("The right birth date"))
    explanation = models.CharField(_("Why it changes"), max_length=300)
    status = models.CharField(
        max_length=10, choices=BirthDateRequestStatus, default=BirthDateRequestStatus.ASKED
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "asked_at"], name="birth_date_request_status")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status="asked"),
                name="birth_date_request_one_waits_per_person",
            ),
            models.CheckConstraint(
                name="birth_date_request_is_not_decided_by_its_person",
                condition=~Q(person=F("decided_by")),
            ),
            models.CheckConstraint(
                name="birth_date_request_decided_by_the_desk",
                condition=Q(status__in=["asked", "withdrawn"], decided_by__isnull=True)
                | Q(status__in=["accepted", "refused"], decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="birth_date_request_ended_has_a_time",
                condition=Q(status="asked", ended_at__isnull=True)
                | (~Q(status="asked") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"birth date request {self.pk}: {self.status}"

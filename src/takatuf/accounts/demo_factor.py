"""The second factor of the demo's invented staff: a real one, whose app nobody holds.

The demo walks through the same doors as life, so its staff have a password and an
authenticator; since no visitor has their phone, the page says what it would show. Nothing of
this exists outside TAKATUF_DEMO, nor for a person who is not marked as invented.
"""

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.conf import settings

from takatuf.accounts.models import Person


def is_open_to(person: Person) -> bool:
    return bool(settings.DEMO and person.is_demo)


def give(person: Person) -> None:
    """An authenticator app and recovery codes; what was there stays."""
    if not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)


def code_of(person: Person) -> str:
    """The six digits of this half minute, or nothing."""
    if not is_open_to(person):
        return ""
    app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if app is None:
        return ""
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(decrypt(app.data["secret"]), counter))

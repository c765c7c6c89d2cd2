"""Reading the demo's cast."""

import json
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings

FILE = "demo_people.json"


def cast() -> list[dict]:
    """Who signs in how, with the code their authenticator shows at this moment.

    Only ever of demo people: the file is written by the loader, and whoever is not marked as
    demo has no code here.
    """
    path = Path(settings.DATA_DIR) / FILE
    if not path.exists():
        return []
    rows = json.loads(path.read_text())
    secrets = _secrets([row["sign_in"] for row in rows])
    return [row | {"code": _code(secrets.get(row["sign_in"]))} for row in rows]


def _secrets(emails: list[str]) -> dict[str, str]:
    rows = Authenticator.objects.filter(
        user__email__in=emails, user__is_demo=True, type=Authenticator.Type.TOTP
    ).select_related("user")
    return {row.user.email: decrypt(row.data["secret"]) for row in rows}


def _code(secret: str | None) -> str:
    if secret is None:
        return ""
    counters = list(totp.yield_hotp_counters_from_time())  # the tolerated ones around now
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))

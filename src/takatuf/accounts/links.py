"""Links for people without an account, or without a way into it."""

from datetime import datetime, timedelta

from takatuf.accounts.models import GuardianConsent, RecoveryRequest
from takatuf.kernel import signed_links
from takatuf.kernel.links import absolute

CONSENT, STOP = "accounts.consent", "accounts.recovery_stop"
# A consent lasts a year, and its guardian takes it back by the link of the first day.
CONSENT_OPENS_FOR = timedelta(days=400)
STOP_OPENS_FOR = timedelta(days=60)


def consent_link(consent: GuardianConsent, *, at: datetime) -> str:
    payload = {"consent": consent.pk}
    token = signed_links.make(CONSENT, payload, max_age=CONSENT_OPENS_FOR, at=at)
    return absolute("guardian_consent", token, language=consent.minor.language)


def stop_link(request: RecoveryRequest, *, at: datetime) -> str:
    payload = {"recovery": request.pk}
    token = signed_links.make(STOP, payload, max_age=STOP_OPENS_FOR, at=at)
    return absolute(
        "recovery_stop", token, language=request.person.language if request.person else "ar"
    )

"""How allauth works in this house: its messages, its limits, its staff rule, its secrets."""

from io import BytesIO

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.accounts import journey, policies, queries
from takatuf.accounts.codes import SECONDS_BETWEEN, TRIES_A_DAY
from takatuf.accounts.models import Person
from takatuf.kernel import outbox
from takatuf.kernel.asked import connection_of
from takatuf.kernel.rate_limits import slow_down
from takatuf.kernel.sealing import box

STAFF_SESSION = 60 * 60 * 12
SECOND_FACTORS = "takatuf.accounts.mfa"  # what their secrets are sealed for
# allauth's message -> ours. What is not here is not sent: no page leads to it.
MESSAGES = {
    "account/email/password_reset_code": "accounts.password_code",
    "account/email/password_changed": "accounts.password_changed",
    "account/email/password_set": "accounts.password_changed",
    "mfa/email/totp_activated": "accounts.second_factor_added",
    "mfa/email/webauthn_added": "accounts.second_factor_added",
    "mfa/email/totp_deactivated": "accounts.second_factor_removed",
    "mfa/email/webauthn_removed": "accounts.second_factor_removed",
    "mfa/email/recovery_codes_generated": "accounts.recovery_codes_made",
}
CODES = {"accounts.password_code"}
LOGINS_AT_ONCE = 1000  # in five minutes, of all people together


def _login_of(credentials: dict) -> str:
    """Allauth's own key is the same for all mobile numbers."""
    return (credentials.get("email") or credentials.get("phone") or "").lower()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "The mobile or e-mail and the password do not go together."
        ),
        "phone_password_mismatch": gettext_lazy(
            "The mobile or e-mail and the password do not go together."
        ),
        "incorrect_code": gettext_lazy(
            "The code is not right. Check the last message we sent."
        ),
        "incorrect_password": gettext_lazy("The password is not right."),
        "enter_current_password": gettext_lazy("The current password is not right."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait five minutes, then try again."
        ),
        "rate_limited": gettext_lazy("Too many tries. Wait five minutes, then try again."),
    }

    # ---------------------------------------------------------------- messages
    def send_mail(self, template_prefix, email, context):
        """Everything allauth writes goes through the outbox, in our words."""
        template = MESSAGES.get(template_prefix)
        if template is None:
            return
        person = context.get("user") or queries.person_by_contact(email)
        code = {"code": context["code"]} if "code" in context else {}
        outbox.send(
            template=template, to=person, address=email, context=code,
            urgent=template in CODES, at=timezone.now(),
        )  # fmt: skip

    def send_notification_mail(self, template_prefix, user, context=None, email=None):  # noqa: ARG002
        """To the person's own channel: not everybody has an e-mail address."""
        template = MESSAGES.get(template_prefix)
        if template is not None:
            outbox.send(template=template, to=user, urgent=True, at=timezone.now())

    def send_account_already_exists_mail(self, email):
        """Nothing: our sign-up signs in whoever owns the address."""

    # ---------------------------------------------------------------- limits
    def _get_login_attempts_cache_key(self, request, **credentials):
        """Per person and connection: what a stranger tries elsewhere shuts nobody's door."""
        return f"person:{_login_of(credentials)} {connection_of(request)}"

    def pre_authenticate(self, request, **credentials):
        """Count before the password is hashed; a flood must not cost us argon2.

        Beyond so many tries, for one person in a day or for all in five minutes, a connection
        has one a minute. Whoever comes from a connection of their own is never shut out.
        """
        where = connection_of(request)
        super().pre_authenticate(request, **credentials)
        for whose, count, seconds in (
            (f"person:{_login_of(credentials)}", TRIES_A_DAY, 86400),
            ("all", LOGINS_AT_ONCE, 300),
        ):
            slow_down(
                f"login:{whose}", count=count, per_seconds=seconds, who=where,
                wait=SECONDS_BETWEEN,
            )  # fmt: skip

    # ---------------------------------------------------------------- who gets in
    def is_open_for_signup(self, request):  # noqa: ARG002
        """Not by allauth's form; ``join`` is the way."""
        return False

    def pre_login(self, request, user, **kwargs):
        """A code alone opens no staff account that has a password or a second factor."""
        if response := super().pre_login(request, user, **kwargs):
            return response
        methods = {record["method"] for record in get_authentication_records(request, user)}
        guarded = user.has_usable_password() or queries.has_second_factor(user)
        if methods == {"code"} and guarded and policies.needs_second_factor(user):
            clear_login(request)
            messages.info(
                request,
                _(
                    "Your role needs your password and your second factor: "
                    "sign in with them here."
                ),
            )
            return redirect("account_password_login")
        return None

    def post_login(self, request, user, **kwargs):
        if policies.needs_second_factor(user):
            request.session.set_expiry(STAFF_SESSION)
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request):
        return journey.onward(request.user)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Somebody who typed a password or second factor a moment ago need not do so again."""
        fresh = timezone.now().timestamp() - REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        if any(r["method"] in {"password", "mfa"} and r["at"] > fresh for r in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    # ---------------------------------------------------------------- phones
    def get_phone(self, user):
        return (user.phone, user.phone_verified) if user.phone else None

    def get_user_by_phone(self, phone):
        return Person.objects.filter(phone=phone).first()


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "The code is not right. Codes change every half minute."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes stand in for an app or a key: set one of them up first."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor: add another one before you remove this one."
        ),
    }

    def generate_authenticator_name(self, user, type):  # noqa: A002 - allauth's word
        """What a new key is called until its owner calls it something else."""
        others = user.authenticator_set.filter(type=type).count()
        return _("Key %(number)s") % {"number": others + 1} if others else _("My key")

    def encrypt(self, text):
        return box(SECOND_FACTORS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return box(SECOND_FACTORS).decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url):
        buffer = BytesIO()
        segno.make(url, error="m").save(buffer, kind="svg", border=2, scale=6, xmldecl=False)
        return buffer.getvalue().decode()

    def can_delete_authenticator(self, authenticator):
        """Staff keep at least one."""
        if not policies.needs_second_factor(authenticator.user):
            return True
        return (
            type(authenticator)
            .objects.filter(user=authenticator.user, type__in=["totp", "webauthn"])
            .exclude(pk=authenticator.pk)
            .exists()
        )

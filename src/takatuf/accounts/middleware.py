"""Staff reach nothing before a password and a second factor."""

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from takatuf.accounts import policies, queries

# What somebody on the way to a second factor must be able to open.
OPEN = frozenset(
    {
        "account_logout", "account_inactive", "account_reauthenticate", "account_set_password",
        "account_reset_password", "account_confirm_password_reset_code",
        "account_complete_password_reset", "account_password_reset_completed",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "set_language",
    }
)  # fmt: skip
# Also open while the step is to set one up: never to a session that has not shown a password.
SETTING_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"})


def next_step(request) -> str | None:
    """The URL name of what this session still lacks, or None if it may go on.

    Asked on every page of a signed-in person, so that an office given a minute ago is
    guarded at once; sessions that have shown both proofs cost no query.
    """
    records = get_authentication_records(request, request.user)
    methods = {record["method"] for record in records}
    if any(record.get("passwordless") for record in records):
        methods.add("password")  # a passkey unlocked by its owner is both proofs in one
    if {"password", "mfa"} <= methods or not policies.needs_second_factor(request.user):
        return None
    if not request.user.has_usable_password():
        return "account_set_password"
    if not queries.has_second_factor(request.user):
        return "mfa_activate_totp" if "password" in methods else "account_reauthenticate"
    return "mfa_reauthenticate" if "mfa" not in methods else "account_reauthenticate"


class OwnPagesMiddleware:
    """What a signed-in person is shown is theirs: no shared cache keeps it, and signing out
    also empties this browser's, so that "back" shows the next person nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-cache")
        elif request.resolver_match and request.resolver_match.view_name == "account_logout":
            response["Clear-Site-Data"] = '"cache"'
        return response


class SecondFactorMiddleware:
    """Leads staff to the next missing proof, whatever page they asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):  # noqa: ARG002 - Django's signature
        if not request.user.is_authenticated:
            return None
        page = request.resolver_match.view_name
        if page in OPEN:
            return None
        step = next_step(request)
        if step is None or (step == "mfa_activate_totp" and page in SETTING_UP):
            return None
        return _lead_to(request, step)


def _lead_to(request, step: str) -> HttpResponse:
    address = reverse(step)
    if step.endswith("reauthenticate") and request.method == "GET":
        address += "?" + urlencode({"next": request.get_full_path()})
    if request.htmx:
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return redirect(address)

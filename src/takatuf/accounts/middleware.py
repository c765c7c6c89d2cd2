"""No office is used before a password and a second factor."""

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from takatuf.accounts import open_pages, policies, queries
from takatuf.kernel.refusals import status_of


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


class UnreadableFormsMiddleware:
    """allauth shows a form that has to be changed with 200; every form of ours says 422."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):  # noqa: ARG002 - Django's signature
        shown = response.context_data or {}
        if response.status_code == 200:  # noqa: PLR2004
            forms = [shown.get(name) for name in ("form", "webauthn_form")]
            response.status_code = max(status_of(form) for form in forms)
        return response


class SecondFactorMiddleware:
    """Leads staff to the next missing proof; pages that need no office stay open to them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):  # noqa: ARG002 - Django's signature
        if not request.user.is_authenticated:
            return None
        page = request.resolver_match.view_name
        if page in open_pages.ON_THE_WAY:
            return None
        step = next_step(request)
        if step is None:
            return None
        request.user.office_waits = True
        if _is_open(page, step, request.user):
            return None
        return _lead_to(request, step)


def _is_open(page: str, step: str, person) -> bool:
    if page in open_pages.PUBLIC:
        return True
    if page in open_pages.SETTING_UP:
        return step == "mfa_activate_totp"
    return page in open_pages.OWN and not queries.has_second_factor(person)


def _lead_to(request, step: str) -> HttpResponse:
    address = reverse(step)
    if step.endswith("reauthenticate") and (request.method == "GET" or request.htmx):
        address += "?" + urlencode({"next": request.get_full_path()})
    return redirect(address)

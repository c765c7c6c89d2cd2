"""allauth's pages of the second factor, for whoever has nothing of what they are about.

allauth answers with a bare 404 or 403; here the person lands where it can
be had, and reads why.
"""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from takatuf.accounts.views.shared import next_url

View = Callable[..., HttpResponseBase]


def _or_else(view: View, way_on: str, words: str | Promise) -> View:
    """The view; where it finds nothing of this person, the page it can be had from."""

    @wraps(view)
    def page(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            messages.info(request, str(words))
            return redirect(way_on)

    return page


def _or_onward(view: View) -> View:
    """The view; who has nothing to prove it with came in by a code and is asked for no more."""

    @wraps(view)
    def page(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            return redirect(next_url(request) or "my_account")

    return page


NO_CODES = _(
    "You have no unused recovery codes. First set up an app or a key, then make the codes here."
)
NO_APP = _("No authenticator app is set up. You can set one up here.")
NO_KEY = _("This key is not among yours. Those you have are listed here.")

reauthenticate = _or_onward(base.reauthenticate)
reauthenticate_by_key = _or_onward(webauthn.reauthenticate_webauthn)
codes = _or_else(recovery_codes.view_recovery_codes, "mfa_index", NO_CODES)
codes_file = _or_else(recovery_codes.download_recovery_codes, "mfa_index", NO_CODES)
app_off = _or_else(totp.deactivate_totp, "mfa_index", NO_APP)
key_off = _or_else(webauthn.remove_webauthn, "mfa_list_webauthn", NO_KEY)
key_named = _or_else(webauthn.edit_webauthn, "mfa_list_webauthn", NO_KEY)

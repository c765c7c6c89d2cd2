"""What several of the module's views do alike."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from takatuf.accounts.codes import ContactCode
from takatuf.kernel.asked import page_of_ours
from takatuf.kernel.errors import DomainError

KEPT_WORDS = "takatuf_asked_with"


def language() -> str:
    return "en" if (get_language() or "ar").startswith("en") else "ar"


def next_url(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a page of ours."""
    return page_of_ours(request.POST.get("next") or request.GET.get("next", ""))


def wants_it_again(request: HttpRequest) -> bool:
    """The code's page has a second button beside the form: send the code once more."""
    return request.method == "POST" and request.POST.get("action") == "resend"


def ask_anew(
    request: HttpRequest, gone: ContactCode, why: str, page: str, words: dict | None = None
) -> HttpResponse:
    """No code of this process is good any more: back to where one is asked for, and why.

    :param words: what was written there, if it was more than a contact.
    """
    messages.error(request, why)
    gone.abort()
    request.session[KEPT_WORDS] = words or {"contact": gone.contact}
    return redirect(page)


def kept_words(request: HttpRequest) -> dict:
    """What the form that asks for a code begins with: the words of one that is gone."""
    return request.session.pop(KEPT_WORDS, {})


def send_again(request: HttpRequest, process: ContactCode) -> HttpResponse:
    """The code once more; the page it is written on says how that went."""
    try:
        process.resend()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A new code is on its way."))
    return redirect(request.path)

"""The guardian's page: opened by a link, without an account; answered with a code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from takatuf.accounts import commands, links, queries, texts
from takatuf.accounts.codes import NONE_WAITS, RAN_OUT, CodeGone, ContactCode
from takatuf.accounts.enums import LIVE_CONSENT, ConsentStatus
from takatuf.accounts.forms import CodeForm, ConsentForm
from takatuf.accounts.models import GuardianConsent
from takatuf.accounts.views.shared import language
from takatuf.kernel import signed_links
from takatuf.kernel.errors import DomainError
from takatuf.kernel.private_pages import keep_private
from takatuf.kernel.refusals import refuse, status_of
from takatuf.kernel.transitions import WrongState

GONE = 410
ANSWERS = {
    "give": commands.give_consent,
    "refuse": commands.refuse_consent,
    "withdraw": commands.withdraw_consent,
}
# A page left open never takes a consent back: only whoever presses that very button does.
GIVEN_MEANWHILE = gettext_lazy(
    "The consent is there already. To take it back, use the button on this page."
)
STANDS = {"give": ConsentStatus.GIVEN, "refuse": ConsentStatus.REFUSED}


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows; POST sends a code, or answers with it."""
    found = _named(token)
    if found.answered_at is None and found.status not in LIVE_CONSENT:
        # The link may have gone to the wrong person: nothing of the young person is shown.
        return keep_private(render(request, "accounts/guardian_over.html", status=GONE))
    begun = ContactCode.begun(request, purpose=_purpose(found))
    process = begun and begun.abort_if_invalid()
    form_class = ConsentForm if found.status == ConsentStatus.ASKED else CodeForm
    form = form_class(request.POST if request.POST.get("action") == "answer" else None)
    status, refusal = status_of(form), None
    answer = request.POST.get("answer", "")
    if form.is_bound and found.status == STANDS.get(answer):
        # A second press, or a tab left open: nothing changes, and what stands is shown.
        return keep_private(redirect("guardian_consent", token))
    try:
        if request.POST.get("action") == "code":
            _send_code(request, found, process)
            # A phone shows the top of a long page: straight to where the code is written.
            return keep_private(redirect(f"{request.path}#answer"))
        if form.is_bound and found.status == ConsentStatus.GIVEN and answer != "withdraw":
            raise commands.ConsentRefused(str(GIVEN_MEANWHILE))
        if form.is_bound and process is None:
            raise CodeGone(str(RAN_OUT if begun else NONE_WAITS))
        if process and form.is_bound and form.is_valid():
            process.check(form.cleaned_data["code"])
            _answer(request, found, answer)
            return keep_private(redirect("guardian_consent", token))
    except DomainError as error:
        refusal, status = error, refuse(form, error) if form.is_bound else 409
    context = {
        "consent": found,
        "lines": texts.consent(found.text_version, language()),
        "form": form if process else None,
        "process": process,
        "refusal": None if process and form.is_bound else refusal,
    }
    return keep_private(render(request, "accounts/guardian.html", context, status=status))


def _named(token: str) -> GuardianConsent:
    named = signed_links.read(token, links.CONSENT)
    found = queries.consent_for_link(named["consent"])
    if found is None:
        raise Http404
    return found


def _send_code(
    request: HttpRequest, found: GuardianConsent, process: ContactCode | None
) -> None:
    if process:
        process.resend()
    else:
        ContactCode.initiate(
            request, contact=found.guardian_contact, purpose=_purpose(found),
            message="accounts.consent_code", told={"minor": found.minor.full_name},
        )  # fmt: skip


def _answer(request: HttpRequest, found: GuardianConsent, answer: str) -> None:
    by = request.user if request.user.is_authenticated else None
    if by is not None and by.pk == found.minor_id:
        by = None  # the code, not the browser, says who answers
    try:
        ANSWERS[answer](consent=found, by=by, at=timezone.now())
    except WrongState:  # two presses at once: the other one was first
        found.refresh_from_db(fields=["status"])
        if found.status != STANDS.get(answer):
            raise


def _purpose(found: GuardianConsent) -> str:
    return f"consent:{found.pk}"

"""Pages of certificates and cards: checked by anyone, kept by their holders."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from takatuf.credentials import commands, links, policies, printing, queries, words
from takatuf.credentials.enums import CredentialStatus
from takatuf.credentials.forms import CardForm, CodeForm, NameForm, ReasonForm
from takatuf.kernel.asked import connection_of
from takatuf.kernel.private_pages import keep_private
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import status_of, tried
from takatuf.kernel.verify_codes import grouped
from takatuf.registry import queries as registry

TEN_MINUTES, HOUR = 600, 3600
CHECKS, CHECKS_OF_A_NAME = 60, 20


# ---------------------------------------------------------------- is this real?
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Type the code; what it stands for has an address of its own."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("credentials:check", grouped(form.cleaned_data["code"]))
    return keep_private(
        render(request, "credentials/verify.html", {"form": form}, status=status_of(form))
    )


@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, revoked or unknown; POST compares a name with one that was erased."""
    limit(f"credentials.check:{connection_of(request)}", count=CHECKS, per_seconds=TEN_MINUTES)
    found = queries.by_code(code)
    if found is None:
        form = CodeForm(initial={"code": code[:60]})
        page = render(request, "credentials/unknown.html", {"form": form}, status=404)
        return keep_private(page)
    form, same = _compared(request, found)
    context = {
        "found": found,
        "is_card": queries.is_card(found),
        "standing": queries.standing_of(found, timezone.localdate()),
        "code": grouped(found.code),
        "form": form,
        "same": same,
        "may_revoke": _may_revoke(request.user, found),
        "may_issue_anew": _may_issue_anew(request.user, found),
    }
    if not context["is_card"]:
        context |= _work_of(found) | {"other_names": _other_names(request.user, found)}
    page = render(request, "credentials/check.html", context, status=status_of(form))
    return keep_private(page)


def _compared(request: HttpRequest, found):
    """The form that compares a name, where the name itself is gone, and what came of it."""
    if found.printed_name or queries.is_card(found):
        return None, None
    form = NameForm(request.POST or None)
    if not form.is_valid():
        return form, None
    limit(f"credentials.name:{found.pk}", count=CHECKS_OF_A_NAME, per_seconds=HOUR)
    return form, queries.is_named(found, form.cleaned_data["name"])


def _work_of(certificate) -> dict:
    said = certificate.snapshot
    return {
        "said": said,
        "class_words": words.class_words(said.get("class", "")),
        "days": words.days(said),
        "evidence": [
            (minutes, *words.evidence_words(evidence))
            for evidence, minutes in words.by_evidence(said)
        ],
    }


def _may_revoke(user, found) -> bool:
    if not user.is_authenticated:
        return False
    if queries.is_card(found):
        return policies.may_revoke_card(user, found)
    return policies.may_revoke_certificate(user, found)


def _may_issue_anew(user, found) -> bool:
    return (
        user.is_authenticated
        and not queries.is_card(found)
        and queries.is_barred(found)
        and policies.may_issue_anew(user, found)
    )


def _other_names(user, certificate) -> list[str]:
    """For the desk alone, while the certificate still carries its own."""
    if not user.is_authenticated or not certificate.printed_name:
        return []
    return queries.other_names(certificate) if policies.may_compare_names(user) else []


# ---------------------------------------------------------------- the holder's own
@login_required
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    certificates, before = queries.page_of(
        queries.certificates_of(request.user), request.GET.get("before", "")
    )
    context = {
        "certificates": [_shown(row, today) for row in certificates],
        "cards": [_shown(row, today) for row in queries.cards_of(request.user)],
        "following": f"?before={before}" if before else "",
    }
    return render(request, "credentials/mine.html", context)


def _shown(row, today) -> dict:
    return {
        "row": row,
        "standing": queries.standing_of(row, today),
        "code": grouped(row.code),
        "link": links.check_page(row.code),
    }


# ---------------------------------------------------------------- files
@login_required
@require_GET
def certificate_file(request: HttpRequest, serial: str) -> HttpResponse:
    certificate = get_object_or_404(
        queries.certificates_visible_to(request.user), serial=serial
    )
    return _pdf(printing.certificate_pdf(certificate), certificate.serial)


@login_required
@require_GET
def card_file(request: HttpRequest, number: str) -> HttpResponse:
    card = get_object_or_404(queries.cards_visible_to(request.user), number=number)
    return _pdf(printing.card_pdf(card), card.number)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return keep_private(response)


# ---------------------------------------------------------------- taking back
@login_required
def certificate_revoke(request: HttpRequest, serial: str) -> HttpResponse:
    """What revoking does, and the reason; there is no way back."""
    found = get_object_or_404(queries.certificates_visible_to(request.user), serial=serial)
    if not policies.may_revoke_certificate(request.user, found):
        raise PermissionDenied
    return _revoking(
        request,
        found,
        found.serial,
        lambda reason: commands.revoke_certificate(
            certificate_id=found.pk, reason=reason, by=request.user, at=timezone.now()
        ),
    )


@login_required
def card_revoke(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(queries.cards_visible_to(request.user), number=number)
    if not policies.may_revoke_card(request.user, found):
        raise PermissionDenied
    return _revoking(
        request,
        found,
        found.number,
        lambda reason: commands.revoke_card(
            card_id=found.pk, reason=reason, by=request.user, at=timezone.now()
        ),
    )


def _revoking(request, found, number: str, command: Callable[[str], object]) -> HttpResponse:
    if request.method != "POST" and found.status == CredentialStatus.REVOKED:
        return redirect("credentials:check", grouped(found.code))  # which says so
    form = ReasonForm(request.POST or None)
    if form.is_valid() and tried(form, lambda: command(form.cleaned_data["reason"])):
        messages.success(request, _("It is revoked: its page says so from now on."))
        return redirect("credentials:check", grouped(found.code))
    context = {
        "form": form, "found": found, "number": number, "code": grouped(found.code),
        "is_card": queries.is_card(found),
    }  # fmt: skip
    return render(request, "credentials/revoke.html", context, status=status_of(form))


# ---------------------------------------------------------------- a body's cards
@login_required
@never_cache
def body_cards(request: HttpRequest, code: str) -> HttpResponse:
    """The cards a body gave; POST gives one to somebody the body has met."""
    today = timezone.localdate()
    body = registry.body_visible_to(request.user, code, today)
    if body is None:
        raise Http404
    if not policies.may_manage_cards(request.user, body):
        raise PermissionDenied
    typed = request.GET.get("q", "")[:120]
    people, more = queries.people_met(body, typed, today)
    form = CardForm(request.POST or None, people=people, today=today)
    if request.method == "POST" and form.is_valid() and _issued(request, form, body):
        return redirect("credentials:body_cards", body.code)
    cards, before = queries.page_of(queries.cards_of_body(body), request.GET.get("before", ""))
    context = {
        "body": body,
        "cards": [_shown(row, today) for row in cards],
        "following": f"?before={before}" if before else "",
        "form": form,
        "people": people,
        "more": more,
        "typed": typed,
    }
    return render(request, "credentials/body_cards.html", context, status=status_of(form))


def _issued(request: HttpRequest, form: CardForm, body) -> bool:
    now = timezone.now()
    issued = tried(
        form,
        lambda: commands.issue_card(
            person_id=int(form.cleaned_data["person"]),
            body=body,
            valid_from=timezone.localdate(now),
            valid_until=form.cleaned_data["valid_until"],
            by=request.user,
            at=now,
            is_demo=body.is_demo,
        ),
    )
    if issued:
        messages.success(request, _("The card is issued and can be printed."))
    return bool(issued)

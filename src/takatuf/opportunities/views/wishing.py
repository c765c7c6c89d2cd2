"""“Tell me when there is something like this.”"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takatuf.kernel import one_click, signed_links
from takatuf.kernel.asked import connection_of
from takatuf.kernel.rate_limits import limit
from takatuf.opportunities import commands
from takatuf.opportunities.commands.wishes import CONFIRM, STOP
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.forms import WishForm
from takatuf.opportunities.showing import chosen

WISHES_A_DAY = 20


@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the address; who is not signed in names an e-mail."""
    filters = Filters.read(request.GET).lasting()
    signed_in = request.user.is_authenticated
    form = None if signed_in else WishForm(request.POST or None, narrow=filters.is_narrow)
    if request.method == "POST" and (signed_in or form.is_valid()):
        limit(f"wish:{connection_of(request)}", count=WISHES_A_DAY, per_seconds=86400)
        commands.make_wish(
            filters=filters, by=request.user if signed_in else None,
            contact="" if signed_in else form.cleaned_data["email"],
            language=(get_language() or "ar")[:2], at=timezone.now(),
        )  # fmt: skip
        if signed_in:
            told = (
                _("We will tell you when something like this is published.")
                if filters.is_narrow
                else _("We will tell you of every new opportunity.")
            )
            messages.success(request, told)
            return redirect("opportunities:list")
        return render(request, "opportunities/wish.html", {"sent": True, "filters": filters})
    status = 422 if form and form.errors else 200
    context = {"filters": filters, "chosen": chosen(filters), "form": form}
    return render(request, "opportunities/wish.html", context, status=status)


def wish_confirm(request: HttpRequest, token: str) -> HttpResponse:
    def act() -> str:
        payload = signed_links.read(token, CONFIRM)
        commands.confirm_wish(wish_id=payload["wish"], at=timezone.now())
        return _("Good: we will write when what you asked for is published.")

    def ask() -> one_click.OneClick:
        signed_links.read(token, CONFIRM)
        return one_click.OneClick(
            title=_("Shall we write to you?"), button=_("Yes, tell me"),
            text=_(
                "Only when an opportunity you asked for is published. Every message "
                "has a link that ends it."
            ),
        )  # fmt: skip

    return one_click.answer(request, ask, act)


def wish_stop(request: HttpRequest, token: str) -> HttpResponse:
    def act() -> str:
        payload = signed_links.read(token, STOP)
        commands.end_wish(wish_id=payload["wish"], at=timezone.now())
        return _("Done: no more messages about this.")

    def ask() -> one_click.OneClick:
        signed_links.read(token, STOP)
        return one_click.OneClick(
            title=_("No more messages about this?"), button=_("Yes, stop"), danger=True
        )

    return one_click.answer(request, ask, act)

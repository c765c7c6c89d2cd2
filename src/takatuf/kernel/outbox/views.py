"""A person's inbox, and the demo's window on every message."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from takatuf.kernel.asked import row_key
from takatuf.kernel.outbox import commands, queries
from takatuf.kernel.outbox.reading import read_page, readable

NO_NEWS = 204  # htmx leaves the page as it is


@require_GET
@never_cache
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """Every message, newest first; where a demo person finds a sign-in code."""
    if not settings.DEMO:
        raise Http404
    search = request.GET.get("q", "")[:100]
    found = queries.recent_messages(search=search)
    page = read_page(found, before=request.GET.get("before"), q=search)
    newest = page.messages[0].pk if page.messages else 0
    if request.htmx and request.GET.get("newest") == str(newest):
        return HttpResponse(status=NO_NEWS)
    template = "kernel/demo_outbox.html" + ("#messages" if request.htmx else "")
    shown = [readable(message, request) for message in page.messages]
    context = {
        "messages_shown": shown, "search": search, "following": page.following,
        "newest": newest, "first_page": page.is_first,
    }  # fmt: skip
    return render(request, template, context)


@login_required
@require_GET
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    page = read_page(queries.inbox_for(request.user), before=request.GET.get("before"))
    shown = [readable(message, request) for message in page.messages]
    unread = [message.pk for message in page.messages if message.read_at is None]
    context = {
        "messages_shown": shown, "following": page.following, "unread_shown": unread,
    }  # fmt: skip
    return render(request, "kernel/inbox.html", context)


@login_required
@require_POST
def mark_inbox_read(request: HttpRequest) -> HttpResponse:
    """The messages the person saw, not those that came since."""
    seen = [key for typed in request.POST.getlist("message")[:100] if (key := row_key(typed))]
    commands.mark_read(message_ids=seen, by=request.user, at=timezone.now())
    return redirect("kernel:inbox")

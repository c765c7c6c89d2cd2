"""Messages as a page shows them."""

import re
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from takatuf.kernel.asked import row_key
from takatuf.kernel.models import Message, MessageStatus

PAGE = 30
CODE = re.compile(r"\b[A-Z]{1,3}-\d{4}-\d{4,6}\b")  # a concern, a need, a certificate
ONE_LINE = r'<bdi dir="ltr" class="nowrap">\g<0></bdi>'
LINK_LENGTH = 36  # a signed link is long; whoever wants all of it has it behind the words
TONES = {
    MessageStatus.SENT: "good",
    MessageStatus.FAILED: "bad",
    MessageStatus.HELD: "teal",
    MessageStatus.QUEUED: "warn",
    MessageStatus.SENDING: "warn",
}


class Page(NamedTuple):
    messages: list[Message]
    following: str  # the address of the next page, or nothing
    is_first: bool


class Readable(NamedTuple):
    message: Message
    body: SafeString
    code: str
    tone: str


def read_page(messages: QuerySet[Message], *, before: str | None, q: str = "") -> Page:
    """Keyset page: the messages older than one, newest first. A strange key shows page one.

    :param q: what is searched for, which the address of the next page keeps.
    """
    key, last = row_key(before or ""), None
    if key:
        last = Message.objects.filter(pk=key).only("created_at").first()
    if last:
        messages = messages.filter(
            Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
        )
    rows = list(messages[: PAGE + 1])
    following = ""
    if len(rows) > PAGE:
        kept = {"q": q} if q else {}
        following = "?" + urlencode({**kept, "before": rows[PAGE - 1].pk})
    return Page(rows[:PAGE], following, is_first=last is None)


def readable(message: Message, request: HttpRequest) -> Readable:
    """The body with its addresses as links; our own are buttons to where the reader is."""
    here = request.build_absolute_uri("/").rstrip("/")
    words = message.body.replace(settings.BASE_URL + "/", here + "/")
    linked = urlize(words, trim_url_limit=LINK_LENGTH, autoescape=True)
    with translation.override(message.language):
        label = _("Open the link")
    button = rf'<a class="btn quiet small" href="\1">{label}</a>'
    linked = re.sub(rf'<a href="({re.escape(here)}/[^"]*)"[^>]*>[^<]*</a>', button, linked)
    # A code stays on one line; inside a link it is part of an address.
    linked = "".join(
        part if part.startswith("<") else CODE.sub(ONE_LINE, part)
        for part in re.split(r"(<[^>]*>)", linked)
    )
    return Readable(
        message=message,
        body=mark_safe(linebreaks(linked, autoescape=False)),  # noqa: S308 - urlize has escaped
        code=str(message.context.get("code", "")),
        tone=TONES.get(MessageStatus(message.status), "neutral"),
    )

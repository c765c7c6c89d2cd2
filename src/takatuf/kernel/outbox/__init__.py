"""Messages to people: written in the transaction of what they tell, delivered by jobs.

``outbox.send(template=…, to=person, context={…}, at=at)`` is the whole front door for
writers. The person's own choice decides the channel; what cannot leave is kept and shown.

A module registers its templates in ``contributions.py``::

    message_templates.add("placement.offer", Template(purpose=_("A place is offered"), …))

and writes their words in ``templates/placement/messages/offer.ar.txt`` and ``.en.txt``: the
first line is the subject, the rest the body. ``name`` (who it is for) and ``base_url`` are
always there. The key ``code`` is shown large, the key ``link`` becomes the one button.
"""

from takatuf.kernel.outbox.commands import UnusableAddress, mark_read, send
from takatuf.kernel.outbox.queries import (
    inbox_for,
    messages_to_address,
    recent_messages,
    stuck_messages,
    unread_count,
)
from takatuf.kernel.outbox.templates import MissingVariable, Template, rendered

__all__ = [
    "MissingVariable",
    "Template",
    "UnusableAddress",
    "inbox_for",
    "mark_read",
    "messages_to_address",
    "recent_messages",
    "rendered",
    "send",
    "stuck_messages",
    "unread_count",
]

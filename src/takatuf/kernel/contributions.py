"""What the kernel itself adds to its registries."""

from functools import cache, partial

from takatuf.kernel import cleaning, sequences, transitions
from takatuf.kernel.jobs import invariants as jobs
from takatuf.kernel.outbox import invariants as messages
from takatuf.kernel.outbox.queries import unread_count
from takatuf.kernel.registries import shell_parts

# Importing these is what registers their checks and periodic functions.
REGISTERING = (cleaning, sequences, transitions, jobs, messages)


@shell_parts.register("unread messages")
def unread(request) -> dict:
    """Counted only by a page that shows it, once."""
    # A page of trouble may come before it is known who has signed in.
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    return {"unread": cache(partial(unread_count, person))}

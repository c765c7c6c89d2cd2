"""Links for whoever reported a need."""

from datetime import datetime

from takatuf.kernel import signed_links
from takatuf.kernel.links import absolute
from takatuf.needs.models import Need

FOLLOW = "needs.follow"


def follow_token(need: Need, *, at: datetime) -> str:
    return signed_links.make(FOLLOW, {"need": need.pk}, at=at)


def follow_link(need: Need, *, language: str, at: datetime) -> str:
    """Where the number, the promised day and later the answer stand; for a month."""
    return absolute("needs:follow", follow_token(need, at=at), language=language)

"""Who may open the pages that watch the site itself. Every function is a question.

The administrator keeps the site running and decides nothing of its work: reads whether it
runs and what changed, and answers what got stuck. No need, opportunity, hour or certificate
is theirs to touch; who also holds an office does that as its holder.
"""

from datetime import date

from takatuf.accounts import policies as accounts
from takatuf.registry import policies as registry


def may_see_running(person) -> bool:
    return accounts.is_administrator(person)


def may_answer_stuck(person, on: date | None = None) -> bool:
    """The desk, whose messages they are, and whoever can mend the provider."""
    return accounts.is_administrator(person) or registry.may_act_for_desk(person, on)


def may_read_log(person, on: date | None = None) -> bool:
    """Auditors, and whoever must find out what an upgrade or an import changed; reading."""
    return accounts.is_administrator(person) or registry.may_audit(person, on)

"""What allauth tells the session at hand: proofs just shown, factors lost.

These are about one request and its session, so allauth's own signals are the right carrier;
news for other floors travels as notices.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.utils import timezone

from takatuf.accounts import commands, sessions


@receiver(authenticator_added)
def count_as_shown(request, user, authenticator, **kwargs) -> None:  # noqa: ARG001
    """Who has just set up an app or key has it in hand."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type)


@receiver([password_set, password_changed])
def password_was_typed(request, user, **kwargs) -> None:  # noqa: ARG001
    record_authentication(request, user, method="password", reauthenticated=True)


@receiver(authenticator_removed)
def end_other_sessions(request, user, authenticator, **kwargs) -> None:  # noqa: ARG001
    """A factor that is gone may have been lost: every other session ends."""
    person = commands.end_sessions(
        person=user, by=user, at=timezone.now(), why="factor_removed"
    )
    sessions.renew(request, person)

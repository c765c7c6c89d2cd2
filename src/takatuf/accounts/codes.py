"""Proving that a mobile or an e-mail is one's own: six digits, sent there, typed here.

Built on allauth's code process, for the three places where its own views do not fit: one
entrance for those who have an account and those who have none yet, a new contact, a guardian
without an account. Nothing here tells whether an address belongs to somebody.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core.internal.cryptokit import compare_user_code
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.kernel import outbox
from takatuf.kernel.asked import connection_of
from takatuf.kernel.errors import DomainError
from takatuf.kernel.rate_limits import TooMany, limit, slow_down
from takatuf.kernel.text.digits import western

SESSION_KEY = "takatuf_contact_code"
MESSAGE = "accounts.code"
MINUTES = 10
RAN_OUT = gettext_lazy("The ten minutes of this code are over. Ask for a new one.")
NONE_WAITS = gettext_lazy(
    "No code waits on this page: none was asked for, or another page asked for one since. "
    "Ask for a new one."
)
TRIES = 5
RESENDS = 3
# A school shares one connection: the limits per connection are wider than those per contact.
# Sendings and tries are counted for a contact and the connection they come from: what a
# stranger does with somebody's contact does not keep that somebody out at once.
LIMITS = {
    "send": [
        ("both", 5, 300), ("both", 20, 86400), ("connection", 40, 300),
        ("connection", 300, 3600),
    ],
    "check": [("both", 15, 300), ("both", 60, 86400), ("connection", 120, 300)],
}  # fmt: skip
MOST_A_DAY = 100  # sent to one contact: nobody is buried, and no bill grows beyond it
# Beyond so many for one contact in a day, from wherever, each connection waits these seconds
# between two of its own: from many places at once one gets nowhere. See ADR 10.
SENT_A_DAY, SECONDS_TO_SEND = 40, 600
TRIES_A_DAY, SECONDS_BETWEEN = 60, 60
SLOWED = {"send": (SENT_A_DAY, SECONDS_TO_SEND), "check": (TRIES_A_DAY, SECONDS_BETWEEN)}


class SentOften(DomainError):
    """The same code process has sent all it may."""


class WrongCode(DomainError):
    """Not the code that was sent last."""


class CodeGone(DomainError):
    """The code ran out, or was guessed at too often."""


class ContactCode(AbstractCodeVerificationProcess):
    """One code under way in one browser session, for one purpose."""

    def __init__(self, request, state: dict):
        self.request = request
        super().__init__(max_attempts=TRIES, timeout=MINUTES * 60, state=state)

    @classmethod
    def initiate(
        cls, request, *, contact: str, purpose: str, about: dict | None = None,
        message: str = MESSAGE, told: dict | None = None,
    ):  # fmt: skip
        """Send a code, and remember in the session what it is for.

        :param about: plain values the purpose needs after the code is right.
        :param message: the template of the message that carries the code.
        :param told: what that message says besides the code.
        :returns: where no more is sent for now, the process under way for the same, if any:
            its code still holds.
        :raises takatuf.kernel.rate_limits.TooMany: if this contact or this connection asked
            too often.
        """
        try:
            _spend(request, "send", contact)
        except TooMany:
            under_way = cls.resume(request, purpose=purpose)
            if under_way and under_way.contact == contact:
                return under_way
            raise
        state = cls.initial_state(user=None)
        state |= {"contact": contact, "purpose": purpose, "about": about or {}}
        state |= {"message": message, "told": told or {}}
        process = cls(request, state)
        process.send()
        return process

    @classmethod
    def begun(cls, request, *, purpose: str):
        """The process begun last, if it was for this; ``is_valid`` until it runs out."""
        state = request.session.get(SESSION_KEY)
        if not state or state.get("purpose") != purpose:
            return None
        return cls(request, state)

    @classmethod
    def resume(cls, request, *, purpose: str):
        """The process under way, or None: none begun, begun for something else, run out."""
        process = cls.begun(request, purpose=purpose)
        return process and process.abort_if_invalid()

    @property
    def contact(self) -> str:
        return self.state["contact"]

    @property
    def about(self) -> dict:
        return self.state["about"]

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(RESENDS)

    @property
    def when_again(self) -> str:
        """What is left to do after the last sending: the page then starts anew by itself."""
        left = self.state["at"] + self.timeout - time.time()
        minutes = max(1, -(-int(left) // 60))
        return ngettext(
            "The code was sent four times. Check that it goes to the right place, and look "
            "among unwanted messages. In %(minutes)d minute a new one can be asked for.",
            "The code was sent four times. Check that it goes to the right place, and look "
            "among unwanted messages. In %(minutes)d minutes a new one can be asked for.",
            minutes,
        ) % {"minutes": minutes}

    def send(self) -> None:
        self.state["code"] = get_adapter(self.request).generate_login_code()
        self.state["at"] = time.time()
        outbox.send(
            template=self.state.get("message", MESSAGE),
            address=self.contact,
            context={"code": self.code, "minutes": MINUTES, **self.state.get("told", {})},
            urgent=True,
            at=timezone.now(),
        )
        self.persist()

    def resend(self) -> None:
        """:raises SentOften: after the third time; :raises TooMany: as ``initiate``."""
        if not self.can_resend:
            raise SentOften(self.when_again)
        _spend(self.request, "send", self.contact)
        self.record_resend()
        self.send()

    def check(self, typed: str) -> None:
        """Compare, and close the process when the code is right.

        :raises WrongCode: with tries left; :raises CodeGone: with none;
        :raises takatuf.kernel.rate_limits.TooMany: if it is being guessed at.
        """
        _spend(self.request, "check", self.contact)
        if compare_user_code(actual=western(typed), expected=self.code):
            self.abort()
            return
        if self.record_invalid_attempt():
            raise WrongCode(
                _("The code is not right. Check the last message we sent."), field="code"
            )
        raise CodeGone(_("The code was wrong five times. Ask for a new one."))

    def persist(self) -> None:
        self.request.session[SESSION_KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(SESSION_KEY, None)


def _spend(request, action: str, contact: str) -> None:
    """:raises takatuf.kernel.rate_limits.TooMany: per contact, then per connection."""
    address, contact = connection_of(request), contact.lower()
    who = {"connection": address, "both": f"{contact} {address}"}
    for key, count, seconds in LIMITS[action]:
        limit(f"{action}:{key}:{who[key]}", count=count, per_seconds=seconds)
    count, wait = SLOWED[action]
    slow_down(
        f"{action}:slowed:{contact}", count=count, per_seconds=86400, who=address, wait=wait
    )
    if action == "send":  # last: what is refused above uses up nothing of it
        limit(f"send:contact:{contact}", count=MOST_A_DAY, per_seconds=86400)

"""What happens to people that higher floors must hear of."""

from dataclasses import dataclass

from takatuf.kernel.notices import Notice


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Notice, name="accounts.consent_withdrawn"):
    """A minor has no guardian's consent (taken back, run out, or needed only since a birth
    date was mended: ``came_to_need``): free their places.
    """

    person_id: int
    came_to_need: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Notice, name="accounts.consent_given"):
    """A guardian has said yes: the minor may join."""

    person_id: int

"""A check, its answer, and what all answers together decide."""

from collections.abc import Callable
from dataclasses import dataclass

from takatuf.opportunities.enums import Gate
from takatuf.opportunities.quality.draft import Draft

PUBLISHES_AT, REVIEWED_AT = 8, 6


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question of the gate.

    :param key: the function's name; stable, for tests and records.
    :param mend: the sentence shown when it fails: what is wrong, and how to mend it.
    :param step: the studio's step where it can be mended.
    :param blocks: refuses publication whatever the score.
    :param counts: is one of the ten.
    """

    key: str
    title: object
    mend: object
    step: str
    passes: Callable[[Draft], bool]
    blocks: bool = False
    counts: bool = True


@dataclass(frozen=True, kw_only=True)
class Result:
    check: Check
    passed: bool
    mend: object


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate says of a draft."""

    results: tuple[Result, ...]

    @property
    def ten(self) -> tuple[Result, ...]:
        """The answers the score counts."""
        return tuple(result for result in self.results if result.check.counts)

    @property
    def also_missing(self) -> tuple[Result, ...]:
        """What is asked besides the ten, at any score, and not there."""
        return tuple(r for r in self.results if not r.check.counts and not r.passed)

    @property
    def score(self) -> int:
        return sum(result.passed for result in self.ten)

    @property
    def blocked_by(self) -> tuple[Check, ...]:
        return tuple(r.check for r in self.results if r.check.blocks and not r.passed)

    @property
    def failed(self) -> tuple[Result, ...]:
        """Everything to mend, what blocks first."""
        missing = [result for result in self.results if not result.passed]
        return tuple(sorted(missing, key=lambda result: not result.check.blocks))

    @property
    def outcome(self) -> Gate:
        if self.blocked_by or self.score < REVIEWED_AT:
            return Gate.RETURNS
        return Gate.PUBLISHES if self.score >= PUBLISHES_AT else Gate.REVIEWS

    def reasons(self) -> list[object]:
        """Each failed check's sentence, for ``str()`` or to be kept."""
        return [result.mend for result in self.failed]

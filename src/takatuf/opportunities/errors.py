"""What opportunities refuse."""

from takatuf.kernel.errors import DomainError


class CannotChange(DomainError):
    """The opportunity or shift does not take this change as it stands."""


class EditedMeanwhile(DomainError):
    """Somebody else saved in between; nothing of either is lost."""


class BadSchedule(DomainError):
    """The times or seats cannot be."""


class PeoplePlaced(DomainError):
    """People count on it: move or cancel, so that they are told."""


class GateSaysNo(DomainError):
    """A change would make a published opportunity worse than the gate allows."""

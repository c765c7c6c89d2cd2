"""Two people, not one."""

from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError


class SamePerson(DomainError):
    """The second pair of eyes belongs to the first person."""


def require_another(*, first, second) -> None:
    """:raises SamePerson: if both are one person, or the first is unknown."""
    if first is None or second is None or first.pk == second.pk:
        raise SamePerson(_("This needs a second person: whoever entered it cannot approve it."))

"""What a form does with the domain's no."""

from collections.abc import Callable
from typing import Any

from takatuf.kernel.errors import DomainError, NotAllowed

UNREADABLE = 422  # what was typed has to be changed first


def refuse(form, refusal: DomainError) -> int:
    """Put the refusal at the field it names, else on the form; return the answer's status."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return refusal.status


def tried(form, command: Callable[[], object]) -> Any:
    """Run a command for a form: what it gave (True for nothing), or None if it refused.

    :raises NotAllowed: it is of the person, not of the input, and has a page of its own.
    """
    try:
        return command() or True
    except NotAllowed:
        raise
    except DomainError as refusal:
        refuse(form, refusal)
        return None


def status_of(form) -> int:
    """Of a page with this form: 422 if something typed in it has to be changed."""
    return UNREADABLE if form is not None and form.is_bound and form.errors else 200

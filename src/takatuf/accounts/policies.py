"""Who may do what with an account. Every function is a question.

Offices live a floor above: the modules that know them add their question here, in their
``contributions.py``. A check gets the person and a moment and answers yes or no; it may keep
what it looked up on the person object, which lives as long as the request.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from takatuf.accounts import queries
from takatuf.accounts.models import Person, RecoveryRequest
from takatuf.kernel.registries import Registry

Check = Callable[[Person, datetime], bool]

# name -> check: does this person hold an office that needs a password and a second factor?
staff_checks: Registry[Check] = Registry("staff checks")
# name -> check: does this person sit at the regional desk?
desk_checks: Registry[Check] = Registry("desk checks")


def needs_second_factor(person, at: datetime | None = None) -> bool:
    """Staff: holders of an office, administrators."""
    if not person.is_authenticated:
        return False
    if person.office_waits:
        return True
    at = at or timezone.now()
    return is_administrator(person) or any(check(person, at) for _name, check in staff_checks)


def is_administrator(person) -> bool:
    """Whoever runs the site: made with ``createsuperuser``, holds no office by it."""
    if not person.is_authenticated or person.office_waits:
        return False
    return person.is_active and person.is_staff


def is_desk(person, at: datetime | None = None) -> bool:
    if not person.is_authenticated or not person.is_active:
        return False
    at = at or timezone.now()
    return any(check(person, at) for _name, check in desk_checks)


def may_see_recoveries(person, at: datetime | None = None) -> bool:
    return is_desk(person, at)


def may_recover(person, request: RecoveryRequest, at: datetime | None = None) -> bool:
    """The desk, but never on one's own account."""
    return is_desk(person, at) and request.person_id != person.pk


def may_confirm_recovery(person, request: RecoveryRequest, at: datetime | None = None) -> bool:
    """The second pair of eyes belongs to somebody else of the desk."""
    return may_recover(person, request, at) and request.approved_by_id != person.pk


def may_correct_birth_date(person, other: Person, at: datetime | None = None) -> bool:
    """The desk, having seen the identity card; one's own goes the way of everybody."""
    return is_desk(person, at) and other.pk != person.pk and other.erased_at is None


def may_ask_consent(person, minor: Person) -> bool:
    """Only the minor themself asks; nobody signs a child up behind their back."""
    return person.is_authenticated and person.pk == minor.pk


def may_join_activities(person, at: datetime) -> bool:
    """Adults, and minors whose guardian has said yes and not taken it back."""
    today = timezone.localdate(at)
    if not person.is_authenticated or not person.is_active or person.age(on=today) is None:
        return False
    return not person.is_minor(on=today) or queries.has_live_consent(person, on=today)

"""What came out of the work: the people served."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.attendance import policies, queries
from takatuf.attendance.models import PeopleServed
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.four_eyes import require_another
from takatuf.kernel.transitions import WrongState, record
from takatuf.needs import commands as needs
from takatuf.opportunities.enums import ShiftStatus
from takatuf.registry import commands as registry
from takatuf.registry import policies as registry_policies

MOST_PEOPLE = 1_000_000  # at one shift
BASIS_LENGTH = 200


@transaction.atomic
def enter_people_served(
    *, shift_id: int, count: int, basis: str, by, at: datetime
) -> PeopleServed:
    """Who ran the day says how many people it served, and how they counted.

    Entering again before it is confirmed replaces the first figure.

    :raises NotAllowed: if ``by`` does not run this day.
    :raises DomainError: without a basis, before the end, or once it is confirmed.
    """
    shift = queries.shift_with_opportunity(shift_id)
    if not policies.may_run_day_sheet(by, shift.opportunity):
        raise NotAllowed(_("Only who ran the day counts whom it served."))
    _must_make_sense(shift, count, basis, at=at)
    basis, before = basis.strip(), None
    served, created = PeopleServed.objects.get_or_create(
        shift=shift,
        defaults={"count": count, "basis": basis, "entered_by": by, "entered_at": at},
    )
    if not created:
        served = queries.lock_people_served(shift_id)  # nobody confirms it meanwhile
        before = served.count
        if served.confirmed_at:
            raise DomainError(_("This figure is confirmed and stays as it is."))
        if (before, served.basis, served.entered_by_id) == (count, basis, by.pk):
            return served
        served.count, served.basis, served.entered_by, served.entered_at = count, basis, by, at
        served.save(update_fields=["count", "basis", "entered_by", "entered_at"])
    record(subject=served, action="entered", by=by, at=at, changes={"count": [before, count]})
    registry.call_office(queue="attendance.served", body=shift.opportunity.body, by=by)
    return served


def _must_make_sense(shift, count: int, basis: str, *, at: datetime) -> None:
    if not basis.strip() or len(basis.strip()) > BASIS_LENGTH:
        raise DomainError(_("Say in a line how the people were counted."), field="basis")
    if not 0 <= count <= MOST_PEOPLE:
        raise DomainError(_("Check the number of people: it cannot be right."), field="count")
    if shift.ends_at > at:
        raise DomainError(_("The shift is not over yet."))
    if shift.status in (ShiftStatus.CANCELLED, ShiftStatus.MOVED):
        raise WrongState(_("This shift was cancelled or moved: it served nobody."))


@transaction.atomic
def confirm_people_served(*, shift_id: int, by, at: datetime) -> PeopleServed:
    """Another manager of the body confirms; the need's coverage grows at the same moment.

    :raises SamePerson: if ``by`` entered the figure.
    :raises NotAllowed: if ``by`` does not manage the body.
    """
    served = queries.lock_people_served(shift_id)
    opportunity = served.shift.opportunity
    if not registry_policies.may_manage_body(by, opportunity.body):
        raise NotAllowed(_("Only the body's manager confirms whom a shift served."))
    require_another(first=served.entered_by, second=by)
    if served.confirmed_at:
        return served
    served.confirmed_by, served.confirmed_at = by, at
    served.save(update_fields=["confirmed_by", "confirmed_at"])
    record(subject=served, action="confirmed", by=by, at=at, acting_body=opportunity.body)
    if opportunity.need_id:
        needs.add_people_served(need_id=opportunity.need_id, count=served.count, by=by, at=at)
    return served

"""The steps every command shares: judging, giving a seat, freeing one, passing it on."""

from datetime import datetime, timedelta

from django.utils import timezone

from takatuf.kernel import outbox
from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import change_state
from takatuf.opportunities import commands as opportunities
from takatuf.placement import queries
from takatuf.placement.eligibility import Verdict, judge
from takatuf.placement.enums import APPLICATION_STEPS, HOLDING, ApplicationStatus
from takatuf.placement.links import answer_link
from takatuf.placement.models import Application
from takatuf.placement.notices import PlaceConfirmed, PlaceFreed

OFFER_TIME = timedelta(hours=48)
LAST_OFFER_BEFORE_START = timedelta(hours=2)


def verdict_on(
    person, shift_role, *, at: datetime, apart_from: int | None = None, invited=False
) -> Verdict:
    """Ask every rule about one person and one role of one shift."""
    place = queries.place_of(shift_role)
    facts = queries.applicants(
        [person],
        shift_role.shift.opportunity,
        at=at,
        around=place.starts_at,
        apart_from=apart_from,
    )[person.pk]
    if invited:
        facts = _invited(facts)
    return judge(facts, place, at=at)


def _invited(facts):
    return type(facts)(**{**facts.__dict__, "invited": True})


def step(
    application: Application,
    to: str,
    *,
    by,
    at: datetime,
    action: str,
    reason: str = "",
    **fields,
) -> None:
    """One step of the application's life, remembered."""
    change_state(
        application,
        to,
        table=APPLICATION_STEPS,
        by=by,
        at=at,
        action=action,
        reason=reason,
        about=application.person,
        acting_body=application.opportunity.body
        if by and by.pk != application.person_id
        else None,
        columns=({"reason": reason} if reason else {}) | fields,
    )


def offer_end(shift, *, at: datetime) -> datetime:
    """An offer stands 48 hours, but never into the last two hours before the shift."""
    return max(at, min(at + OFFER_TIME, shift.starts_at - LAST_OFFER_BEFORE_START))


def confirm(application: Application, *, by, at: datetime, action: str) -> None:
    """The seat is already taken: the place is now the person's."""
    step(application, ApplicationStatus.CONFIRMED, by=by, at=at, action=action, confirmed_at=at)
    announce(PlaceConfirmed(application_id=application.pk))
    tell(application, "placement.confirmed", at=at)


def offer(application: Application, *, by, at: datetime, action: str, **fields) -> None:
    """The seat is already taken: the person has until the end of the offer to say yes."""
    step(
        application,
        ApplicationStatus.OFFERED,
        by=by,
        at=at,
        action=action,
        offer_expires_at=offer_end(application.shift, at=at),
        **fields,
    )
    tell(application, "placement.offered", at=at, urgent=True)


def end(
    application: Application, to: str, *, by, at: datetime, action: str, reason: str = ""
) -> None:
    """Leave the queue or the seat; a freed seat goes to the next in line at once."""
    held = application.status in HOLDING
    step(application, to, by=by, at=at, action=action, reason=reason, ended_at=at)
    if held:
        opportunities.release_role_seat(application.shift_role_id)
        announce(PlaceFreed(application_id=application.pk))
        pass_on(application.shift_role_id, at=at)


def pass_on(shift_role_id: int, *, at: datetime) -> Application | None:
    """Offer a free seat to the first on the waiting list who can still take it.

    Nobody is offered a seat in the last hours before the start: there would be no time to
    answer. Those who no longer fit keep their place in line and are passed over.
    """
    for waiting in queries.waiting_list(shift_role_id):
        if waiting.shift.starts_at - LAST_OFFER_BEFORE_START <= at:
            return None
        if not verdict_on(
            waiting.person, waiting.shift_role, at=at, apart_from=waiting.pk
        ).eligible:
            continue
        if not opportunities.take_role_seat(shift_role_id):
            return None
        offer(waiting, by=None, at=at, action="seat passed on")
        return waiting
    return None


def tell(
    application: Application, template: str, *, at: datetime, urgent: bool = False, **extra
) -> None:
    """Write to the person, with a link that answers without signing in."""
    shift, opportunity = application.shift, application.opportunity
    outbox.send(
        template=template,
        to=application.person,
        at=at,
        urgent=urgent,
        context={
            "title": opportunity.title,
            "body_ar": opportunity.body.name_ar,
            "body_en": opportunity.body.name_en or opportunity.body.name_ar,
            "place": opportunity.place,
            "day": timezone.localtime(shift.starts_at).date().isoformat(),
            "starts": f"{timezone.localtime(shift.starts_at):%H:%M}",
            "ends": f"{timezone.localtime(shift.ends_at):%H:%M}",
            "role": application.shift_role.role.title,
            "reason": application.reason,
            "answer_by": (
                f"{timezone.localtime(application.offer_expires_at):%Y-%m-%d %H:%M}"
                if application.offer_expires_at
                else ""
            ),
            "link": answer_link(application, at=at),
            **extra,
        },
    )

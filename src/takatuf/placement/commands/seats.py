"""The steps every command shares: judging, giving a seat, freeing one, passing it on."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takatuf.kernel import outbox
from takatuf.kernel.links import absolute
from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import WrongState, change_state, record
from takatuf.kernel.typography import when
from takatuf.kernel.working_days import usual_due
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import OPEN
from takatuf.placement import queries
from takatuf.placement.commands.guardians import tell_guardian
from takatuf.placement.commands.repairing import pass_on_by_round
from takatuf.placement.eligibility import Verdict
from takatuf.placement.enums import (
    APPLICATION_STEPS,
    COVER_STEPS,
    ENDED,
    HOLDING,
    LAST_OFFER_BEFORE_START,
    PROPOSAL_STEPS,
    UNANSWERED,
    ApplicationStatus,
    CoverStatus,
    ProposalStatus,
)
from takatuf.placement.links import alike, answer_link
from takatuf.placement.models import Application, Cover
from takatuf.placement.notices import PlaceConfirmed, PlaceFreed

OFFER_TIME = timedelta(hours=48)
IN_LINE_AT_ONCE = 50  # how many of a long waiting list are judged in one go


def verdict_on(
    person, shift_role, *, at: datetime, apart_from: int | None = None, invited: bool = False
) -> Verdict:
    """Ask every rule about one person and one role of one shift."""
    known = queries.known_about([person], shift_role.shift.opportunity_id, at=at)[person.pk]
    return known.verdict(shift_role, at=at, apart_from=apart_from, invited=invited)


def verdict_on_place(application: Application, *, at: datetime) -> Verdict:
    """May this person still have the place the body gives them? Their own is no clash."""
    return verdict_on(
        application.person, application.shift_role, at=at, apart_from=application.pk,
        invited=True,
    )  # fmt: skip


def start(
    *,
    person,
    role,
    batch: uuid.UUID,
    origin: str,
    status: str,
    by,
    at: datetime,
    action: str,
    template: str = "",
    urgent: bool = False,
    **fields,
) -> Application:
    """A new application in its first state, remembered and told.

    :param template: of the message; none where the caller tells of several at once.
    :param role: the shift role, with shift, role and opportunity at hand.
    """
    opportunity = role.shift.opportunity
    application = Application.objects.create(
        opportunity=opportunity, shift=role.shift, shift_role=role, person=person, batch=batch,
        origin=origin, status=status, applied_at=at, **fields,
    )  # fmt: skip
    record(
        subject=application, action=action, by=by, at=at, to_state=status, about=person,
        acting_body=opportunity.body if by and by.pk != person.pk else None, fresh=True,
    )  # fmt: skip
    if status == ApplicationStatus.CONFIRMED:
        announce(PlaceConfirmed(application_id=application.pk))
        tell_guardian(application, at=at)
    if template:
        tell(application, f"placement.{template}", at=at, urgent=urgent)
    return application


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
    """One step of the application's life, remembered; a round's proposal ends with it, and
    nobody is looked for any more.
    """
    had_place = application.status == ApplicationStatus.CONFIRMED
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
    if to in ENDED:
        _end_with_it(application, had_place=had_place, by=by, at=at)


def _end_with_it(application: Application, *, had_place: bool, by, at: datetime) -> None:
    looking = Cover.objects.filter(application=application, status=CoverStatus.OPEN)
    for cover in looking if had_place else ():
        change_state(
            cover, CoverStatus.LAPSED, table=COVER_STEPS, by=by, at=at, action="place ended",
            ended_at=at,
        )  # fmt: skip
    proposal = getattr(application, "proposal", None)
    if proposal is not None and proposal.status == ProposalStatus.APPROVED:
        change_state(
            proposal, ProposalStatus.ENDED, table=PROPOSAL_STEPS, by=by, at=at,
            action="place ended", about=application.person,
        )  # fmt: skip


def must_be_answerable(application: Application) -> None:
    """:raises WrongState: if the body has nothing to say to it any more."""
    if application.status not in UNANSWERED:
        raise WrongState(
            _("This is now “%(state)s”, so there is nothing to answer.")
            % {"state": application.get_status_display()}
        )


def offer_end(shift, *, at: datetime) -> datetime:
    """An offer stands 48 hours, but not into the last two hours before the shift; one made
    even later, by hand, stands until the start.
    """
    return min(at + OFFER_TIME, _last_answer(shift, at=at))


def _last_answer(shift, *, at: datetime) -> datetime:
    last = shift.starts_at - LAST_OFFER_BEFORE_START
    return last if last > at else shift.starts_at


def answer_due(shift, *, at: datetime) -> datetime:
    """Until when the body answers what is asked of it now: within the usual term, but before
    the shift as an offer ends.
    """
    return min(usual_due(at), _last_answer(shift, at=at))


def confirm(application: Application, *, by, at: datetime, action: str) -> None:
    """The seat is already taken: the place is now the person's."""
    step(application, ApplicationStatus.CONFIRMED, by=by, at=at, action=action, confirmed_at=at)
    announce(PlaceConfirmed(application_id=application.pk))
    tell_guardian(application, at=at)
    tell(application, "placement.confirmed", at=at)


def offer(application: Application, *, by, at: datetime, action: str, **fields) -> None:
    """The seat is already taken: the person has until the end of the offer to say yes.

    The caller tells them, of several at once where it makes several.
    """
    step(
        application,
        ApplicationStatus.OFFERED,
        by=by,
        at=at,
        action=action,
        offer_expires_at=offer_end(application.shift, at=at),
        **fields,
    )


def end(
    application: Application, to: str, *, by, at: datetime, action: str, reason: str = ""
) -> None:
    """Leave the queue or the seat; a freed seat goes to the next in line at once, or to the
    next by the order of a round that is running, which a job works out.
    """
    held = application.status in HOLDING
    step(application, to, by=by, at=at, action=action, reason=reason, ended_at=at)
    if held:
        opportunities.release_role_seat(application.shift_role_id)
        announce(PlaceFreed(application_id=application.pk))
        if not pass_on_by_round(application):
            next_one = pass_on(application.shift_role_id, at=at)
            tell_offered([next_one] if next_one else [], at=at)


def pass_on_all(shift_role_id: int, *, at: datetime) -> list[Application]:
    """Offer every free seat of a role to those who wait for it. The caller tells them."""
    offered = []
    while next_one := pass_on(shift_role_id, at=at):
        offered.append(next_one)
    return offered


def pass_on(shift_role_id: int, *, at: datetime) -> Application | None:
    """Offer a free seat to the first on the waiting list who can still take it; the caller
    tells them, as they may be offered several.

    Nobody is offered a seat in the last hours before the start: there would be no time to
    answer. Those who no longer fit keep their place in line and are passed over.
    """
    waiting, judged = queries.waiting_list(shift_role_id), 0
    while line := list(waiting[judged : judged + IN_LINE_AT_ONCE]):
        if line[0].shift.starts_at - LAST_OFFER_BEFORE_START <= at:
            return None
        if offered := pass_on_along(line, at=at):
            return offered
        judged += len(line)
    return None


def pass_on_along(line: list[Application], *, at: datetime) -> Application | None:
    """Offer a free seat to the first of these who fits; they wait for the same role."""
    first = _first_who_fits(line, at=at)
    return _offer_free_seat(first, at=at) if first else None


def _first_who_fits(line: list[Application], *, at: datetime) -> Application | None:
    people = [row.person for row in line]
    known = queries.known_about(people, line[0].opportunity_id, at=at)
    for row in line:
        verdict = known[row.person_id].verdict(row.shift_role, at=at, apart_from=row.pk)
        if verdict.eligible:
            return row
    return None


def _offer_free_seat(application: Application, *, at: datetime) -> Application | None:
    if not opportunities.take_role_seat(application.shift_role_id):
        return None
    offer(application, by=None, at=at, action="seat passed on")
    return application


def tell_offered(applications: Sequence[Application], *, at: datetime) -> None:
    """A seat is kept for them, for as long as the offer stands."""
    tell_of_all(applications, "placement.offered", at=at, urgent=True)


def tell_of_all(
    applications: Sequence[Application], template: str, *, at: datetime, urgent: bool = False
) -> None:
    """One message to each person for all their shifts of one opportunity, the soonest first."""
    together: dict[tuple[int, int], list[Application]] = {}
    for row in sorted(applications, key=lambda row: (row.shift.starts_at, row.pk)):
        together.setdefault((row.person_id, row.opportunity_id), []).append(row)
    for first, *rest in together.values():
        tell(first, template, at=at, urgent=urgent, more=rest)


def tell(
    application: Application, template: str, *, at: datetime, urgent: bool = False,
    more: Sequence[Application] = (),
) -> None:  # fmt: skip
    """Write to the person, with a link that answers without signing in.

    :param more: other shifts the same is true of, each with a link of its own.
    """
    opportunity, person = application.opportunity, application.person
    with translation.override(person.language):
        context = {
            "title": opportunity.title,
            "body": opportunity.body.name,
            "place": opportunity.place,
            "role": application.shift_role.role.title,
            "reason": application.why,
            **_ways_on(application),
            **times_of(application),
            "answer_by": _answer_by(application),
            "more": "\n".join(_line(row, at=at) for row in more),
        }
    outbox.send(
        template=template,
        to=person,
        at=at,
        urgent=urgent,
        context={**context, "link": answer_link(application, at=at)},
    )


def _ways_on(application: Application) -> dict[str, object]:
    """Addresses beside the person's own, and whether there is a shift to choose."""
    opportunity = application.opportunity
    goes_on = opportunity.status in OPEN
    return {
        "page": absolute(
            "site:opportunity", opportunity.code, language=application.person.language
        ),
        "alike": "" if goes_on else settings.BASE_URL + alike(opportunity),
        "goes_on": goes_on,
        "chooses": application.went_with_its_shift,
    }


def _line(application: Application, *, at: datetime) -> str:
    said = times_of(application)
    return "{day} {starts}–{ends}: {link}".format(**said, link=answer_link(application, at=at))


def times_of(application: Application) -> dict[str, str]:
    """When its shift is, in the words of the language of the moment."""
    starts = timezone.localtime(application.shift.starts_at)
    ends = timezone.localtime(application.shift.ends_at)
    day = date_format(starts, "l j F Y")
    return {"day": day, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}


def _answer_by(application: Application) -> str:
    until = application.offer_expires_at or application.answer_due_at
    return when(until) if until else ""

"""Who holds which office: invited, accepted, ended. Nobody appoints themselves."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts import queries as accounts
from takatuf.accounts.commands import masked
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.links import absolute
from takatuf.kernel.transitions import record
from takatuf.registry import links, policies, queries
from takatuf.registry.commands.bodies import activate_if_headed
from takatuf.registry.enums import ABLE_BODIES, BodyStatus, Role, TeamStatus
from takatuf.registry.models import Body, Invitation, Office, Team, Unit

MUST_BE_HELD = (Role.BODY_HEAD, Role.DESK)


class CannotInvite(DomainError):
    """Nobody can be asked to this office like this."""


class CannotAccept(DomainError):
    """The invitation is not this person's to accept, or not any more."""


class WrongContact(CannotAccept):
    """Another account is signed in than the one with the invited contact."""

    sign_out = True  # the page behind the link offers it


class CannotEnd(DomainError):
    """The office cannot end yet."""


@transaction.atomic
def invite(
    *, body: Body, role: str, contact: str, by, at: datetime, team: Team | None = None
) -> Invitation:
    """Ask the owner of an e-mail or mobile to hold an office; the link waits two weeks.

    :param contact: a lower-case e-mail or an E.164 number.
    :raises NotAllowed: if ``by`` may not fill this office.
    :raises CannotInvite: for one's own contact; while the body is not verified; if the team is
        another body's, or none is named for its leader.
    """
    if not policies.may_invite(by, body, role, timezone.localdate(at)):
        raise NotAllowed(_("You cannot invite to this office."))
    if body.status not in ABLE_BODIES:
        raise CannotInvite(_("Staff can be invited once the desk has verified the body."))
    if contact in {by.email, by.phone}:
        raise CannotInvite(
            _("Nobody appoints themselves: name somebody else."), field="contact"
        )
    if role == Role.TEAM_LEADER and (team is None or team.body_id != body.pk):
        raise CannotInvite(_("Choose a team of this body."), field="team")
    before = Invitation.objects.filter(body=body, role=role, contact=contact, team=team)
    take_back(before.filter(accepted_at=None, revoked_at=None), by=by, at=at)
    invitation = Invitation.objects.create(
        body=body, role=role, contact=contact, invited_by=by, invited_at=at,
        expires_at=at + links.VALID_FOR, team=team if role == Role.TEAM_LEADER else None,
    )  # fmt: skip
    record(subject=invitation, action="invited", by=by, at=at, acting_body=body)
    outbox.send(
        template="registry.invitation", address=contact, at=at,
        context={
            "body": body.name_ar, "body_en": body.name_en or body.name_ar, "role": role,
            "team": team.name if team else "", "days": links.VALID_FOR.days,
            "link": links.invitation_link(invitation, at=at),
        },
    )  # fmt: skip
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by, at: datetime) -> Office:
    """The invited person takes the office; accepting twice gives the same office.

    :raises CannotAccept: for anybody but the owner of the contact it was sent to; for whoever
        sent it; when it was taken back or its time is over.
    """
    invitation = (
        Invitation.objects.select_for_update().select_related(None).get(pk=invitation.pk)
    )
    if invitation.accepted_by_id == by.pk:
        return _held(invitation, by)
    _check_acceptance(invitation, by, at)
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not taken.update(accepted_by=by, accepted_at=at):
        raise CannotAccept(_("This invitation has been answered already."))
    body, inviter = invitation.body, invitation.invited_by
    office = appoint(
        person=by, role=invitation.role, body=body, team=invitation.team, by=inviter, at=at
    )
    if invitation.role == Role.BODY_HEAD:
        activate_if_headed(body=body, by=by, at=at)
    outbox.send(
        template="registry.invitation_accepted", to=inviter, at=at,
        context={"person": by.full_name, "role": invitation.role, "body": body.name_ar,
                 "link": absolute("registry:body_staff", body.code)},
    )  # fmt: skip
    return office


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by, at: datetime) -> None:
    """Take an unanswered invitation back.

    :raises NotAllowed: if ``by`` could not have sent it.
    :raises CannotInvite: if it was accepted meanwhile.
    """
    today = timezone.localdate(at)
    if not policies.may_invite(by, invitation.body, invitation.role, today):
        raise NotAllowed(_("You cannot invite to this office."))
    open_one = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    if not take_back(open_one, by=by, at=at):
        raise CannotInvite(_("The invitation has been accepted. End the office instead."))


def take_back(invitations: QuerySet[Invitation], *, by, at: datetime) -> int:
    """Those of these that nobody has accepted are worth nothing from here on; how many."""
    taken = 0
    for invitation in invitations.select_related("body"):
        row = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
        if row.update(revoked_at=at):
            record(
                subject=invitation, action="revoked", by=by, at=at,
                acting_body=invitation.body,
            )  # fmt: skip
            taken += 1
    return taken


@transaction.atomic
def appoint(
    *, person, role: str, body: Body, by, at: datetime, unit: Unit | None = None,
    team: Team | None = None, starts_on: date | None = None, ends_on: date | None = None,
) -> Office:  # fmt: skip
    """Enter an office that was offered and accepted, or that the system itself fills.

    :param by: who answers for it; None for the system (installation, demo).
    :raises CannotAccept: if the person would appoint themself.
    """
    if by is not None and by.pk == person.pk:
        raise CannotAccept(_("Nobody appoints themselves."))
    starts_on = starts_on or timezone.localdate(at)
    # Of two invitations taken at once the second finds what the first became.
    office, is_new = Office.objects.get_or_create(
        person=person, role=role, body=body, unit=unit, team=team, ends_on=None,
        defaults={"starts_on": starts_on, "ends_on": ends_on, "appointed_by": by},
    )  # fmt: skip
    if is_new:
        record(subject=office, action="appointed", by=by, at=at, acting_body=body)
    return office


@transaction.atomic
def end_office(*, office: Office, by, at: datetime, reason: str = "") -> None:
    """End an office today; nothing happens if it has ended.

    :raises NotAllowed: if it is neither one's own nor one's to give.
    :raises CannotEnd: if the body would be left without a head, or the region without a desk.
    """
    today = timezone.localdate(at)
    if not policies.may_end_office(by, office, today):
        raise NotAllowed(_("You cannot end this office."))
    # Two heads who leave at once must not both find the other still there.
    Body.objects.select_for_update().get(pk=office.body_id)
    office.refresh_from_db()
    if office.ends_on is not None and office.ends_on <= today:
        return
    others = queries.holders_of(office.body, [office.role], today).exclude(pk=office.pk)
    others = others.exclude(person=office.person_id)
    closed = office.body.status == BodyStatus.CLOSED
    if office.role in MUST_BE_HELD and not closed and not others.exists():
        raise CannotEnd(_("Nobody else holds this office. Invite a successor first."))
    Office.objects.filter(pk=office.pk).update(ends_on=max(today, office.starts_on))
    office.refresh_from_db(fields=["ends_on"])
    record(
        subject=office, action="ended", by=by, at=at, reason=reason, acting_body=office.body,
        about=office.person,
    )  # fmt: skip


def _check_acceptance(invitation: Invitation, by, at: datetime) -> None:
    if invitation.revoked_at:
        raise CannotAccept(_("This invitation has been taken back."))
    if invitation.accepted_at:
        raise CannotAccept(_("This invitation has been answered already."))
    if invitation.expires_at <= at:
        raise CannotAccept(_("This invitation has run out. Ask for a new one."))
    if invitation.invited_by_id == by.pk:
        raise CannotAccept(_("Nobody appoints themselves."))
    require_invited(invitation, by)
    if invitation.body.status not in ABLE_BODIES:
        raise CannotAccept(_("The body is suspended or closed."))
    if invitation.team is not None and invitation.team.status == TeamStatus.ENDED:
        raise CannotAccept(_("The team has ended."))


def require_invited(invitation: Invitation, person) -> None:
    """:raises WrongContact: unless the contact the invitation went to is proved theirs."""
    if invitation.contact not in accounts.verified_contacts(person):
        raise WrongContact(
            _(
                "The invitation went to %(contact)s, and your account does not have it. Sign "
                "out and enter with it, or add it to this account and open the invitation "
                "again."
            )
            % {"contact": f"\u2066{masked(invitation.contact)}\u2069"}
        )


def _held(invitation: Invitation, person) -> Office:
    rows = Office.objects.filter(
        person=person, role=invitation.role, body=invitation.body, team=invitation.team
    )
    return rows.order_by("-starts_on", "-pk")[0]

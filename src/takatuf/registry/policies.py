"""Who may, in the registry. Every function is a question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from takatuf.kernel.registries import Registry
from takatuf.registry import queries
from takatuf.registry.enums import (
    ABLE_BODIES,
    MANAGERS,
    REGIONAL_ROLES,
    STAFF_ROLES,
    Basis,
    BodyStatus,
    Role,
    TeamStatus,
)
from takatuf.registry.models import Body, Office, SkillGrant

# name -> function(keep, drop) -> a sentence that says why two records cannot become one, or "".
# Modules that write people's opaque references into append-only rows add theirs.
merge_obstacles: Registry = Registry("merge obstacles")
# model label -> Clash. Every module says it of its own models; without a word two records that
# both have such a row do not become one.
merge_clashes: Registry = Registry("what a person has only one of")
# name -> function(body) -> a sentence that says what is to be ended before it closes, or "".
closing_obstacles: Registry = Registry("closing obstacles")
CLOSABLE = (*ABLE_BODIES, BodyStatus.SUSPENDED)


@dataclass(frozen=True)
class Clash:
    """What becomes of a row a person has only one of, when two records that become one both do.

    Either people settle it first, as the sentence says, or the second row gives way.
    """

    settle: Any = ""  # lazily in the reader's language
    goes: bool = False  # deleted; else it stays behind with the record that is given up


STAYS = Clash()
GOES = Clash(goes=True)


def holds(
    person,
    role: str | Iterable[str],
    body: Body | None = None,
    on: date | None = None,
    *,
    offices: list[Office] | None = None,
) -> bool:
    """Whether the person holds the role (one of the roles) on the day, in the body if given.

    :param offices: ``queries.offices_of(person, on=on)``, where a page has asked already.
    """
    roles = {role} if isinstance(role, str) else set(role)
    held = queries.offices_of(person, on=on) if offices is None else offices
    return any(
        office.role in roles
        and (body is None or office.body_id == body.pk)
        and (office.role not in REGIONAL_ROLES or office.body.is_desk)
        for office in held
    )


def is_staff(person, on: date | None = None) -> bool:
    """Whether the person acts for a body: signing in then takes a second factor."""
    return holds(person, STAFF_ROLES, on=on)


def may_manage_body(person, body: Body, on: date | None = None) -> bool:
    """Unit managers and the head run the body's day: opportunities, people, hours."""
    return holds(person, MANAGERS, body, on=on)


def may_head_body(person, body: Body, on: date | None = None) -> bool:
    """The head changes the body itself: its page, its units, its staff."""
    return holds(person, Role.BODY_HEAD, body, on=on)


def may_act_for_desk(person, on: date | None = None) -> bool:
    return holds(person, Role.DESK, on=on)


def may_verify_body(person, body: Body, on: date | None = None) -> bool:
    """The desk verifies; whoever registered the body or holds an office in it does not."""
    offices = queries.offices_of(person, on=on)
    return (
        holds(person, Role.DESK, on=on, offices=offices)
        and body.registered_by_id != person.pk
        and not any(office.body_id == body.pk for office in offices)
    )


def may_audit(person, on: date | None = None) -> bool:
    """Auditors read everything but ballots; they answer concerns about the desk, no more."""
    return holds(person, Role.AUDITOR, on=on)


def body_may_use_volunteers(body: Body) -> bool:
    """A verified body whose work serves nobody's profit (the volunteer work law)."""
    return body.status in ABLE_BODIES and not body.serves_profit


def body_may_partner(body: Body) -> bool:
    """Firms too may partner, give and lend staff once they are verified."""
    return body.status in ABLE_BODIES


def may_invite(person, body: Body, role: str, on: date | None = None) -> bool:
    """The head invites staff of its own body, the desk heads and regional offices."""
    offices = queries.offices_of(person, on=on)
    desk = holds(person, Role.DESK, on=on, offices=offices)
    if role in REGIONAL_ROLES:
        return desk and body.is_desk
    if role == Role.TEAM_LEADER:
        return holds(person, MANAGERS, body, on=on, offices=offices)
    return desk or holds(person, Role.BODY_HEAD, body, on=on, offices=offices)


def may_end_office(person, office: Office, on: date | None = None) -> bool:
    """One's own office, or whoever could have given it."""
    return office.person_id == person.pk or may_invite(person, office.body, office.role, on=on)


def may_lead_team(person, team, on: date | None = None) -> bool:
    """The team's leader, or a manager or the head of the body that sponsors it."""
    offices = queries.offices_of(person, on=on)
    leads = any(o.role == Role.TEAM_LEADER and o.team_id == team.pk for o in offices)
    return leads or (
        team.body_id is not None and holds(person, MANAGERS, team.body, on=on, offices=offices)
    )


def may_end_team(person, team, on: date | None = None) -> bool:
    """A manager or the head of the sponsoring body, and the desk; not its leader."""
    if team.body is None:  # announced in public: nobody here answers for it
        return False
    offices = queries.offices_of(person, on=on)
    staff = (Role.UNIT_MANAGER, Role.BODY_HEAD)
    return holds(person, staff, team.body, on=on, offices=offices) or holds(
        person, Role.DESK, on=on, offices=offices
    )


def team_takes_members(team) -> bool:
    """While it and its body are in good standing."""
    able = team.body is None or team.body.status in ABLE_BODIES
    return able and team.status == TeamStatus.ACTIVE


def obstacles_to_closing(body: Body) -> list[str]:
    """What somebody still counts on, each a sentence; nothing: the body may close."""
    return [words for _name, found in closing_obstacles if (words := found(body))]


def may_evidence_skill(person, volunteer, body: Body, on: date | None = None) -> bool:
    """A manager of a body in good standing vouches for what it saw; never for oneself."""
    able = body.status in ABLE_BODIES and person.pk != volunteer.pk
    return able and may_manage_body(person, body, on=on)


def may_record_licence(person, volunteer, on: date | None = None) -> bool:
    """The desk reads a licence; never its own holder's."""
    return person.pk != volunteer.pk and may_act_for_desk(person, on=on)


def may_take_back(person, grant: SkillGrant, on: date | None = None) -> bool:
    """What a body confirmed is its managers' to take back, and the desk's; never one's own."""
    if person.pk == grant.person_id or grant.basis == Basis.DECLARED:
        return False
    mine = grant.body is not None and may_manage_body(person, grant.body, on=on)
    return mine or may_act_for_desk(person, on=on)


def may_handle_concern(person, concern, on: date | None = None) -> bool:
    """Whoever ``queries.concerns_handled_by`` shows it to."""
    return queries.concerns_handled_by(person, on).filter(pk=concern.pk).exists()


def may_see_duplicates(person, on: date | None = None) -> bool:
    """The desk decides, an auditor reads."""
    return may_merge_people(person, on) or may_audit(person, on)


def may_merge_people(person, on: date | None = None) -> bool:
    return may_act_for_desk(person, on)

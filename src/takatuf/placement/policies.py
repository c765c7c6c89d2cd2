"""Who may do what with a place."""

from datetime import datetime

from takatuf.placement import queries
from takatuf.placement.enums import COVERED_WAYS, ApplicationStatus
from takatuf.placement.models import Application
from takatuf.registry import policies as registry
from takatuf.registry import queries as registry_queries


def may_decide(person, application: Application) -> bool:
    """The owning body's unit manager or head; never one's own application."""
    return application.person_id != person.pk and registry.may_manage_body(
        person, application.opportunity.body
    )


def may_see_rounds(person) -> bool:
    """Whoever may open one, and auditors."""
    return bool(queries.opens_rounds_for(person)) or registry.may_audit(person)


def may_open_round(person, body) -> bool:
    """The desk for the region, a body's unit manager or head for its own shifts."""
    if body.is_desk:
        return registry.may_act_for_desk(person)
    return registry.may_manage_body(person, body)


def may_run_round(person, matching_round) -> bool:
    """Start it, stop it, close it: whoever could have opened it."""
    return may_open_round(person, matching_round.body)


def may_see_round(person, matching_round) -> bool:
    """Who runs it, the desk and auditors; a body in it sees its own proposals only."""
    return (
        may_run_round(person, matching_round)
        or registry.may_act_for_desk(person)
        or registry.may_audit(person)
    )


def may_approve_for(person, body) -> bool:
    """The body's own unit manager or head; the desk where the head lets it."""
    return registry.may_manage_body(person, body) or (
        body.desk_may_place and registry.may_act_for_desk(person)
    )


def may_approve(person, proposal) -> bool:
    """As ``may_approve_for``; never oneself for a place."""
    return proposal.person_id != person.pk and may_approve_for(person, proposal.body)


def may_invite(person, opportunity) -> bool:
    return registry.may_manage_body(person, opportunity.body)


def may_see_applicants(person, opportunity) -> bool:
    return registry.may_manage_body(person, opportunity.body)


def may_answer(person, application: Application) -> bool:
    """One's own place."""
    return application.person_id == person.pk


def may_take_cover(person, cover) -> bool:
    """Anybody else's place; whether one fits is what the rules say."""
    return cover.application.person_id != person.pk


def may_be_covered(application: Application, *, at: datetime) -> bool:
    """Somebody else may come instead: it is had, to come, and not for the body to fill."""
    return (
        application.status == ApplicationStatus.CONFIRMED
        and application.opportunity.way in COVERED_WAYS
        and application.shift.starts_at > at
    )


def may_answer_ask(person, ask) -> bool:
    """Whoever was asked."""
    return ask.person_id == person.pk


def may_apply_for(person, applicant) -> bool:
    """Everybody asks, and signs, in their own name."""
    return person is not None and person.pk == applicant.pk


def may_ask_to_confirm(person, skill, body, opportunity=None) -> bool:
    """A body one has been with, or that of an opportunity which wants the skill shown."""
    if opportunity is not None and opportunity.body_id == body.pk:
        return skill in queries.skills_asked(opportunity)
    return queries.has_met(person.pk, body.pk)


def may_open_skills(person, volunteer, body) -> bool:
    """The body's managers, of people who were with it or asked it; never one's own."""
    return registry.may_evidence_skill(person, volunteer, body) and (
        queries.has_met(volunteer.pk, body.pk)
        or registry_queries.open_skill_requests_of(volunteer, body).exists()
    )


def may_confirm(person, volunteer, skill, body) -> bool:
    """Any skill of who has been with the body; of others the one they asked about."""
    if not registry.may_evidence_skill(person, volunteer, body):
        return False
    asked = registry_queries.open_skill_requests_of(volunteer, body).filter(skill=skill)
    return queries.has_met(volunteer.pk, body.pk) or asked.exists()

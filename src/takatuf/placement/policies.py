"""Who may do what with a place."""

from takatuf.placement import queries
from takatuf.placement.models import Application
from takatuf.registry import policies as registry
from takatuf.registry import queries as registry_queries


def may_decide(person, application: Application) -> bool:
    """The owning body's unit manager or head; never one's own application."""
    return application.person_id != person.pk and registry.may_manage_body(
        person, application.opportunity.body
    )


def may_invite(person, opportunity) -> bool:
    return registry.may_manage_body(person, opportunity.body)


def may_see_applicants(person, opportunity) -> bool:
    return registry.may_manage_body(person, opportunity.body)


def may_answer(person, application: Application) -> bool:
    """One's own place."""
    return application.person_id == person.pk


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

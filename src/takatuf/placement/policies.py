"""Who may do what with a place."""

from takatuf.placement.models import Application
from takatuf.registry import policies as registry


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

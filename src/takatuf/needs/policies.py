"""Who may do what with a need."""

from takatuf.registry import policies as registry
from takatuf.registry.enums import MANAGERS


def may_decide(person) -> bool:
    """The regional desk validates, refuses, merges and closes."""
    return person is not None and person.is_authenticated and registry.may_act_for_desk(person)


def may_see_queue(person) -> bool:
    """The desk answers; an auditor reads what waits."""
    return may_decide(person) or registry.may_audit(person)


def may_report_for(person, body) -> bool:
    """A body's need is reported by who manages the body."""
    return (
        person is not None
        and person.is_authenticated
        and registry.may_manage_body(person, body)
    )


def may_design(person) -> bool:
    """Who runs a body can answer a need with an opportunity."""
    return registry.holds(person, MANAGERS)

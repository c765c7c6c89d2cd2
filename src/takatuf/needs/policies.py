"""Who may do what with a need."""

from takatuf.registry import policies as registry


def may_decide(person) -> bool:
    """The regional desk validates, refuses and merges."""
    return person.is_authenticated and registry.may_act_for_desk(person)


def may_report_for(person, body) -> bool:
    """A body's need is reported by who manages the body."""
    return person.is_authenticated and registry.may_manage_body(person, body)

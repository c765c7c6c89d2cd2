"""What the codes in a snapshot are called, here and on paper."""

from datetime import date

from django.utils.translation import gettext_lazy as _

CLASSES = {
    "general": _("General volunteering"),
    "skilled": _("Skilled volunteering"),
    "professional": _("Professional volunteering"),
}
# How hours are known, strongest first: a few words, and what they mean.
EVIDENCE = {
    "scanned": (
        _("Scanned on the day"),
        _("Arriving and leaving were recorded at the place, then approved by the body."),
    ),
    "leader": (
        _("Confirmed by the leader"),
        _("Whoever ran the day vouched for these hours, then the body approved them."),
    ),
    "self": (
        _("Claimed, then approved"),
        _("The volunteer entered these hours; the body confirmed and approved them."),
    ),
    "assumed": (
        _("Length assumed"),
        _("Being there was recorded, leaving was not; the length follows the plan."),
    ),
    "imported": (
        _("From an earlier record"),
        _("Taken over from a record kept elsewhere; not verified here."),
    ),
}


def class_words(code: str):
    """The class of volunteering; as written where it is none of ours."""
    return CLASSES.get(code, code)


def evidence_words(code: str):
    """A few words and a sentence; the code alone where it is none of ours."""
    return EVIDENCE.get(code, (code, ""))


def by_evidence(snapshot: dict) -> list[tuple[str, int]]:
    """The minutes of each kind of evidence, strongest first, unknown kinds last."""
    minutes = snapshot.get("minutes_by_evidence") or {}
    order = [*EVIDENCE, *sorted(set(minutes) - set(EVIDENCE))]
    return [(code, minutes[code]) for code in order if minutes.get(code)]


def days(snapshot: dict) -> list[date]:
    """The day, or the first and the last; what is no date is left out."""
    found = []
    for written in dict.fromkeys((snapshot.get("first_day"), snapshot.get("last_day"))):
        try:
            found.append(date.fromisoformat(str(written)))
        except ValueError:
            continue
    return found

"""What exactly a check found, where its general sentence would leave the reader guessing.

One function a check, by the check's key; each may answer None, then the check's own sentence
stands.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from takatuf.opportunities.enums import Class
from takatuf.opportunities.quality.draft import Draft

EXACT: dict[str, Callable[[Draft], str | None]] = {}


def exactly(key: str):
    def add(function: Callable[[Draft], str | None]) -> Callable[[Draft], str | None]:
        EXACT[key] = function
        return function

    return add


def say(key: str, draft: Draft) -> str | None:
    return EXACT[key](draft) if key in EXACT else None


@exactly("offers_a_choice_of_shifts")
def _of_shifts(draft: Draft) -> str | None:
    return None if draft.shifts else _("No shift is ahead yet: add two at least.")


@exactly("hours_match_the_shifts")
def _of_hours(draft: Draft) -> str | None:
    if not draft.shifts:
        return _("No shift is ahead yet: the hours are counted from the shifts.")
    if any(shift.seats < 1 for shift in draft.shifts):
        return _("A shift has no seats: give it some, or take it out.")
    hours = f"{draft.hours:f}".rstrip("0").rstrip(".")
    if draft.hours_estimate is None:
        return _("Write the sum of the shifts' hours: by the dates it is %(hours)s.") % {
            "hours": hours
        }
    return _("By their dates the shifts have %(hours)s hours, another number is written.") % {
        "hours": hours
    }


@exactly("class_and_field_fit")
def _of_class(draft: Draft) -> str | None:
    skilled = [role.title for role in draft.roles if role.has_skill]
    if not draft.field:
        return _("The field of work is not chosen.")
    if draft.klass == Class.GENERAL:
        return _(
            "“General” asks for no skill, and the role “%(role)s” does: call the "
            "opportunity skilled, or take the skill out."
        ) % {"role": skilled[0]}  # fmt: skip
    unlicensed = [role.title for role in draft.roles if role.unlicensed]
    if unlicensed:
        return _(
            "The role “%(role)s” is licensed work and does not ask for the licence: save it "
            "once more."
        ) % {"role": unlicensed[0]}  # fmt: skip
    if draft.klass == Class.SKILLED:
        return _("“Skilled” needs a role that asks for a skill: add one, or call it general.")
    return None


@exactly("minors_are_looked_after")
def _of_minors(draft: Draft) -> str:
    missing = [
        words
        for words, there in (
            (_("the safety note"), draft.tells_safety),
            (_("the briefing"), draft.tells_training),
            (_("the confirmation that you keep each signed covenant"), draft.minors_ready),
        )
        if not there
    ]
    return _("People under 18 may join; still missing: %(what)s. Or raise the age to 18.") % {
        "what": _(", ").join(missing)
    }

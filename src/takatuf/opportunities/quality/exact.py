"""What exactly a check found, where its general sentence would leave the reader guessing.

One function a check, by the check's key, answering a lazy text or a Saying; each may answer
None, then the check's own sentence stands.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from takatuf.kernel.sayings import Saying
from takatuf.opportunities.enums import Class
from takatuf.opportunities.quality.draft import Draft

EXACT: dict[str, Callable[[Draft], Any]] = {}


def exactly(key: str):
    def add(function: Callable[[Draft], Any]) -> Callable[[Draft], Any]:
        EXACT[key] = function
        return function

    return add


def say(key: str, draft: Draft) -> Any:
    return EXACT[key](draft) if key in EXACT else None


@exactly("offers_a_choice_of_shifts")
def _of_shifts(draft: Draft) -> Any:
    return None if draft.shifts else _("No shift is ahead yet: add two at least.")


@exactly("hours_match_the_shifts")
def _of_hours(draft: Draft) -> Any:
    if not draft.shifts:
        return _("No shift is ahead yet: the hours are counted from the shifts.")
    if any(shift.seats < 1 for shift in draft.shifts):
        return _("A shift has no seats: give it some, or take it out.")
    hours = f"{draft.hours:f}".rstrip("0").rstrip(".")
    if draft.hours_estimate is None:
        words = _("Write the sum of the shifts' hours: by the dates it is %(hours)s.")
    else:
        words = _("By their dates the shifts have %(hours)s hours, another number is written.")
    return Saying(words, hours=hours)


@exactly("class_and_field_fit")
def _of_class(draft: Draft) -> Any:
    skilled = [role.title for role in draft.roles if role.has_skill]
    if not draft.field:
        return _("The field of work is not chosen.")
    if draft.klass == Class.GENERAL:
        words = _(
            "“General” asks for no skill, and the role “%(role)s” does: call the "
            "opportunity skilled, or take the skill out."
        )
        return Saying(words, role=skilled[0])
    unlicensed = [role.title for role in draft.roles if role.unlicensed]
    if unlicensed:
        words = _(
            "The role “%(role)s” is licensed work and does not ask for the licence: save it "
            "once more."
        )
        return Saying(words, role=unlicensed[0])
    if draft.klass == Class.SKILLED:
        return _("“Skilled” needs a role that asks for a skill: add one, or call it general.")
    return None


@exactly("minors_are_looked_after")
def _of_minors(draft: Draft) -> Any:
    missing = [
        words
        for words, there in (
            (_("the safety note"), draft.tells_safety),
            (_("the briefing"), draft.tells_training),
            (_("the confirmation that you keep to the covenant"), draft.minors_ready),
        )
        if not there
    ]
    return Saying(
        _("People under 18 may join; still missing: %(what)s. Or raise the age to 18."),
        what=missing,
    )

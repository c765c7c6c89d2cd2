"""Why a round gave somebody no place, said to themselves: what decided, and what would change
it. Never about anybody else.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.engine.matching.explaining import Answer, Kind
from takatuf.engine.matching.region import FINE
from takatuf.kernel import typography
from takatuf.placement.enums import ProposalStatus
from takatuf.placement.rounds.explaining import Apart
from takatuf.placement.rounds.words import change_in_words

RULES = {
    "barred": gettext_lazy("You said no to this place before, or the body decided otherwise."),
    "week": gettext_lazy("The place is in another week."),
    "age": gettext_lazy("The place asks for another age than the birth date in your profile."),
    "guardian": gettext_lazy("On that day no consent of your guardian is in force."),
    "gender": gettext_lazy("By its own notice the place is for others."),
    "language": gettext_lazy("The place asks for a language that is not in your profile."),
    "skill": gettext_lazy("The place asks for a skill that is not in your profile."),
    "level": gettext_lazy("The place asks for the skill at a higher level than yours."),
    "basis": gettext_lazy("The place asks for the skill to be confirmed."),
    "expiry": gettext_lazy("Your skill will have expired by then."),
    "credential": gettext_lazy(
        "The place asks for a second skill that you do not hold, or not on that day."
    ),
    "reach": gettext_lazy("The place is farther away than you go."),
    "times": gettext_lazy("By your profile you are not usually free at that time."),
    "hours": gettext_lazy("The shift is longer than the hours you have left in that week."),
    "clash": gettext_lazy(
        "You have another place at that time, or too near to it for the way between the two."
    ),
}
OTHERWISE = {
    Kind.ENGAGED: gettext_lazy(
        "The plan weighed you for another place that does not go with this one."
    ),
    Kind.KEPT: gettext_lazy("All the seats were promised before."),
    Kind.SPREAD: gettext_lazy(
        "You had a place in that week already, and places are shared out among more people."
    ),
    Kind.OPEN: gettext_lazy(
        "You suit this place too. A plan is near the best possible one and leaves a few out."
    ),
    Kind.CHOSEN: gettext_lazy("The plan had you here, but no place came of it."),
}
DECIDED = {
    ProposalStatus.REJECTED: gettext_lazy("The plan had you here; the body decided otherwise."),
    ProposalStatus.LAPSED: gettext_lazy(
        "The plan had you here, but the place was not to be given any more."
    ),
}


APART = {
    Apart.THEN: (
        gettext_lazy(
            "You took no part in this round: when it was worked out you had neither asked nor "
            "agreed to be proposed, or could not be placed."
        ),
        gettext_lazy(
            "What would change it: asking for the place, or agreeing on your profile."
        ),
    ),
    Apart.NOW: (
        gettext_lazy("No place can be given to you at present."),
        gettext_lazy("What would change it: accepting the charter that is in force."),
    ),
    Apart.UNASKED: (
        gettext_lazy("You did not ask for this place, and are not proposed unasked."),
        gettext_lazy("What would change it: asking for the place."),
    ),
}


def changed_since() -> tuple[Any, Any]:
    return _("The shift has changed since, so the plan says nothing about it any more."), ""


def why_not_you(
    answer: Answer, parts: Mapping[str, int], weights: Mapping[str, int]
) -> tuple[Any, Any]:
    """A sentence, and what would change it; the second may be empty.

    :param parts: what the person's own points are made of.
    :param weights: the settings they were weighed with.
    """
    if answer.kind == Kind.RULE:
        return RULES[answer.rule], change_in_words(answer)
    if answer.kind == Kind.OUTBID:
        points = typography.num(-(-answer.short // FINE) / 10)
        words = _("The seats took more points than you have here. Missing: {points}.")
        return format_html(words, points=points), _more_points(answer.short, parts, weights)
    return OTHERWISE[answer.kind], ""


def _more_points(short: int, parts: Mapping[str, int], weights: Mapping[str, int]) -> Any:
    """What is in the person's hands: named as the way only where it would be enough."""
    if "applied" not in parts:
        if FINE * weights["applied"] >= short:
            return _("What would change it: asking for the place.")
        return _("Asking for the place counts for you in the next round.")
    if "cause" not in parts:
        if FINE * weights["cause"] >= short:
            return _("What would change it: the opportunity's field among your interests.")
        return _("The opportunity's field among your interests counts, though not enough.")
    return _("What would change it: a later round; whoever had few hours lately comes first.")

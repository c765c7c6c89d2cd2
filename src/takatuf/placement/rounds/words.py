"""A plan's numbers in plain words: why somebody is proposed or not, under which name."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.engine.matching.explaining import Answer, Kind
from takatuf.engine.matching.region import FINE, STEPS_A_KM, STEPS_A_POINT
from takatuf.kernel import typography
from takatuf.placement.enums import ProposalStatus
from takatuf.placement.rounds.explaining import Apart
from takatuf.placement.rounds.settings import SETTINGS
from takatuf.registry.enums import SkillLevel


def reasons(parts: Mapping[str, int], weights: Mapping[str, int]) -> list[Any]:
    """What speaks for somebody, and how far it is; the weightiest first.

    :param parts: of the score, as a proposal keeps them.
    :param weights: the settings it was worked out with.
    """
    found: list[Any] = []
    if "applied" in parts:
        found.append(_("asked for it"))
    if "priority" in parts:
        found.append(_("answers an urgent need"))
    if "fit" in parts:
        exact = parts["fit"] >= weights["fit"]
        found.append(_("the right skill") if exact else _("more skill than needed"))
    if "cause" in parts:
        found.append(_("cares for the field"))
    if 2 * parts.get("rest", 0) >= weights["rest"] > 0:
        found.append(_("few hours lately"))
    if "stay" in parts:
        found.append(_("proposed before too"))
    if "away" in parts and weights["away"]:
        found.append(how_far(round(-parts["away"] / weights["away"])))
    return found


def how_far(km: int) -> Any:
    """In words where the way is shorter than a home is known by."""
    if not km:
        return _("very near")
    away = format_html(_("{km} km away"), km=typography.num(km))
    return format_html('<span class="nowrap">{}</span>', away)


def part_names(parts: Mapping[str, int]) -> list[tuple[Any, int]]:
    """Each part of a score under its setting's name, with its tenths of a point."""
    titles = {name: setting.title for name, setting in SETTINGS.items()}
    titles["away"] = _("The way")  # of the setting's kilometres, the sum
    return [(titles[name], tenths) for name, tenths in parts.items() if tenths]


def name_for_body(proposal) -> str:
    """Whoever did not ask the body is known by the first name until a place is offered."""
    known = proposal.asked or proposal.status in (ProposalStatus.APPROVED, ProposalStatus.ENDED)
    return known_as(proposal.person, asked=known)


def known_as(person, *, asked: bool) -> str:
    """:param asked: whether the person turned to the body."""
    return person.full_name if asked else person.full_name.partition(" ")[0]


# ---------------------------------------------------------------- why not
RULES = {
    "barred": gettext_lazy("Said no to this place, or was not approved for it."),
    "week": gettext_lazy("Takes part in another week."),
    "age": gettext_lazy("Is not of the age this place asks for."),
    "guardian": gettext_lazy("On that day no guardian's consent is in force."),
    "gender": gettext_lazy("The place is for others, for the reason the body gives."),
    "language": gettext_lazy("Does not speak a language the place asks for."),
    "skill": gettext_lazy("Does not have the skill."),
    "level": gettext_lazy("Has the skill at a lower level than asked for."),
    "basis": gettext_lazy("The skill is not shown as strongly as asked for."),
    "expiry": gettext_lazy("The skill will have expired by then."),
    "credential": gettext_lazy("Does not hold the second skill, valid on the day."),
    "reach": gettext_lazy("Lives farther away than they go."),
    "times": gettext_lazy("Is not usually free at that time."),
    "hours": gettext_lazy("Has too few hours left in that week."),
    "clash": gettext_lazy(
        "Is engaged at that time, or too near to it for the way, the rest or the day's limit "
        "set here."
    ),
}
CHANGES = {
    "born": gettext_lazy("What would change it: a birth date in the profile."),
    "gender": gettext_lazy("What would change it: saying it in the profile."),
    "consent_until": gettext_lazy("What would change it: the guardian's consent."),
    "languages": gettext_lazy("What would change it: the language, added to the profile."),
    "basis": gettext_lazy("What would change it: the body's confirmation of the skill."),
    "until": gettext_lazy("What would change it: renewing it in time."),
    "free": gettext_lazy("What would change it: being free then, or asking for the place."),
}


def change_in_words(answer: Answer) -> Any:
    """What would meet the rule; empty where nothing the person can do would."""
    change = answer.change
    if change is None:
        return ""
    if answer.rule == "credential":
        return _(
            "What would change it: that skill, valid on the day; a licence where it needs one."
        )
    if change.field == "level":
        level = SkillLevel(change.value).label if change.value in SkillLevel else ""
        words = _("What would change it: the skill at level “{level}”, by a course or proof.")
        return format_html(words, level=level)
    if change.field == "reach":
        km = typography.num(math.ceil(change.value / STEPS_A_KM))
        words = _("What would change it: a reach of {km} km, or asking for the place.")
        return format_html(words, km=km)
    if change.field == "cap":
        hours = typography.hours(change.value)
        return format_html(_("What would change it: {hours} free in that week."), hours=hours)
    return CHANGES.get(change.field, "")


APART: dict[Apart, tuple[Any, Any]] = {
    Apart.THEN: (
        gettext_lazy(
            "Took no part when this round was worked out: had neither asked nor agreed to be "
            "proposed, or could not be placed."
        ),
        gettext_lazy("What would change it: agreeing on the profile, or asking."),
    ),
    Apart.NOW: (
        gettext_lazy(
            "Cannot be placed at present: the account is closed, or the charter in force is "
            "not accepted."
        ),
        "",
    ),
    Apart.UNASKED: (
        gettext_lazy("Did not ask for this place, and is not proposed unasked."),
        gettext_lazy("What would change it: asking for the place."),
    ),
}


def why_not(answer: Answer | Apart) -> tuple[Any, Any]:
    """Why the plan does not give somebody a place, and what would change it."""
    if isinstance(answer, Apart):
        return APART[answer]
    if answer.kind == Kind.RULE:
        return RULES[answer.rule], change_in_words(answer)
    if answer.kind == Kind.OUTBID:
        return format_html(
            _("The last seat takes {price} points; {points} here are {short} too few."),
            price=_points(answer.price), points=_points(answer.points),
            short=_points_up(answer.short),
        ), ""  # fmt: skip
    return OTHERWISE[answer.kind], ""


OTHERWISE = {
    Kind.CHOSEN: gettext_lazy("The plan had them here, but nothing came of it."),
    Kind.ENGAGED: gettext_lazy(
        "Has another place in the plan that does not go with this one and is worth more."
    ),
    Kind.KEPT: gettext_lazy("Its seats are all promised."),
    Kind.SPREAD: gettext_lazy(
        "Has a place already: a second one is worth less than sharing out is."
    ),
    Kind.OPEN: gettext_lazy(
        "Would fit too: the plan is near the best possible one, and leaves this out."
    ),
}


def _points(steps: int | None) -> Any:
    return typography.num((steps or 0) / STEPS_A_POINT)


def _points_up(steps: int) -> Any:
    return typography.num(math.ceil(steps / FINE) / 10)

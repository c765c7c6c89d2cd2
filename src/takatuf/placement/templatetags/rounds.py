"""Matching rounds in templates: the tone of a state, how near a plan is to the best, why."""

import math

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from takatuf.engine.matching.region import FINE, STEPS_A_POINT
from takatuf.kernel import typography
from takatuf.placement.enums import ProposalStatus, RoundStatus
from takatuf.placement.rounds import words

register = template.Library()

TONES = {
    RoundStatus.SOLVING: "teal",
    RoundStatus.PROPOSED: "warn",
    RoundStatus.PARTLY_APPROVED: "warn",
    RoundStatus.APPROVED: "good",
    RoundStatus.FAILED: "bad",
}
PROPOSAL_TONES = {
    ProposalStatus.APPROVED: "good",
    ProposalStatus.REJECTED: "bad",
}
register.filter("name_for_body", words.name_for_body)


@register.filter
def round_tone(matching_round) -> str:
    return TONES.get(matching_round.status, "neutral")


@register.filter
def share(gap: float) -> SafeString:
    """``{{ 0.0037|share }}`` → 0.4%: never less than what is proven."""
    return typography.ltr(f"{math.ceil(gap * 1000 - 1e-9) / 10:g}%")


@register.filter
def nearness(gap: float | None) -> str:
    """How near a plan is proven to be to the best possible one, as a sentence."""
    if gap is None:
        return ""
    if gap <= 0:
        return _("No better plan is possible.")
    sentence = _("The best possible plan can be at most {share} better.")
    return format_html(sentence, share=share(gap))


@register.filter
def points(steps: float | None) -> str:
    """``{{ 118400|points }}`` → 118.4: the engine's steps as points."""
    return typography.num(None if steps is None else steps / STEPS_A_POINT)


@register.filter
def proposal_tone(proposal) -> str:
    return PROPOSAL_TONES.get(proposal.status, "neutral")


@register.filter
def because(proposal, weights) -> str:
    """What speaks for the person, in a few words each."""
    return typography.join_soft(words.reasons(proposal.parts, weights))


@register.filter
def points_up(steps: float | None) -> str:
    """As ``points``, of what nothing exceeds: never rounded down."""
    return typography.num(None if steps is None else math.ceil(steps / FINE - 1e-6) / 10)


@register.filter
def tenths(value: float) -> str:
    """``{{ 1000|tenths }}`` → 100: a setting's tenths as points."""
    return typography.num(value / 10)


@register.filter
def earned(steps: int) -> str:
    """Somebody's points as their parts add up to them, without the steps that decide a tie."""
    return tenths(steps // FINE)


@register.filter
def signed(difference: int) -> str:
    """``{{ 12|signed }}`` → +12; nothing where nothing differs."""
    return typography.ltr(f"{difference:+,d}".replace("-", "−")) if difference else ""


@register.filter
def signed_points(steps: int) -> str:
    """As ``signed``, of steps as points."""
    tenths_of_it = round(steps / FINE) / 10
    return typography.ltr(f"{tenths_of_it:+,.1f}".replace("-", "−")) if tenths_of_it else ""


@register.filter
def seats_more(trial, matching_round) -> int:
    return trial.seats_filled - matching_round.seats_filled

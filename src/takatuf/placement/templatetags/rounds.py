"""Matching rounds in templates: the tone of a state, and how near a plan is to the best."""

import math

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from takatuf.kernel import typography
from takatuf.placement.enums import RoundStatus

register = template.Library()

TONES = {
    RoundStatus.SOLVING: "teal",
    RoundStatus.PROPOSED: "warn",
    RoundStatus.PARTLY_APPROVED: "warn",
    RoundStatus.APPROVED: "good",
    RoundStatus.FAILED: "bad",
}


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

"""Places in templates: rules with the way to meet them, and the tone of a state."""

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from takatuf.placement import policies
from takatuf.placement.commands import REMIND_BEFORE
from takatuf.placement.enums import ApplicationStatus

register = template.Library()

TONES = {
    ApplicationStatus.APPLIED: "warn",
    ApplicationStatus.WAITING: "neutral",
    ApplicationStatus.OFFERED: "clay",
    ApplicationStatus.CONFIRMED: "good",
    ApplicationStatus.ATTENDED: "good",
    ApplicationStatus.NO_SHOW: "bad",
}


@register.filter
def state_tone(application) -> str:
    return TONES.get(application.status, "neutral")


@register.filter
def coverable(application) -> bool:
    """Somebody else may be asked to come instead."""
    return policies.may_be_covered(application, at=timezone.now())


@register.filter
def asked_once_more(applications) -> bool:
    """One of the shifts is so far away that its reminder is still to come."""
    at = timezone.now()
    return any(row.shift.starts_at - at > REMIND_BEFORE for row in applications)


@register.inclusion_tag("ui/eligibility.html")
def standing(answers, opportunity, shown=None):
    """Every answer with a tick, or with the one-line way to meet it and where that is done.

    :param shown: an answer that is already shown above, and left out here.
    """
    return {
        "rules": [_rule(answer, opportunity) for answer in answers if answer != shown],
    }


def _rule(answer, opportunity) -> dict:
    if answer.met:
        return {"met": True, "text": answer.sentence}
    href, words = mend(answer, opportunity)
    # What refuses nobody is shown as an open question, not as a cross.
    met = False if answer.blocking else None
    return {
        "met": met, "text": answer.title, "way": answer.sentence, "href": href,
        "href_text": words,
    }  # fmt: skip


@register.simple_tag
def mend_link(answer, opportunity) -> dict:
    """Where the person can do something about an unmet rule; empty where nowhere.

    ``at_once``: by one tap, without a page between.
    """
    href, words = mend(answer, opportunity)
    return {"href": href, "words": words, "at_once": answer.mend == "guardian_again"}


def mend(answer, opportunity) -> tuple[str, str]:
    code = opportunity.code
    back = urlencode({"next": reverse("site:opportunity", args=[code])})
    ways = {
        "profile": ("registry:profile_edit", _("Complete the profile")),
        "skills": ("registry:profile_skills", _("Skills and languages")),
        "times": ("registry:profile_availability", _("Change your times")),
        "welcome": ("registry:welcome", _("Complete the profile")),
        "charter": ("registry:welcome", _("Read the charter")),
        "birth_date": ("my_birth_date", _("Add the birth date")),
        "gender": ("my_profile", _("Complete the profile")),
        "guardian": ("join_guardian", _("Send the guardian a link")),
        "guardian_again": ("join_guardian", _("Send it again")),
    }
    if answer.mend == "covenant":
        return reverse("placement:covenant", args=[code]), _("Read and sign it")
    if answer.mend == "proof":
        ask = f"{reverse('placement:ask_skill')}?{urlencode({'opportunity': code})}"
        return ask, _("Ask the body to confirm")
    if answer.mend not in ways:
        return "", ""
    name, words = ways[answer.mend]
    return f"{reverse(name)}?{back}", words

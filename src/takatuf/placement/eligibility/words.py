"""What a place asks for, in words; also for who is not signed in."""

from datetime import datetime

from django.utils.translation import gettext as _

from takatuf.accounts.enums import ADULT_AGE
from takatuf.kernel.typography import day_text
from takatuf.placement.eligibility.values import Place
from takatuf.registry.enums import LANGUAGES_SPOKEN, Basis, SkillLevel


def requirements(place: Place) -> list[str]:
    """What a place asks of people, as plain statements, for whom nothing is known about."""
    asked = [_("Ages %(range)s.") % {"range": ages(place)}]
    if place.min_age < ADULT_AGE:
        asked.append(
            _("Under 18: a guardian's consent first, then the volunteer signs the covenant.")
        )
    who = {"women": _("women"), "men": _("men")}.get(place.gender_rule)
    if who:
        asked.append(_("For %(who)s: %(reason)s.") % {"who": who, "reason": reason_of(place)})
    if place.languages:
        asked.append(
            _("Speaks: %(languages)s.") % {"languages": languages_named(place.languages)}
        )
    if place.skill_id is not None:
        asked.append(
            _("%(skill)s, %(level)s or better; proof: %(basis)s.") % skill_words(place)
        )
    if place.credential_id is not None:
        words = (
            _("%(skill)s too, by its licence, valid on the day.")
            if place.credential_licensed
            else _("%(skill)s too, valid on the day.")
        )
        asked.append(words % {"skill": place.credential_name})
    if place.by_invitation:
        asked.append(_("The body invites people to this one itself."))
    return asked


def languages_named(languages: frozenset[str]) -> str:
    names = dict(LANGUAGES_SPOKEN)
    return _(", ").join(str(names.get(code, code)) for code in sorted(languages))


def skill_words(place: Place) -> dict[str, str]:
    return {
        "skill": place.skill_name,
        "level": str(SkillLevel(place.level or SkillLevel.BASIC).label),
        "basis": str(Basis(place.least_basis).label),
    }


def reason_of(place: Place) -> str:
    """Why it is for women or for men, without a stop of its own: our sentence has one."""
    return place.gender_reason.strip().rstrip(".")


def day_words(moment: datetime) -> str:
    return day_text(moment)


def ages(place: Place) -> str:
    if place.max_age is None:
        return _("%(from)s and over") % {"from": place.min_age}
    return _("%(from)s to %(to)s") % {"from": place.min_age, "to": place.max_age}

"""The rules. Each is one function with a title, and answers the person it concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.accounts.enums import ADULT_AGE
from takatuf.kernel import typography
from takatuf.placement import ways
from takatuf.placement.eligibility.values import (
    About,
    Answer,
    Applicant,
    Engagement,
    Grant,
    Place,
    Verdict,
    parts_of,
)
from takatuf.placement.eligibility.words import (
    ages,
    day_words,
    languages_named,
    reason_of,
    skill_words,
)
from takatuf.registry.enums import BASIS_STRENGTH, PROVABLE, Basis

Ask = Callable[[Applicant, Place, datetime], tuple[bool, str, str] | None]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One question, with the title its answer stands under."""

    name: str
    title: object
    ask: Ask
    about: About
    blocking: bool


RULES: list[Rule] = []


def rule(
    name: str, title: object, *, about: About = About.PERSON, blocking: bool = True
) -> Callable[[Ask], Ask]:
    """Register a rule: it gives ``(met, sentence, mend)``, or None where it does not apply."""

    def add(ask: Ask) -> Ask:
        RULES.append(Rule(name=name, title=title, ask=ask, about=about, blocking=blocking))
        return ask

    return add


def title_of(name: str) -> Any:
    """What a rule's answer stands under, lazy."""
    return next(each.title for each in RULES if each.name == name)


def judge(applicant: Applicant, place: Place, *, at: datetime) -> Verdict:
    """Ask every rule that applies."""
    answers = []
    for each in RULES:
        outcome = each.ask(applicant, place, at)
        if outcome is not None:
            met, sentence, mend = outcome
            answer = Answer(
                rule=each.name, title=str(each.title), met=met, sentence=sentence,
                mend=mend, about=each.about, blocking=each.blocking,
            )  # fmt: skip
            answers.append(answer)
    return Verdict(answers=tuple(answers))


@rule("open", gettext_lazy("Taking people"), about=About.SHIFT)
def taking_people(applicant, place, at):
    """A pause keeps new people out, not those the body itself holds a seat for.

    So does a body that has not said for too long that its work still stands.
    """
    if place.starts_at <= at:
        return False, _("This shift has already started."), ""
    if not place.stands:
        return False, _("This shift takes nobody any more."), ""
    if place.paused and not applicant.invited:
        return False, _("The body is not taking people for this at present."), ""
    if _unconfirmed(place, at) and not applicant.invited:
        sentence = _(
            "The body has not confirmed lately that this still stands. "
            "Joining opens again when it does."
        )
        return False, sentence, ""
    return None


@rule("invitation", gettext_lazy("By invitation"))
def by_invitation(applicant, place, _at):
    if not place.by_invitation:
        return None
    if applicant.invited:
        return True, _("You are invited."), ""
    return False, _("The body invites people to this one itself."), ""


@rule("profile", gettext_lazy("Profile"))
def has_profile(applicant, _place, _at):
    if applicant.has_profile:
        return None
    return False, _("Complete your profile: governorate and interests."), "welcome"


@rule("charter", gettext_lazy("Volunteer charter"))
def charter(applicant, _place, _at):
    if applicant.charter_accepted:
        return True, _("You accepted the volunteer charter."), ""
    return False, _("Read and accept the volunteer charter."), "charter"


@rule("age", gettext_lazy("Age"))
def age(applicant, place, _at):
    asked = ages(place)
    if applicant.age is None:
        return False, _("Add your birth date: this place asks for an age."), "birth_date"
    if not _is_of_age(applicant, place):
        if place.max_age is None:
            return False, _("This one is from %(age)s on.") % {"age": place.min_age}, ""
        return False, _("This place is for ages %(range)s.") % {"range": asked}, ""
    return True, _("Ages %(range)s.") % {"range": asked}, ""


@rule("guardian", gettext_lazy("Guardian's consent"))
def guardian(applicant, place, _at):
    """No errand for what they may not join anyway."""
    if not (_is_minor(applicant) and _is_of_age(applicant, place)):
        return None
    if applicant.consent_given:
        return True, _("Your guardian has agreed."), ""
    if applicant.consent_asked_at:
        words = _("The link went to your guardian on %(day)s; joining opens with their yes.")
        return False, words % {"day": day_words(applicant.consent_asked_at)}, "guardian_again"
    return False, _("Under 18, a guardian agrees first. Ask yours with one link."), "guardian"


@rule("covenant", gettext_lazy("Opportunity covenant"))
def covenant(applicant, place, _at):
    if not (_is_minor(applicant) and _is_of_age(applicant, place)):
        return None
    if applicant.covenant_signed:
        return True, _("The covenant of this opportunity is signed."), ""
    return False, _("Under 18, the covenant of this opportunity is signed first."), "covenant"


@rule("gender", gettext_lazy("Who may join"))
def gender(applicant, place, _at):
    wanted = {"women": "female", "men": "male"}.get(place.gender_rule)
    if wanted is None:
        return None
    who = _("women") if wanted == "female" else _("men")
    values = {"who": who, "reason": reason_of(place)}
    if applicant.gender == wanted:
        return True, _("For %(who)s: %(reason)s.") % values, ""
    if not applicant.gender:
        sentence = _("For %(who)s only (%(reason)s). Add this to your profile to join.")
        return False, sentence % values, "gender"
    return False, _("For %(who)s only: %(reason)s.") % values, ""


@rule("skill", gettext_lazy("Skill"), about=About.ROLE)
def skill(applicant, place, _at):
    if place.skill_id is None:
        return None
    asked = skill_words(place)
    faults = [
        _faults(grant, place) for grant in applicant.grants if grant.skill_id == place.skill_id
    ]
    nearest = min(faults, key=lambda found: (len(found), sorted(found)), default=None)
    if nearest == frozenset():
        return True, _("%(skill)s, %(level)s or better.") % asked, ""
    mend = "skills" if place.least_basis == Basis.DECLARED else ""
    if place.least_basis in PROVABLE:
        mend = "proof"
    if nearest is None and place.least_basis != Basis.DECLARED:
        sentence = _(
            "Asks for %(skill)s (%(level)s; proof: %(basis)s). "
            "Saying so in the profile is not enough."
        )
    elif nearest is None:
        sentence = _("Asks for %(skill)s (%(level)s). Add it to your profile if you have it.")
    elif nearest == {"level"}:
        sentence = _("Asks for %(skill)s at level %(level)s; yours is lower.")
    elif nearest == {"expired"}:
        sentence = _("Your %(skill)s will have expired by then. Renew it first.")
    elif nearest == {"basis"}:
        sentence = _("Your %(skill)s needs stronger proof here: %(basis)s.")
    else:
        sentence = _(
            "Asks for %(skill)s at level %(level)s, proof: %(basis)s, and valid on the day."
        )
    return False, sentence % asked, mend


@rule("credential", gettext_lazy("Second skill"), about=About.ROLE)
def credential(applicant, place, _at):
    """Held at any level; licensed work by its licence."""
    if place.credential_id is None:
        return None
    held = [grant for grant in applicant.grants if grant.skill_id == place.credential_id]
    counting = [g for g in held if g.basis == Basis.LICENCE or not place.credential_licensed]
    asked = {"skill": place.credential_name, "basis": str(Basis.LICENCE.label)}
    if any(_lasts(grant, place) for grant in counting):
        return True, _("%(skill)s too, valid on the day.") % asked, ""
    if counting:
        sentence = _("Your %(skill)s will have expired by then. Renew it first.")
    elif held:
        sentence = _("Your %(skill)s needs stronger proof here: %(basis)s.")
    elif place.credential_licensed:
        sentence = _("Asks for %(skill)s too, by its licence.")
    else:
        sentence = _("Asks for %(skill)s too. Add it to your profile if you have it.")
    return False, sentence % asked, "proof" if place.credential_licensed else "skills"


@rule("language", gettext_lazy("Languages"))
def language(applicant, place, _at):
    if not place.languages:
        return None
    missing = place.languages - applicant.languages
    if not missing:
        return True, _("You speak what is needed."), ""
    sentence = _("Asks for a language that is not in your profile: %(languages)s.")
    return False, sentence % {"languages": languages_named(missing)}, "skills"


@rule("clash", gettext_lazy("No clash"), about=About.SHIFT)
def clash(applicant, place, _at):
    for engagement in applicant.engagements:
        if engagement.shift_id == place.shift_id:
            continue
        between = max(
            place.starts_at - engagement.ends_at, engagement.starts_at - place.ends_at
        )
        if between < timedelta(minutes=ways.BUFFER):
            sentence = (
                _(
                    "A place in “%(title)s” is kept for you at that time until you answer "
                    "(30 minutes apart at least)."
                )
                if engagement.offered
                else _(
                    "You are already at “%(title)s” at that time (30 minutes apart at least)."
                )
            )
            return False, sentence % {"title": engagement.title}, ""
        needed = ways.minutes_between(place.spot, engagement.spot)
        if between < timedelta(minutes=needed):
            return False, _too_far(place, engagement, needed), ""
    return True, _("You are free at that time."), ""


def _too_far(place: Place, engagement: Engagement, needed: int) -> str:
    """:param needed: minutes from one to the other."""
    km = ways.km_between(place.spot, engagement.spot) if place.spot and engagement.spot else 0
    words = (
        _(
            "About %(km)s km from the shift “%(title)s” offered to you, in a straight line: "
            "allow %(time)s to get there."
        )
        if engagement.offered
        else _(
            "About %(km)s km from your shift “%(title)s” in a straight line: allow %(time)s "
            "to get there."
        )
    )
    return words % {
        "km": typography.number_text(km), "title": engagement.title,
        "time": typography.hours_text(needed),
    }  # fmt: skip


@rule("week", gettext_lazy("Hours a week"), about=About.SHIFT)
def hours_a_week(applicant, place, _at):
    total = applicant.minutes_in_week + place.minutes
    hours = applicant.weekly_minutes // 60
    if total <= applicant.weekly_minutes:
        return True, _("Within the hours a week you chose."), ""
    sentence = ngettext(
        "More than the %(hours)s hour a week you chose. You can raise it in your profile.",
        "More than the %(hours)s hours a week you chose. You can raise it in your profile.",
        hours,
    )
    return False, sentence % {"hours": hours}, "profile"


@rule("times", gettext_lazy("Your usual times"), about=About.SHIFT, blocking=False)
def usual_times(applicant, place, _at):
    """Worth saying, no more: people find time for what matters to them."""
    asked = parts_of(place.starts_at, place.ends_at)
    if applicant.free is None or not asked:
        return None
    if asked <= applicant.free:
        return True, _("Within the times you said you are usually free."), ""
    return False, _("Outside the times you said you are usually free."), "times"


def _unconfirmed(place: Place, at: datetime) -> bool:
    until = place.confirmed_until
    return until is not None and until < timezone.localdate(at)


def _is_minor(applicant: Applicant) -> bool:
    return applicant.age is None or applicant.age < ADULT_AGE


def _is_of_age(applicant: Applicant, place: Place) -> bool:
    if applicant.age is None:
        return False
    return place.min_age <= applicant.age <= (place.max_age or applicant.age)


def _faults(grant: Grant, place: Place) -> frozenset[str]:
    """What keeps one grant from being enough; empty when it is."""
    strong = BASIS_STRENGTH[Basis(grant.basis)] >= BASIS_STRENGTH[Basis(place.least_basis)]
    checks = {
        "level": grant.level >= (place.level or 0),
        "basis": strong,
        "expired": _lasts(grant, place),
    }
    return frozenset(name for name, fine in checks.items() if not fine)


def _lasts(grant: Grant, place: Place) -> bool:
    on = timezone.localdate(place.starts_at)
    return grant.valid_until is None or grant.valid_until >= on

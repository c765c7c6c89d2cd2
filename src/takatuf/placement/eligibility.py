"""May this person take this place, and if not, what would change it?

Pure rules over plain values: each rule is one function with a title, and answers with a
sentence for the person it concerns. ``queries.facts_about`` gathers the values.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.registry.enums import BASIS_STRENGTH, Basis, SkillLevel

TRAVEL_BUFFER = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A skill somebody holds: level 1-3, on a basis, until a day (None: no end)."""

    skill_id: int
    level: int
    basis: str
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """A place the person already has or asked for: ``[starts_at, ends_at)``."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    title: str


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """What the rules need to know about a person; nothing else is loaded."""

    age: int | None
    gender: str
    has_profile: bool
    charter_accepted: bool
    consent_given: bool
    covenant_signed: bool
    languages: frozenset[str]
    grants: tuple[Grant, ...]
    engagements: tuple[Engagement, ...]
    weekly_minutes: int
    minutes_in_week: int
    invited: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """One role of one shift, as the rules see it."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    title: str
    takes_people: bool  # published or running, and intake not paused
    by_invitation: bool
    min_age: int
    max_age: int | None
    gender_rule: str
    gender_reason: str
    languages: frozenset[str]
    skill_id: int | None
    skill_name: str
    level: int | None
    least_basis: str

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One rule's verdict: a tick, or the one-line way to meet it.

    :param mend: where the person can do something about it: a key the page turns into a
        link ("skills", "guardian", "charter", "profile", "covenant"), or "".
    """

    rule: str
    title: str
    met: bool
    sentence: str
    mend: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """All answers of all rules, in order."""

    answers: tuple[Answer, ...] = field(default_factory=tuple)

    @property
    def eligible(self) -> bool:
        return all(answer.met for answer in self.answers)

    @property
    def first_obstacle(self) -> Answer | None:
        return next((answer for answer in self.answers if not answer.met), None)


Rule = Callable[[Applicant, Place, datetime], tuple[bool, str, str] | None]
RULES: list[tuple[str, object, Rule]] = []


def rule(name: str, title) -> Callable[[Rule], Rule]:
    """Register a rule. It returns ``(met, sentence, mend)``, or None where it does not apply."""

    def add(function: Rule) -> Rule:
        RULES.append((name, title, function))
        return function

    return add


def judge(applicant: Applicant, place: Place, *, at: datetime) -> Verdict:
    """Ask every rule that applies."""
    answers = []
    for name, title, function in RULES:
        outcome = function(applicant, place, at)
        if outcome is not None:
            met, sentence, mend = outcome
            answers.append(
                Answer(rule=name, title=str(title), met=met, sentence=sentence, mend=mend)
            )
    return Verdict(answers=tuple(answers))


@rule("open", gettext_lazy("Taking people"))
def taking_people(_applicant, place, at):
    if place.starts_at <= at:
        return False, _("This shift has already started."), ""
    if not place.takes_people:
        return False, _("The body is not taking people for this at present."), ""
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
    return False, _("Complete your profile: governorate and interests."), "profile"


@rule("charter", gettext_lazy("Volunteer charter"))
def charter(applicant, _place, _at):
    if applicant.charter_accepted:
        return None
    return False, _("Read and accept the volunteer charter."), "charter"


@rule("age", gettext_lazy("Age"))
def age(applicant, place, _at):
    asked = _age_range(place)
    if applicant.age is None:
        return False, _("Add your birth date: this place asks for an age."), "profile"
    if applicant.age < place.min_age:
        return False, _("This place is for ages %(range)s.") % {"range": asked}, ""
    if place.max_age is not None and applicant.age > place.max_age:
        return False, _("This place is for ages %(range)s.") % {"range": asked}, ""
    return True, _("Ages %(range)s.") % {"range": asked}, ""


@rule("guardian", gettext_lazy("Guardian's consent"))
def guardian(applicant, _place, _at):
    if not _is_minor(applicant):
        return None
    if applicant.consent_given:
        return True, _("Your guardian has agreed."), ""
    return False, _("Under 18, a guardian agrees first. Ask yours with one link."), "guardian"


@rule("covenant", gettext_lazy("Opportunity covenant"))
def covenant(applicant, _place, _at):
    if not _is_minor(applicant):
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
    values = {"who": who, "reason": place.gender_reason}
    if applicant.gender == wanted:
        return True, _("For %(who)s: %(reason)s") % values, ""
    if not applicant.gender:
        sentence = _("For %(who)s only (%(reason)s). Add this to your profile to join.")
        return False, sentence % values, "profile"
    return False, _("For %(who)s only: %(reason)s") % values, ""


@rule("skill", gettext_lazy("Skill"))
def skill(applicant, place, _at):
    if place.skill_id is None:
        return None
    asked = {
        "skill": place.skill_name,
        "level": SkillLevel(place.level).label,
        "basis": Basis(place.least_basis).label,
    }
    held = [g for g in applicant.grants if g.skill_id == place.skill_id]
    if any(_good_enough(grant, place) for grant in held):
        return True, _("%(skill)s, %(level)s or better.") % asked, ""
    if not held:
        sentence = _("Asks for %(skill)s (%(level)s). Add it to your profile if you have it.")
    elif all(grant.level < place.level for grant in held):
        sentence = _("Asks for %(skill)s at level %(level)s; yours is lower.")
    elif any(g.valid_until and g.valid_until < place.starts_at.date() for g in held):
        sentence = _("Your %(skill)s will have expired by then. Renew it first.")
    else:
        sentence = _("%(skill)s must be shown by: %(basis)s.")
    return False, sentence % asked, "skills"


@rule("language", gettext_lazy("Languages"))
def language(applicant, place, _at):
    if not place.languages:
        return None
    missing = place.languages - applicant.languages
    if not missing:
        return True, _("You speak what is needed."), ""
    return False, _("Asks for a language that is not in your profile."), "skills"


@rule("clash", gettext_lazy("No clash"))
def clash(applicant, place, _at):
    for engagement in applicant.engagements:
        if engagement.shift_id == place.shift_id:
            continue
        if (
            place.starts_at < engagement.ends_at + TRAVEL_BUFFER
            and engagement.starts_at < place.ends_at + TRAVEL_BUFFER
        ):
            sentence = _(
                "You are already at “%(title)s” at that time (30 minutes apart at least)."
            )
            return False, sentence % {"title": engagement.title}, ""
    return True, _("You are free at that time."), ""


@rule("week", gettext_lazy("Hours a week"))
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


def _is_minor(applicant: Applicant) -> bool:
    return applicant.age is None or applicant.age < 18  # noqa: PLR2004 - age of majority


def _good_enough(grant: Grant, place: Place) -> bool:
    return (
        grant.level >= (place.level or 0)
        and BASIS_STRENGTH[Basis(grant.basis)] >= BASIS_STRENGTH[Basis(place.least_basis)]
        and (grant.valid_until is None or grant.valid_until >= place.starts_at.date())
    )


def _age_range(place: Place) -> str:
    if place.max_age is None:
        return _("%(from)s and over") % {"from": place.min_age}
    return _("%(from)s to %(to)s") % {"from": place.min_age, "to": place.max_age}

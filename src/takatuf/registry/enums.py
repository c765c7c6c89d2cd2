from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sector(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    NON_PROFIT = "non_profit", _("Non-profit")
    PRIVATE = "private", _("Private")
    EDUCATIONAL = "educational", _("Educational")


class BodyStatus(models.TextChoices):
    REGISTERED = "registered", pgettext_lazy("body", "Registered, waiting for verification")
    VERIFIED = "verified", pgettext_lazy("body", "Verified")
    # Verified too, and its head is in office: to whoever reads of it one word, as on its badge.
    ACTIVE = "active", pgettext_lazy("body", "Verified")
    SUSPENDED = "suspended", pgettext_lazy("body", "Suspended")
    CLOSED = "closed", pgettext_lazy("body", "Closed")


ABLE_BODIES = (BodyStatus.VERIFIED, BodyStatus.ACTIVE)  # checked, and nothing against them
BODY_STEPS = {
    BodyStatus.REGISTERED: {BodyStatus.VERIFIED, BodyStatus.CLOSED},
    BodyStatus.VERIFIED: {BodyStatus.ACTIVE, BodyStatus.SUSPENDED, BodyStatus.CLOSED},
    BodyStatus.ACTIVE: {BodyStatus.SUSPENDED, BodyStatus.CLOSED},
    BodyStatus.SUSPENDED: {BodyStatus.VERIFIED, BodyStatus.ACTIVE, BodyStatus.CLOSED},
}


class Role(models.TextChoices):
    """Offices a person holds in a body for a time; the one list (product.md)."""

    TEAM_LEADER = "team_leader", _("Team leader")
    UNIT_MANAGER = "unit_manager", _("Unit manager")
    BODY_HEAD = "body_head", _("Head of the body")
    REVIEWER = "reviewer", _("Reviewer")
    DESK = "desk", _("Regional desk")
    AUDITOR = "auditor", _("Auditor")


MANAGERS = (Role.UNIT_MANAGER, Role.BODY_HEAD)  # they run the body's day
REGIONAL_ROLES = (Role.DESK, Role.AUDITOR)  # they speak for the region, in the desk's body only
STAFF_ROLES = (Role.UNIT_MANAGER, Role.BODY_HEAD, Role.REVIEWER, Role.DESK, Role.AUDITOR)


class TeamStatus(models.TextChoices):
    APPLIED = "applied", pgettext_lazy("team", "Applied")
    ACTIVE = "active", pgettext_lazy("team", "Active")
    SUSPENDED = "suspended", pgettext_lazy("team", "Suspended")
    ENDED = "ended", pgettext_lazy("team", "Ended")


TEAM_STEPS = {
    TeamStatus.APPLIED: {TeamStatus.ACTIVE, TeamStatus.ENDED},
    TeamStatus.ACTIVE: {TeamStatus.SUSPENDED, TeamStatus.ENDED},
    TeamStatus.SUSPENDED: {TeamStatus.ACTIVE, TeamStatus.ENDED},
}


class SkillLevel(models.IntegerChoices):
    BASIC = 1, _("Basic")
    MEDIUM = 2, _("Medium")
    EXPERT = 3, _("Expert")


class Basis(models.TextChoices):
    """What a skill grant rests on, weakest first."""

    DECLARED = "declared", _("Declared by the volunteer")
    EVIDENCED = "evidenced", _("Seen by a body")
    COURSE = "course", _("Course passed")
    LICENCE = "licence", _("Professional licence")


BASIS_STRENGTH = {Basis.DECLARED: 0, Basis.EVIDENCED: 1, Basis.COURSE: 2, Basis.LICENCE: 3}


PROVABLE = (Basis.EVIDENCED, Basis.LICENCE)  # what a body can stand for


def least_basis(asked: str, *, needs_licence: bool) -> str:
    """What a place asks for: who does licensed work shows the licence, whatever was chosen."""
    return Basis.LICENCE if needs_licence else asked


class GrantStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("skill", "Active")
    EXPIRED = "expired", pgettext_lazy("skill", "Expired")
    REVOKED = "revoked", pgettext_lazy("skill", "Revoked")


class SkillRequestStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("skill request", "Waiting for the body")
    CONFIRMED = "confirmed", pgettext_lazy("skill request", "Confirmed")
    REFUSED = "refused", pgettext_lazy("skill request", "Not confirmed")


SKILL_REQUEST_STEPS = {
    SkillRequestStatus.ASKED: {SkillRequestStatus.CONFIRMED, SkillRequestStatus.REFUSED},
}


class PartOfDay(models.TextChoices):
    MORNING = "morning", _("Morning")  # 06:00-12:00
    AFTERNOON = "afternoon", _("Afternoon")  # 12:00-17:00
    EVENING = "evening", _("Evening")  # 17:00-23:00


PARTS_OF_DAY = {  # part -> (first minute, minute after the last), local time
    PartOfDay.MORNING: (6 * 60, 12 * 60),
    PartOfDay.AFTERNOON: (12 * 60, 17 * 60),
    PartOfDay.EVENING: (17 * 60, 23 * 60),
}


class ConcernStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("concern", "Open")
    IN_HAND = "in_hand", pgettext_lazy("concern", "Being looked into")
    ANSWERED = "answered", pgettext_lazy("concern", "Answered")
    CLOSED = "closed", pgettext_lazy("concern", "Closed")


CONCERN_STEPS = {
    ConcernStatus.OPEN: {ConcernStatus.IN_HAND, ConcernStatus.ANSWERED},
    ConcernStatus.IN_HAND: {ConcernStatus.ANSWERED},
    ConcernStatus.ANSWERED: {ConcernStatus.CLOSED, ConcernStatus.IN_HAND},
}


class MergeStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second person")
    DONE = "done", _("Merged")
    REFUSED = "refused", _("Two different people")


MERGE_STEPS = {
    MergeStatus.PROPOSED: {MergeStatus.DONE, MergeStatus.REFUSED},
}


# Languages volunteers name: ISO 639 codes; sgn-sa is Saudi sign language.
MOST_SUGGESTIONS = 20  # a week: more are not read
LANGUAGES_SPOKEN = [
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("sgn-sa", _("Saudi sign language")),
    ("ur", _("Urdu")),
    ("hi", _("Hindi")),
    ("bn", _("Bengali")),
    ("id", _("Indonesian")),
    ("tl", _("Filipino")),
    ("tr", _("Turkish")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("zh", _("Chinese")),
]
WEEKDAYS = [  # 0 is Sunday, as weeks begin here
    (0, _("Sunday")),
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
]

from django.db import models
from django.utils.translation import gettext_lazy as _

from takatuf.registry.enums import Basis

MOST_SEATS = 5_000  # of a role in one shift
SHARDS = 16  # of the listing's version stamp: so many opportunities may change side by side


class Class(models.TextChoices):
    """تطوع عام، مهاري، احترافي."""

    GENERAL = "general", _("General")
    SKILLED = "skilled", _("Skilled")
    PROFESSIONAL = "professional", _("Professional")


# What a skill rests on at least, unless the role says otherwise.
USUAL_BASIS = {
    Class.GENERAL: Basis.DECLARED,
    Class.SKILLED: Basis.EVIDENCED,
    Class.PROFESSIONAL: Basis.EVIDENCED,
}


class Mode(models.TextChoices):
    ONSITE = "onsite", _("On site")
    REMOTE = "remote", _("Remote")
    HYBRID = "hybrid", _("Both")


class Way(models.TextChoices):
    """How people come in."""

    OPEN = "open", _("Open: the first to join has the place")
    BY_REQUEST = "by_request", _("By request: the unit chooses")
    INVITATION = "invitation", _("By invitation only")
    ROUND = "round", _("By round: a matching round proposes, the unit approves")


class GenderRule(models.TextChoices):
    ANYONE = "anyone", _("Everyone")
    WOMEN = "women", _("Women only")
    MEN = "men", _("Men only")


class Support(models.TextChoices):
    TRANSPORT = "transport", _("Transport")
    MEALS = "meals", _("Meals")
    TOOLS = "tools", _("Tools and clothing")
    TRAINING = "training", _("Training")
    HOUSING = "housing", _("Housing")
    NONE = "none", _("None of these")


class Gate(models.TextChoices):
    """What the quality gate decides."""

    PUBLISHES = "publishes", _("Good enough to publish at once")
    REVIEWS = "reviews", _("A reviewer looks at it first")
    RETURNS = "returns", _("Goes back with reasons")


class OpportunityStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned with reasons")
    IN_REVIEW = "in_review", _("With a reviewer")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


OPPORTUNITY_STEPS = {
    OpportunityStatus.DRAFT: {OpportunityStatus.SUBMITTED, OpportunityStatus.CANCELLED},
    OpportunityStatus.SUBMITTED: {
        OpportunityStatus.RETURNED, OpportunityStatus.IN_REVIEW, OpportunityStatus.PUBLISHED,
    },
    OpportunityStatus.RETURNED: {OpportunityStatus.SUBMITTED, OpportunityStatus.CANCELLED},
    OpportunityStatus.IN_REVIEW: {OpportunityStatus.PUBLISHED, OpportunityStatus.RETURNED},
    OpportunityStatus.PUBLISHED: {
        OpportunityStatus.PAUSED, OpportunityStatus.RUNNING,
        OpportunityStatus.CLOSED, OpportunityStatus.CANCELLED,
    },
    OpportunityStatus.PAUSED: {
        OpportunityStatus.PUBLISHED, OpportunityStatus.CLOSED, OpportunityStatus.CANCELLED,
    },
    OpportunityStatus.RUNNING: {
        OpportunityStatus.PAUSED, OpportunityStatus.CLOSED, OpportunityStatus.CANCELLED,
    },
}  # fmt: skip
PUBLIC = (OpportunityStatus.PUBLISHED, OpportunityStatus.RUNNING)
EDITABLE = (OpportunityStatus.DRAFT, OpportunityStatus.RETURNED)
OPEN = (*PUBLIC, OpportunityStatus.PAUSED)  # people may count on it
SHOWN = (
    *PUBLIC,
    OpportunityStatus.PAUSED,
    OpportunityStatus.CLOSED,
    OpportunityStatus.CANCELLED,
)


class ShiftStatus(models.TextChoices):
    """One runs once it has begun by its clock and somebody is marked as there; marks made
    before that leave it planned, so that it can still be called off.
    """

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED = "moved", _("Moved")


SHIFT_STEPS = {
    ShiftStatus.PLANNED: {
        ShiftStatus.RUNNING, ShiftStatus.CLOSED, ShiftStatus.CANCELLED, ShiftStatus.MOVED,
    },
    ShiftStatus.RUNNING: {ShiftStatus.CLOSED},
}  # fmt: skip


LIVE_SHIFTS = (ShiftStatus.PLANNED, ShiftStatus.RUNNING)
HELD_SHIFTS = (*LIVE_SHIFTS, ShiftStatus.CLOSED)  # once over: neither cancelled nor moved


class Scope(models.TextChoices):
    """How much of a weekly series a change is meant for."""

    THIS = "this", _("This shift only")
    FOLLOWING = "following", _("This and the following")
    ALL = "all", _("All of the series")


# ---------------------------------------------------------------- the public list
class Sort(models.TextChoices):
    SOONEST = "soonest", _("Soonest first")
    NEWEST = "newest", _("Newest first")
    SHORTEST = "shortest", _("Shortest first")


class When(models.TextChoices):
    """When the next shift is."""

    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    WEEKEND = "weekend", _("This weekend")
    MONTH = "month", _("Within a month")


class Length(models.TextChoices):
    """How long a usual shift takes."""

    SHORT = "short", _("Up to 2 hours")
    HALF = "half", _("2 to 5 hours")
    DAY = "day", _("More than 5 hours")


LENGTHS = {Length.SHORT: 120, Length.HALF: 300}  # up to so many minutes; the rest is DAY

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from takatuf.accounts.enums import ADULT_AGE
from takatuf.opportunities.enums import Way


class ApplicationStatus(models.TextChoices):
    """The life of one person's claim on one role of one shift (governance 5.0)."""

    APPLIED = "applied", _("Waiting for an answer")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    CONFIRMED = "confirmed", _("Place confirmed")
    ATTENDED = "attended", _("Attended")
    NO_SHOW = "no_show", _("Did not come")
    EXCUSED = "excused", _("Excused")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


APPLICATION_STEPS = {
    ApplicationStatus.APPLIED: {
        ApplicationStatus.OFFERED, ApplicationStatus.CONFIRMED, ApplicationStatus.WAITING,
        ApplicationStatus.DECLINED, ApplicationStatus.WITHDRAWN, ApplicationStatus.EXPIRED,
    },
    ApplicationStatus.WAITING: {
        ApplicationStatus.OFFERED, ApplicationStatus.CONFIRMED, ApplicationStatus.WITHDRAWN,
        ApplicationStatus.EXPIRED, ApplicationStatus.DECLINED,
    },
    ApplicationStatus.OFFERED: {
        ApplicationStatus.CONFIRMED, ApplicationStatus.WITHDRAWN, ApplicationStatus.EXPIRED,
    },
    ApplicationStatus.CONFIRMED: {
        ApplicationStatus.ATTENDED, ApplicationStatus.NO_SHOW, ApplicationStatus.EXCUSED,
        ApplicationStatus.WITHDRAWN, ApplicationStatus.EXPIRED,
    },
    # The leader may put a wrong tick right until the hours are approved.
    ApplicationStatus.ATTENDED: {
        ApplicationStatus.CONFIRMED, ApplicationStatus.NO_SHOW, ApplicationStatus.EXCUSED,
    },
    ApplicationStatus.NO_SHOW: {
        ApplicationStatus.CONFIRMED, ApplicationStatus.ATTENDED, ApplicationStatus.EXCUSED,
    },
    ApplicationStatus.EXCUSED: {
        ApplicationStatus.CONFIRMED, ApplicationStatus.ATTENDED, ApplicationStatus.NO_SHOW,
    },
}  # fmt: skip
LIVE = ("applied", "waiting", "offered", "confirmed")  # the person still counts on it
HOLDING = ("offered", "confirmed", "attended", "no_show", "excused")  # the seat is taken
WITH_A_PLACE = ("confirmed", "attended", "no_show", "excused")  # said yes, and may have come
ENGAGED = ("offered", "confirmed", "attended")  # takes the person's time
STANDING = ("applied", "waiting", *HOLDING)  # asked for or had: not asked for once more
UNANSWERED = ("applied", "waiting")  # asked for a place and has none yet
ENDED = ("declined", "withdrawn", "expired")  # nothing is left of it
# As the log names what a person does: leaving or refusing, and letting an offer lapse.
WITHDREW, LET_LAPSE = "withdrew", "offer expired"
LAST_OFFER_BEFORE_START = timedelta(hours=2)  # later there is no time to answer one
HOLDING_A_SEAT = Q(applications__status__in=HOLDING)


class Origin(models.TextChoices):
    """How the claim came about."""

    APPLIED = "applied", _("Applied")
    INVITED = "invited", _("Invited")
    MOVED = "moved", _("Moved with the shift")
    ROUND = "round", _("Proposed by a matching round")
    COVER = "cover", _("Comes instead of somebody")


class RoundStatus(models.TextChoices):
    """The life of one matching round, from its scope to its last shift."""

    DRAFT = "draft", pgettext_lazy("round", "Being prepared")
    SOLVING = "solving", pgettext_lazy("round", "Being worked out")
    PROPOSED = "proposed", pgettext_lazy("round", "Waiting for approval")
    PARTLY_APPROVED = "partly", pgettext_lazy("round", "Approved in part")
    APPROVED = "approved", pgettext_lazy("round", "Approved")
    CLOSED = "closed", pgettext_lazy("round", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("round", "Cancelled")
    FAILED = "failed", pgettext_lazy("round", "Failed")


ROUND_STEPS = {
    RoundStatus.DRAFT: {RoundStatus.SOLVING, RoundStatus.CANCELLED},
    RoundStatus.SOLVING: {RoundStatus.PROPOSED, RoundStatus.CANCELLED, RoundStatus.FAILED},
    # Before anybody is offered anything it may be worked out again with other settings.
    RoundStatus.PROPOSED: {
        RoundStatus.SOLVING, RoundStatus.PARTLY_APPROVED, RoundStatus.APPROVED,
        RoundStatus.CLOSED, RoundStatus.CANCELLED,
    },
    RoundStatus.PARTLY_APPROVED: {RoundStatus.APPROVED, RoundStatus.CLOSED},
    # The re-planner may propose again where the unit wants to approve each by hand.
    RoundStatus.APPROVED: {RoundStatus.PARTLY_APPROVED, RoundStatus.CLOSED},
    RoundStatus.FAILED: {RoundStatus.SOLVING, RoundStatus.CANCELLED},
}  # fmt: skip
CHANGEABLE_ROUNDS = ("draft", "failed")  # nothing has come of them yet
SOLVED = ("proposed", "partly", "approved", "closed")  # a plan is stored with it
RUNNING_ROUNDS = ("proposed", "partly", "approved")  # proposals may still be made and decided


class ProposalStatus(models.TextChoices):
    """What became of one proposal of a round."""

    PROPOSED = "proposed", pgettext_lazy("proposal", "Proposed")
    APPROVED = "approved", pgettext_lazy("proposal", "Approved: a place is offered")
    REJECTED = "rejected", pgettext_lazy("proposal", "Not approved")
    LAPSED = "lapsed", pgettext_lazy("proposal", "No longer possible")
    ENDED = "ended", pgettext_lazy("proposal", "The place was given up or refused")


PROPOSAL_STEPS = {
    ProposalStatus.PROPOSED: {
        ProposalStatus.APPROVED, ProposalStatus.REJECTED, ProposalStatus.LAPSED,
    },
    ProposalStatus.APPROVED: {ProposalStatus.ENDED},
}  # fmt: skip
LIVE_PROPOSALS = ("proposed", "approved")


class CoverStatus(models.TextChoices):
    """What became of asking somebody else to come."""

    OPEN = "open", pgettext_lazy("cover", "Looking for somebody")
    TAKEN = "taken", pgettext_lazy("cover", "Somebody comes instead")
    CALLED_BACK = "back", pgettext_lazy("cover", "Called back")
    LAPSED = "lapsed", pgettext_lazy("cover", "No longer possible")


COVER_STEPS = {
    CoverStatus.OPEN: {CoverStatus.TAKEN, CoverStatus.CALLED_BACK, CoverStatus.LAPSED},
}


class AskStatus(models.TextChoices):
    """What somebody asked to come instead has said; a yes makes it their place."""

    ASKED = "asked", pgettext_lazy("cover", "Asked")
    DECLINED = "declined", pgettext_lazy("cover", "Said no")


ASK_STEPS = {AskStatus.ASKED: {AskStatus.DECLINED}}
# By request and by invitation the body decides who comes.
COVERED_WAYS = (Way.OPEN, Way.ROUND)


class TrialStatus(models.TextChoices):
    """Whether it is known yet what other settings would give."""

    WORKING = "working", pgettext_lazy("trial", "Being worked out")
    DONE = "done", pgettext_lazy("trial", "Worked out")
    FAILED = "failed", pgettext_lazy("trial", "Failed")


class DeclineReason(models.TextChoices):
    """Ready reasons of a no; the volunteer reads them in their own language."""

    FULL = "full", _("The places are taken.")
    SKILL = "skill", _("This task needs more experience with it than your profile shows.")
    TIMES = "times", _("The times do not fit what you wrote.")
    TEAM = "team", _("This shift is for people who took part in the briefing.")
    CHANGED = "changed", _("The plan has changed and this role is not needed any more.")


class AgeBand(models.TextChoices):
    """All a body learns of a person's age before the day."""

    MINOR = "minor", _("Under 18")
    YOUNG = "young", _("Aged 18 to 24")
    ADULT = "adult", _("Aged 25 to 39")
    MIDDLE = "middle", _("Aged 40 to 59")
    SENIOR = "senior", _("Aged 60 and over")
    UNKNOWN = "unknown", _("Age not given")


AGE_BANDS = (
    (ADULT_AGE, AgeBand.MINOR),
    (25, AgeBand.YOUNG),
    (40, AgeBand.ADULT),
    (60, AgeBand.MIDDLE),
)


def age_band(age: int | None) -> AgeBand:
    if age is None:
        return AgeBand.UNKNOWN
    return next((band for below, band in AGE_BANDS if age < below), AgeBand.SENIOR)

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ApplicationStatus(models.TextChoices):
    """The life of one person's claim on one role of one shift (governance 5.0)."""

    APPLIED = "applied", _("Waiting for an answer")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    CONFIRMED = "confirmed", _("Has a place")
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
HOLDING_A_SEAT = Q(applications__status__in=HOLDING)


class Origin(models.TextChoices):
    """How the claim came about."""

    APPLIED = "applied", _("Applied")
    INVITED = "invited", _("Invited")
    MOVED = "moved", _("Moved with the shift")
    WALK_IN = "walk_in", _("Came on the day")

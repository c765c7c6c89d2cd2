from django.db import models
from django.utils.translation import gettext_lazy as _


class PresenceStatus(models.TextChoices):
    EXPECTED = "expected", _("Expected")
    PRESENT = "present", _("Here")
    LEFT = "left", _("Left")
    NO_SHOW = "no_show", _("Did not come")
    EXCUSED = "excused", _("Excused")


PRESENCE_STEPS = {
    PresenceStatus.EXPECTED: {
        PresenceStatus.PRESENT, PresenceStatus.NO_SHOW, PresenceStatus.EXCUSED,
    },
    PresenceStatus.PRESENT: {PresenceStatus.LEFT, PresenceStatus.EXPECTED},
    PresenceStatus.LEFT: {PresenceStatus.PRESENT},
    PresenceStatus.NO_SHOW: {
        PresenceStatus.EXPECTED, PresenceStatus.PRESENT, PresenceStatus.EXCUSED,
    },
    PresenceStatus.EXCUSED: {
        PresenceStatus.EXPECTED, PresenceStatus.PRESENT, PresenceStatus.NO_SHOW,
    },
}  # fmt: skip


class EvidenceClass(models.TextChoices):
    """How the hours are known, strongest first."""

    SCANNED = "scanned", _("Scanned on the day")
    LEADER = "leader", _("Confirmed by the leader")
    SELF = "self", _("Claimed by the volunteer")
    ASSUMED = "assumed", _("Assumed: nobody recorded leaving")
    IMPORTED = "imported", _("Imported, unverified")


class HourState(models.TextChoices):
    CLAIMED = "claimed", _("Claimed")
    CONFIRMED = "confirmed", _("Confirmed by the leader")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    REVERSED = "reversed", _("Reversed")
    IMPORTED = "imported", _("Imported, unverified")


UNANSWERED = (HourState.CLAIMED, HourState.CONFIRMED)  # wait for somebody's word

HOUR_STEPS = {  # from the claim's last entry to the next
    "": {HourState.CLAIMED, HourState.CONFIRMED, HourState.IMPORTED},
    HourState.CLAIMED: {HourState.CONFIRMED, HourState.REJECTED},
    HourState.CONFIRMED: {HourState.APPROVED, HourState.REJECTED},
    HourState.APPROVED: {HourState.REVERSED},
    HourState.IMPORTED: {HourState.REVERSED},
}

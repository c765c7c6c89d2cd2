from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedStatus(models.TextChoices):
    REPORTED = "reported", _("Waiting for the desk")
    VALIDATED = "validated", _("Validated")
    PRIORITISED = "prioritised", _("Prioritised")
    IN_PLAN = "in_plan", _("Being answered")
    CLOSED = "closed", pgettext_lazy("need", "Closed")
    REJECTED = "rejected", _("Not taken up")
    MERGED = "merged", _("Merged into another need")


NEED_STEPS = {
    NeedStatus.REPORTED: {NeedStatus.VALIDATED, NeedStatus.REJECTED, NeedStatus.MERGED},
    NeedStatus.VALIDATED: {
        NeedStatus.PRIORITISED, NeedStatus.IN_PLAN, NeedStatus.CLOSED, NeedStatus.MERGED,
    },
    NeedStatus.PRIORITISED: {NeedStatus.IN_PLAN, NeedStatus.CLOSED, NeedStatus.MERGED},
    NeedStatus.IN_PLAN: {NeedStatus.CLOSED, NeedStatus.VALIDATED},
}  # fmt: skip
# What was joined to a need that waits goes with it, and never by itself.
JOINED_STEPS = {NeedStatus.MERGED: {NeedStatus.REJECTED}}
OPEN_NEEDS = (NeedStatus.VALIDATED, NeedStatus.PRIORITISED, NeedStatus.IN_PLAN)


class Urgency(models.IntegerChoices):
    LOW = 1, _("Can wait some months")
    MEDIUM = 2, _("Within weeks")
    HIGH = 3, _("Within days")


class TargetGroup(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    OLDER_PEOPLE = "older_people", _("Older people")
    CHILDREN = "children", _("Children")
    YOUTH = "youth", _("Youth")
    FAMILIES = "families", _("Families in need")
    DISABILITY = "disability", _("People with disabilities")
    PATIENTS = "patients", _("Patients")
    NON_PROFITS = "non_profits", _("Non-profit bodies")
    VISITORS = "visitors", _("Pilgrims and visitors")
    ENVIRONMENT = "environment", _("Environment and animals")


ACTION_WORDS = {  # what a need's story says
    "reported": _("Reported to the desk"),
    "validated": _("Validated by the desk"),
    "rejected": _("Not taken up"),
    "merged": _("Joined to another need"),
    "day moved": _("An earlier report was joined: the desk answers by its day"),
    "being answered": _("An opportunity was published for it"),
    "people served": _("People served were confirmed"),
    "closed": pgettext_lazy("need", "Closed"),
}

"""Who may see a thing: the choices of a column."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    COUNCIL = "council", _("The council")
    CLOSED = "closed", _("Those named")

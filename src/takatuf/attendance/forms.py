"""Turning what was typed into values a command accepts."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.fields import TimeField, WesternIntegerField

HALF_A_DAY = timedelta(hours=12)
DAY = timedelta(days=1)


class TimesForm(forms.Form):
    """When somebody came and left; the days follow from the shift's."""

    came_at = TimeField(label=_("Came at"), help_text=_("For example 16:05 or 4:05 pm"))
    left_at = TimeField(
        label=_("Left at"), required=False, help_text=_("Empty while they are still here")
    )

    def moments(self, shift) -> dict[str, datetime | None]:
        """The command's arguments; call on a valid form."""
        came = around(self.cleaned_data["came_at"], shift.starts_at)
        left = self.cleaned_data["left_at"]
        return {"came_at": came, "left_at": left and leaving(left, came, shift.ends_at)}


def around(clock: time, moment: datetime) -> datetime:
    """The moment nearest to another at which clocks show this time."""
    found = timezone.make_aware(datetime.combine(timezone.localdate(moment), clock))
    if found - moment > HALF_A_DAY:
        return found - DAY
    return found + DAY if moment - found > HALF_A_DAY else found


def leaving(clock: time, came: datetime, end: datetime) -> datetime:
    """The first moment after coming at which clocks show this time; the last one before it
    where that is nearer to coming than the other is to the shift's end: no day is added to two
    times that were confused.
    """
    found = timezone.make_aware(datetime.combine(timezone.localdate(came), clock))
    if found >= came.replace(second=0, microsecond=0) or came - found < found + DAY - end:
        return found
    return found + DAY


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Whoever runs this day and the body's managers read it. No health details."
        ),
    )


class ServedForm(forms.Form):
    """How many people the shift served, and how they were counted."""

    count = WesternIntegerField(
        label=_("How many were served?"), min_value=0, max_value=1_000_000
    )
    basis = forms.CharField(
        label=_("How were they counted?"),
        max_length=200,
        help_text=_("For example: tickets given out, a list of names, counted at the door."),
    )


class AnewForm(forms.Form):
    reason = forms.CharField(
        label=_("Why there is a new one"),
        max_length=300,
        help_text=_("It is kept in the log, with your name."),
        widget=forms.Textarea({"rows": 2}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason, in a sentence the volunteer will read"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

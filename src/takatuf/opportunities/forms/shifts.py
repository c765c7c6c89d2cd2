"""Shifts and roles as people enter them: any digits, local time."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.errors import DomainError
from takatuf.kernel.fields import DateField, TimeField, WesternIntegerField
from takatuf.kernel.refusals import refuse
from takatuf.kernel.widgets import ClockInput, DayInput
from takatuf.opportunities import weekly
from takatuf.opportunities.commands import Weekly, seat_faults, time_faults, weekly_times
from takatuf.opportunities.enums import MOST_SEATS, USUAL_BASIS, Class, Scope
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.registry import queries as registry
from takatuf.registry.enums import WEEKDAYS, Basis, SkillLevel


class PickedDay(DateField):
    """A date from the browser's picker, or typed in either calendar."""

    widget = DayInput

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


def _span(given):
    zone = timezone.get_default_timezone()
    return weekly.span(given["day"], given["starts"], given["ends"], zone)


def _say_all(form: forms.Form, span) -> None:
    """What the command would refuse one at a time, all at once beside what cannot be read."""
    for fault in time_faults(*span, at=timezone.now()):
        refuse(form, fault)


class SeatsForm(forms.Form):
    """At least and seats, for each role of the opportunity."""

    def __init__(self, opportunity: Opportunity, *args, seats=None, **kwargs):
        self.roles = list(opportunity.roles.order_by("pk"))
        self.known = seats or {}
        super().__init__(*args, **kwargs)
        # What a spreadsheet said is of the whole, so it speaks where one role is the whole.
        said = opportunity.imported_seats if seats is None and len(self.roles) == 1 else None
        for role in self.roles:
            least, most = self.known.get(role.pk, (1, said))
            self.fields[f"least_{role.pk}"] = WesternIntegerField(
                label=_("At least"),
                required=False,
                min_value=0,
                max_value=MOST_SEATS,
                initial=least,
            )
            self.fields[f"seats_{role.pk}"] = WesternIntegerField(
                label=_("Seats"), required=len(self.roles) == 1, min_value=0,
                max_value=MOST_SEATS, initial=most,
                help_text=_("As the spreadsheet says.") if said else "",
            )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if not any(name.startswith(("least_", "seats_")) for name in self.errors):
            for fault in seat_faults(self.seats(), [role.pk for role in self.roles]):
                refuse(self, fault)
        return cleaned

    def role_fields(self) -> list[tuple[Any, Any, Any]]:
        """(role, least, seats) for the template."""
        return [(r, self[f"least_{r.pk}"], self[f"seats_{r.pk}"]) for r in self.roles]

    def seats(self) -> dict[int, tuple[int, int]]:
        """Role → (at least, seats); roles without seats are not in this shift."""
        found = {}
        for role in self.roles:
            most = self.cleaned_data.get(f"seats_{role.pk}") or 0
            if most:
                found[role.pk] = (self.cleaned_data.get(f"least_{role.pk}") or 0, most)
        return found


class ShiftForm(SeatsForm):
    """One shift: a day and two times. An end at or before the start is on the next day."""

    day = PickedDay(label=_("Day"))
    starts = TimeField(label=_("From"), widget=ClockInput)
    ends = TimeField(label=_("Until"), widget=ClockInput)

    def clean(self):
        cleaned = super().clean()
        if {"day", "starts", "ends"} <= cleaned.keys():
            _say_all(self, self.span())
        return cleaned

    def span(self):
        return _span(self.cleaned_data)


class WeeklyForm(SeatsForm):
    """The same times on some weekdays, from a first to a last day."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = TimeField(label=_("From"), widget=ClockInput)
    ends = TimeField(label=_("Until"), widget=ClockInput)
    first_day = PickedDay(label=_("First day"))
    last_day = PickedDay(label=_("Last day"))

    def clean(self):
        cleaned = super().clean()
        if {"weekdays", "starts", "ends", "first_day", "last_day"} <= cleaned.keys():
            try:
                times = weekly_times(self.plan(), at=timezone.now())
            except DomainError as refusal:
                refuse(self, refusal)
            else:
                _say_all(self, times[-1])  # the farthest; all are equally long
        return cleaned

    def plan(self) -> Weekly:
        names = ("weekdays", "starts", "ends", "first_day", "last_day")
        return Weekly(**{name: self.cleaned_data[name] for name in names})


class ChangeShiftForm(SeatsForm):
    """Other times or seats, for this shift, the following or all of its series."""

    starts = TimeField(label=_("From"), widget=ClockInput)
    ends = TimeField(label=_("Until"), widget=ClockInput)
    scope = forms.ChoiceField(
        label=_("Change"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS
    )

    def __init__(self, shift: Shift, data=None, *, prefix: str | None = None):
        start, end = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
        seats = {row.role_id: (row.minimum, row.seats) for row in shift.roles.all()}
        initial = {"starts": start.time(), "ends": end.time(), "scope": Scope.THIS}
        super().__init__(shift.opportunity, data, seats=seats, initial=initial, prefix=prefix)
        self.day, self.has_begun = start.date(), shift.starts_at <= timezone.now()
        if shift.series_id is None:
            self.fields["scope"].widget = forms.HiddenInput()

    def clean(self):
        cleaned = super().clean()
        # One that has begun is not changed at all, as the command says.
        if {"starts", "ends"} <= cleaned.keys() and not self.has_begun:
            _say_all(self, _span(cleaned | {"day": self.day}))
        return cleaned


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why does it move?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who has a place reads this."),
    )  # fmt: skip


class MoveShiftForm(forms.Form):
    """Another time for a shift people count on, and for its series if asked, and why."""

    day = PickedDay(label=_("New day"))
    starts = TimeField(label=_("From"), widget=ClockInput)
    ends = TimeField(label=_("Until"), widget=ClockInput)
    scope = forms.ChoiceField(
        label=_("Move"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS,
        required=False, help_text=_("The others move by as many days, to the same times."),
    )  # fmt: skip
    reason = _reason()

    def __init__(self, shift: Shift, data=None, *, prefix: str | None = None):
        start, end = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
        initial = {
            "day": start.date() + timedelta(days=7), "starts": start.time(), "ends": end.time(),
            "scope": Scope.THIS,
        }  # fmt: skip
        super().__init__(data, initial=initial, prefix=prefix)
        if shift.series_id is None:
            del self.fields["scope"]

    def clean(self):
        cleaned = super().clean()
        if {"day", "starts", "ends"} <= cleaned.keys():
            _say_all(self, self.span())
        return cleaned

    def span(self):
        return _span(self.cleaned_data)


class MoveOpportunityForm(forms.Form):
    """Another first day for all that is still to come, and why."""

    day = PickedDay(
        label=_("New first day"),
        help_text=_("Every shift to come moves by as many days and keeps its times."),
    )
    reason = _reason()

    def __init__(self, first: Shift | None, data=None, *, prefix: str | None = None):
        """:param first: the first shift to come."""
        self.first_day = timezone.localdate(first.starts_at) if first else timezone.localdate()
        super().__init__(
            data, initial={"day": self.first_day + timedelta(days=7)}, prefix=prefix
        )

    @property
    def days(self) -> int:
        return (self.cleaned_data["day"] - self.first_day).days


class RoleForm(forms.Form):
    """A role: its name, and the skills it asks for, if any."""

    title = forms.CharField(label=_("Role"), max_length=80)
    skill = forms.ModelChoiceField(label=_("Skill"), queryset=None, required=False)
    level = forms.TypedChoiceField(
        label=_("Level, at least"),
        choices=SkillLevel.choices,
        coerce=int,
        required=False,
        empty_value=None,
    )
    least_basis = forms.ChoiceField(
        label=_("Proof, at least"),
        choices=Basis.choices,
        required=False,
        help_text=_("Licensed work, such as medicine, always asks for the licence."),
    )
    credential = forms.ModelChoiceField(
        label=_("Second skill"),
        queryset=None,
        required=False,
        help_text=_("Must be held too, at any level, and be valid on the day."),
    )

    def __init__(self, *args, klass: str, **kwargs):
        """:param klass: of the opportunity; the usual basis follows it."""
        super().__init__(*args, **kwargs)
        self.usual = USUAL_BASIS[Class(klass)]
        self.fields["least_basis"].initial = self.usual
        self.fields["skill"].queryset = self.fields["credential"].queryset = registry.skills()
        self.fields["skill"].empty_label = _("No skill needed")
        self.fields["credential"].empty_label = _("No second skill")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("skill"):
            cleaned["level"] = cleaned.get("level") or SkillLevel.BASIC
            cleaned["least_basis"] = cleaned.get("least_basis") or self.usual
        self._check_second(cleaned.get("skill"), cleaned.get("credential"))
        return cleaned

    def _check_second(self, skill, credential) -> None:
        if credential and not skill and not self.errors.get("skill"):
            self.add_error("credential", _("Choose the first skill before a second one."))
        elif credential and credential == skill:
            self.add_error("credential", _("This is the first skill: choose another, or none."))

    @property
    def usually(self) -> list:
        """What most roles say."""
        return [bound for bound in self if bound.name != "credential"]

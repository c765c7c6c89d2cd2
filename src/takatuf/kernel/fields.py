"""Form fields that take what people type in Arabic: any digits, both calendars.

Each gives back a clean Python value, keeps what was typed when it cannot, and says in one
sentence what to change.
"""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.asked import row_key
from takatuf.kernel.explain import explain
from takatuf.kernel.text.arabic import clean_name
from takatuf.kernel.text.dates import parse_date
from takatuf.kernel.text.digits import parse_decimal, parse_int, western
from takatuf.kernel.text.identity import saudi_id
from takatuf.kernel.text.phones import pretty, to_e164
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.text.times import parse_time
from takatuf.kernel.widgets import StepInput


def refused(problem: Unreadable) -> ValidationError:
    return ValidationError(explain(problem), code=problem.kind)


class WesternCharField(forms.CharField):
    """Text whose digits arrive as 0-9: codes, references, building numbers."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return western(text) if isinstance(text, str) else text


class WesternIntegerField(forms.IntegerField):
    """A whole number in any digits. A text input: number inputs refuse ٢٠ in silence."""

    widget = forms.TextInput

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("dir", "ltr")

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return parse_int(value)
        except Unreadable as problem:
            if problem.kind == "not_a_number":  # whose own sentence offers 3.5 for an example
                raise ValidationError(
                    self.error_messages["invalid"], code=problem.kind
                ) from problem
            raise refused(problem) from problem


class WesternDecimalField(forms.DecimalField):
    """A number in any digits, ``٣٫٥`` and ``3,5`` included."""

    widget = forms.TextInput

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("dir", "ltr")

    def to_python(  # type: ignore[override]
        self, value: Any
    ) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return parse_decimal(value)
        except Unreadable as problem:
            raise refused(problem) from problem

    def prepare_value(self, value: Any) -> Any:
        """15.0 is written back as 15."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class _ReadField(forms.CharField):
    """A line read by a function of ``kernel.text``; empty reads as ``empty_reading``."""

    inputmode = "text"
    direction = "ltr"
    autocomplete = ""
    empty_reading: Any = None

    def __init__(self, **options: Any):
        options.setdefault("max_length", 80)
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", self.inputmode)
        self.widget.attrs.setdefault("dir", self.direction)
        if self.autocomplete:
            self.widget.attrs.setdefault("autocomplete", self.autocomplete)

    def read(self, typed: str) -> Any:
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if typed in self.empty_values:
            return self.empty_reading
        try:
            return self.read(typed)
        except Unreadable as problem:
            raise refused(problem) from problem


class PhoneField(_ReadField):
    """A phone number in any spelling → E.164. Empty → None.

    :param mobile: refuse numbers that cannot receive a text message (default).
    """

    widget = forms.TextInput(attrs={"type": "tel"})
    inputmode = "tel"
    autocomplete = "tel"

    def __init__(self, *, mobile: bool = True, region: str = "SA", **options: Any):
        super().__init__(**options)
        self.mobile, self.region = mobile, region

    def read(self, typed: str) -> str:
        return to_e164(typed, self.region, mobile=self.mobile)

    def prepare_value(self, value: Any) -> Any:
        return pretty(value) if isinstance(value, str) and value.startswith("+") else value


class SaudiIdField(_ReadField):
    """Ten western digits. Hand them to ``kernel.identities.stored_id``; never keep them."""

    inputmode = "numeric"
    autocomplete = "off"

    def read(self, typed: str) -> str:
        return saudi_id(typed)


class DateField(_ReadField):
    """A date in either calendar and many spellings → ``date``. Empty → None."""

    def __init__(self, **options: Any):
        super().__init__(**options)
        if getattr(self.widget, "input_type", "") == "text":  # a picker shows its own form
            self.widget.attrs.setdefault("placeholder", _("day/month/year"))

    def read(self, typed: str) -> date:
        return parse_date(typed, sure=True)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return parse_date(initial) != parse_date(data or "")
        except Unreadable:
            return super().has_changed(self.prepare_value(initial), data)


class TimeField(_ReadField):
    """``٤:٣٠ م`` or ``16:30`` → ``time``. Empty → None."""

    def read(self, typed: str) -> time:
        return parse_time(typed)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class NameField(_ReadField):
    """A person's or body's name, cleaned as it will be shown. Empty → ``""``."""

    direction = "auto"
    empty_reading = ""

    def __init__(self, **options: Any):
        options.setdefault("max_length", 120)
        super().__init__(**options)

    def read(self, typed: str) -> str:
        return clean_name(typed, length=self.max_length or 120)


class StepField(forms.Field):
    """One of a few values with a word each, on a slider: ``1`` for the first → its value.

    :param choices: pairs of a value and its word, from the least to the most.
    """

    widget = StepInput
    default_error_messages = {"no_step": _("Choose one of the steps.")}

    def __init__(self, *, choices: Iterable[tuple[int, Any]], **options: Any):
        self.choices = tuple(choices)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"min": 1, "max": len(self.choices), "step": 1}

    def prepare_value(self, value: Any) -> Any:
        """The place of a value; what was sent is a place already."""
        values = [each for each, _word in self.choices]
        return values.index(value) + 1 if isinstance(value, int) and value in values else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        steps = {str(n): each for n, (each, _word) in enumerate(self.choices, start=1)}
        if str(value) not in steps:
            raise ValidationError(self.error_messages["no_step"], code="no_step")
        return steps[str(value)]

    def words(self, value: Any) -> list[tuple[Any, bool]]:
        """Each word, and whether it is that of the place."""
        return [
            (word, str(n) == str(value))
            for n, (_each, word) in enumerate(self.choices, start=1)
        ]


class RowsField(forms.ModelMultipleChoiceField):
    """Some rows of a queryset, asked for by their keys.

    One that no row can have is no choice, like any other that none has. Django knows so of a
    single key only, and gives several to the database, which cannot hold it.
    """

    def clean(self, value: Any) -> Any:
        for each in value if isinstance(value, list | tuple) else ():
            if row_key(str(each)) is None:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": each},
                )
        return super().clean(value)

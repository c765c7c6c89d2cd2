"""Inputs that ask the phone for the right keyboard and keep figures left to right."""

from django import forms


class DayInput(forms.DateInput):
    """A date as the browser's own picker shows it; the value is always 2026-11-23."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%H:%M")


class PhoneInput(forms.TextInput):
    """Any spelling of a number; ``kernel.text.phones`` reads it."""

    input_type = "tel"

    def __init__(self, attrs=None):
        given = {"dir": "ltr", "autocomplete": "tel", "inputmode": "tel", "placeholder": "05…"}
        super().__init__(attrs=given | (attrs or {}))


class DigitsInput(forms.TextInput):
    """Figures that are not a quantity: codes, ID numbers. Arabic-Indic digits are welcome."""

    def __init__(self, attrs=None):
        given = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(attrs=given | (attrs or {}))


class StepInput(forms.NumberInput):
    """A slider of a few steps; it runs with the text, from right to left in Arabic."""

    input_type = "range"

import re
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.fields import DateField
from takatuf.kernel.text.digits import western
from takatuf.kernel.verify_codes import LENGTH, normalise

SERIAL = re.compile(
    r"T[KC][0-9]{9,}"
)  # as ``normalise`` leaves TK-2026-000061; longer than a code
LINKED = re.compile(r"/verify/([^/?#]+)", re.IGNORECASE)  # some QR writers use capitals


def _in_link(typed: str) -> str:
    found = LINKED.search(typed)
    return found[1] if found else ""


class CodeForm(forms.Form):
    """The code on the paper, as people type it, or the link that was read from its QR."""

    code = forms.CharField(
        label=_("Code on the paper"),
        max_length=300,  # whole links are pasted too
        help_text=_("Ten letters and digits under the QR code, such as ABCDE-23456."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        typed = western(self.cleaned_data["code"])
        code = normalise(_in_link(typed) or typed)
        if SERIAL.fullmatch(code):
            raise forms.ValidationError(
                _(
                    "This is the serial number. The code is under the QR: "
                    "ten letters and digits."
                )
            )
        if len(code) != LENGTH or not code.isascii():
            raise forms.ValidationError(
                _("A code has ten letters and digits: compare it with the paper.")
            )
        return code


class NameForm(forms.Form):
    """The name on the paper, where it is no longer stored here."""

    name = forms.CharField(
        label=_("Name on the paper"),
        max_length=200,
        help_text=_("In full, as it is printed. It is compared and not kept."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("The holder reads this. The public page shows the date alone."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CardForm(forms.Form):
    """A card for one of the people the body has met.

    :param people: whom the page offers.
    """

    person = forms.ChoiceField(label=_("Volunteer"), widget=forms.RadioSelect())
    valid_until = DateField(
        label=_("Valid until"), help_text=_("Two years from today at most.")
    )

    def __init__(self, *args, people, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(p.pk, p.full_name) for p in people]
        self.fields["valid_until"].initial = today + timedelta(days=364)

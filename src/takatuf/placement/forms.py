"""What people type about places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.placement.enums import DeclineReason


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("The unit reads it."),
    )


class DeclineForm(forms.Form):
    """A ready reason, own words, or both."""

    template = forms.ChoiceField(
        label=_("Reason"),
        choices=DeclineReason,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("In your words"), max_length=400, required=False)


class InviteForm(forms.Form):
    person = forms.UUIDField(widget=forms.HiddenInput)
    message = forms.CharField(max_length=600, required=False)


class BulkForm(forms.Form):
    """The ticked applications of a list."""

    application = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, ids: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = [(pk, str(pk)) for pk in ids]


class CovenantForm(forms.Form):
    read = forms.BooleanField(
        label=_("I have read it, and I undertake it."),
        error_messages={"required": _("Tick this after reading the covenant.")},
    )
    signed_name = forms.CharField(
        label=_("Full name, as a signature"),
        max_length=120,
        error_messages={"required": _("Write your full name: it stands as your signature.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    version = forms.CharField(widget=forms.HiddenInput)

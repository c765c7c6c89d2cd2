"""What people type about places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.fields import DateField
from takatuf.placement.enums import DeclineReason
from takatuf.registry.enums import PROVABLE, Basis, SkillLevel


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


class ConfirmForm(forms.Form):
    """What a body stands for: a skill it saw, or a licence it read."""

    skill = forms.ModelChoiceField(label=_("Skill"), queryset=None, empty_label=_("Choose"))
    level = forms.TypedChoiceField(
        label=_("Level"), choices=SkillLevel.choices, coerce=int, widget=forms.RadioSelect
    )
    basis = forms.ChoiceField(
        label=_("What it rests on"),
        choices=[(each, Basis(each).label) for each in PROVABLE],
        initial=Basis.EVIDENCED,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What was seen"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Where, when, doing what; for a licence its number and who gave it. "
            "The volunteer reads this."
        ),
        error_messages={"required": _("Write what the confirmation rests on.")},
    )
    valid_until = DateField(
        label=_("Last valid day"),
        required=False,
        help_text=_("Always for a licence; otherwise only if it runs out."),
    )

    def __init__(self, *args, skills, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = skills

    def clean(self):
        given = super().clean()
        licence = given.get("basis") == Basis.LICENCE
        if licence and given.get("valid_until", "") is None:
            self.add_error("valid_until", _("A licence has a last valid day. Write it."))
        return given

"""Turning what was typed into values a command accepts."""

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.fields import WesternIntegerField
from takatuf.needs.enums import TargetGroup, Urgency
from takatuf.registry import queries as registry


class NeedForm(forms.Form):
    """What is needed: who, where, how many, how urgent."""

    title = forms.CharField(
        label=_("What is needed?"),
        max_length=120,
        min_length=8,
        help_text=_("One line that names the work, such as “visits to older people who live alone”."),
    )
    description = forms.CharField(
        label=_("Describe it"),
        max_length=3000,
        min_length=20,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What happens today, and what would be different afterwards."),
    )
    target_group = forms.ChoiceField(label=_("Who needs it?"), choices=TargetGroup.choices)
    people_estimate = WesternIntegerField(
        label=_("How many people, about?"), required=False, min_value=1, max_value=1_000_000
    )
    estimate_basis = forms.CharField(
        label=_("How do you know the number?"),
        required=False,
        max_length=200,
        help_text=_("A list, a survey, your own estimate: any of these is fine."),
    )
    field = forms.ChoiceField(label=_("Field"))
    governorate = forms.ChoiceField(label=_("Governorate"))
    place = forms.CharField(label=_("Centre or district"), required=False, max_length=120)
    urgency = forms.TypedChoiceField(
        label=_("How urgent is it?"), choices=Urgency.choices, coerce=int, widget=forms.RadioSelect
    )
    reporter_contact = forms.CharField(
        label=_("How can the desk reach you?"),
        required=False,
        max_length=254,
        help_text=_("A mobile or e-mail, only for questions and the answer. It is not shown."),
    )

    def __init__(self, *args, signed_in: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = _choices(registry.fields())
        self.fields["governorate"].choices = _choices(registry.governorates())
        if signed_in:
            del self.fields["reporter_contact"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("people_estimate") and not cleaned.get("estimate_basis"):
            self.add_error("estimate_basis", _g("Say in a few words where the number comes from."))
        return cleaned

    def values(self) -> dict:
        """The command's arguments; call on a valid form."""
        cleaned = dict(self.cleaned_data)
        cleaned["field"] = _by_code(registry.fields(), cleaned["field"])
        cleaned["governorate"] = _by_code(registry.governorates(), cleaned["governorate"])
        return cleaned


class DecisionForm(forms.Form):
    """The desk's answer to a reported need."""

    ANSWERS = [
        ("validate", _("Validate it: it becomes public and can be answered")),
        ("merge", _("It is the same as another need")),
        ("reject", _("Not taken up, with a reason")),
    ]
    answer = forms.ChoiceField(label=_("Answer"), choices=ANSWERS, widget=forms.RadioSelect)
    into = forms.ChoiceField(label=_("The same as"), required=False)
    words = forms.CharField(
        label=_("Reason, in a sentence the reporter will read"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, alike, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", "—"), *((n.pk, f"{n.code} · {n.title}") for n in alike)]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == "merge" and not cleaned.get("into"):
            self.add_error("into", _g("Choose the need it is the same as."))
        if cleaned.get("answer") == "reject" and not cleaned.get("words"):
            self.add_error("words", _g("Tell who reported it why, in a sentence."))
        return cleaned


def _choices(rows) -> list[tuple[str, str]]:
    return [("", "—"), *((row.code, row.name) for row in rows)]


def _by_code(rows, code: str):
    return next(row for row in rows if row.code == code)

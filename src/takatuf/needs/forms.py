"""Turning what was typed into values a command accepts."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.explain import explain
from takatuf.kernel.fields import WesternIntegerField
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.text.phones import to_e164
from takatuf.kernel.text.problems import Unreadable
from takatuf.needs.enums import TargetGroup, Urgency
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS

MOST_PEOPLE = 1_000_000
# What people write around a number that is asked for "about"; folded as ``normalise`` folds.
AROUND = frozenset([
    "تقريبا", "حوالي", "نحو", "قرابه", "ما", "يقارب", "شخص", "شخصا", "اشخاص", "فرد", "فردا",
    "افراد", "نسمه", "about", "around", "approx", "approximately", "some", "roughly", "nearly",
    "people", "persons", "person",
])  # fmt: skip


class AboutField(WesternIntegerField):
    """How many people, about: the number is read out of “٤٥٠ تقريبًا” and “~450”."""

    def to_python(self, value):
        words = normalise(str(value or "")).replace("~", " ").replace("≈", " ").split()
        number = " ".join(w for w in words if w.strip(".،,") not in AROUND)
        # Words around no number are no number, rather than nothing.
        return super().to_python(number or value)


class NeedForm(forms.Form):
    """What is needed: who, where, how many, how urgent."""

    on_behalf_of = forms.ChoiceField(label=_("Reported by"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("What is needed?"),
        max_length=120,
        min_length=8,
        help_text=_(
            "One line that names the work, such as “visits to older people who live alone”."
        ),
    )
    description = forms.CharField(
        label=_("What happens today, and what would be different?"),
        max_length=3000,
        min_length=20,
        widget=forms.Textarea({"rows": 4}),
    )
    target_group = forms.ChoiceField(
        label=_("Who needs it?"), choices=[("", _("Choose")), *TargetGroup.choices]
    )
    field = forms.ChoiceField(label=_("Field of work"))
    governorate = forms.ChoiceField(label=_("Governorate"))
    place = forms.CharField(label=_("Centre or district"), required=False, max_length=120)
    people_estimate = AboutField(
        label=_("How many people, about?"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
    )
    estimate_basis = forms.CharField(
        label=_("How is the number known?"),
        required=False,
        max_length=200,
        help_text=_(
            "Needed once a number is given. A list, a survey, your own estimate: any is fine."
        ),
    )
    urgency = forms.TypedChoiceField(
        label=_("How urgent is it?"),
        choices=Urgency.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    reporter_contact = forms.CharField(
        label=_("Where should the answer go?"),
        required=False,
        max_length=254,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "email"}),
        help_text=_(
            "A mobile or e-mail, only for questions and the answer. It is not shown, and is "
            "deleted with the last answer."
        ),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = _choices(registry.fields())
        self.fields["governorate"].choices = _choices(registry.governorates())
        self.bodies = registry.bodies_where(person, MANAGERS)
        if self.bodies:
            self.fields["on_behalf_of"].choices = [
                *((body.code, body.name) for body in self.bodies),
                ("me", gettext("Myself")),
            ]
            self.fields["on_behalf_of"].initial = self.bodies[0].code
        else:
            del self.fields["on_behalf_of"]
        if person.is_authenticated:
            del self.fields["reporter_contact"]

    def clean_reporter_contact(self):
        typed = self.cleaned_data["reporter_contact"]
        if not typed:
            return ""
        if "@" in typed:
            validate_email(typed)
            return typed.lower()
        try:
            return to_e164(typed, mobile=True)
        except Unreadable as problem:
            raise ValidationError(explain(problem)) from problem

    def clean(self):
        cleaned = super().clean()
        # Also where the number itself could not be read: both are said at once.
        if self["people_estimate"].data and not cleaned.get("estimate_basis"):
            self.add_error(
                "estimate_basis", gettext("Say in a few words where the number comes from.")
            )
        return cleaned

    def values(self) -> dict:
        """The command's arguments; call on a valid form."""
        cleaned = dict(self.cleaned_data)
        cleaned["field"] = _by_code(registry.fields(), cleaned["field"])
        cleaned["governorate"] = _by_code(registry.governorates(), cleaned["governorate"])
        chosen = cleaned.pop("on_behalf_of", "")
        cleaned["body"] = next((body for body in self.bodies if body.code == chosen), None)
        return cleaned


class DecisionForm(forms.Form):
    """The desk's answer to a reported need."""

    ANSWERS = [
        ("validate", _("Validate it: it becomes public and can be answered")),
        ("merge", _("It is the same as another need")),
        ("reject", _("Not taken up, with a reason")),
    ]
    answer = forms.ChoiceField(
        label=_("Decision"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers.")},
    )
    people_estimate = AboutField(
        label=_("How many people, about?"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
    )
    estimate_basis = forms.CharField(
        label=_("Where the number comes from"), required=False, max_length=200
    )
    into = forms.ChoiceField(label=_("The same as"), required=False)
    words = forms.CharField(
        label=_("Reason, in a sentence the reporter will read"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, need, alike, **kwargs):
        kwargs.setdefault("initial", {}).update(
            people_estimate=need.people_estimate, estimate_basis=need.estimate_basis
        )
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [
            ("", _("Choose")),
            *((row.pk, _named(row)) for row in alike),
        ]
        if not alike:
            self.fields["into"].help_text = _("No open need of this governorate is like it.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == "merge" and not cleaned.get("into"):
            self.add_error("into", gettext("Choose the need it is the same as."))
        if cleaned.get("answer") == "reject" and not cleaned.get("words"):
            self.add_error("words", gettext("Tell who reported it why, in a sentence."))
        return cleaned


def _named(need) -> str:
    words = f"{need.code} · {need.title}"
    return gettext("%(need)s (waits too)") % {"need": words} if need.waits else words


class CloseForm(forms.Form):
    """Nothing more is needed."""

    answer = forms.CharField(
        label=_("What came of it, in a sentence everybody may read"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


def _choices(rows) -> list[tuple[str, str]]:
    return [("", _("Choose")), *((row.code, row.name) for row in rows)]


def _by_code(rows, code: str):
    return next(row for row in rows if row.code == code)

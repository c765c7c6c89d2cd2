"""The studio's steps. A draft is saved as it is; what cannot be read is named."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.fields import WesternDecimalField, WesternIntegerField
from takatuf.opportunities.commands import AMENDABLE
from takatuf.opportunities.enums import EDITABLE, Class, GenderRule, Mode, Support, Way
from takatuf.opportunities.models import Opportunity
from takatuf.registry import queries as registry
from takatuf.registry.enums import LANGUAGES_SPOKEN, STAFF_ROLES, Role

# Of the languages volunteers name, those that work here asks for.
LANGUAGES = [
    (code, dict(LANGUAGES_SPOKEN)[code])
    for code in ("ar", "en", "ur", "id", "tr", "fr", "sgn-sa")
]
MOST_TASKS, LONGEST_TASK = 20, 200
SUPERVISORS = (*STAFF_ROLES, Role.TEAM_LEADER)


class LinesField(forms.CharField):
    """One thing a line → a list without blank lines."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in str(value or "").splitlines()]
        return [line for line in lines if line]

    def validate(self, value: list[str]) -> None:
        if len(value) > MOST_TASKS:
            raise forms.ValidationError(
                _("Keep to twenty tasks: join those that belong together.")
            )
        if any(len(line) > LONGEST_TASK for line in value):
            raise forms.ValidationError(_("Keep each task to one short line."))

    def run_validators(self, value: list[str]) -> None:
        """The lines were looked at one by one."""


class StepForm(forms.Form):
    """One step. ``changes`` is what ``commands.save_step`` takes."""

    title_of_step: ClassVar[Any] = ""
    related: ClassVar[tuple[str, ...]] = ()  # fields whose value is a row: saved by its key
    optional: ClassVar[frozenset[str]] = frozenset()  # what a good opportunity may do without
    use_required_attribute = False

    def __init__(self, opportunity: Opportunity, data=None):
        self.opportunity = opportunity
        stored = {name: self._stored(opportunity, name) for name in self.base_fields}
        super().__init__(data, initial=stored)
        for name, field in self.fields.items():
            field.required = name in self.wanted_of(opportunity)
            # What people signed up for stays as published: shown, not to be changed.
            field.disabled = opportunity.status not in EDITABLE and not (
                {name, f"{name}_id"} & AMENDABLE
            )
        self.prepare()

    def full_clean(self) -> None:
        """A draft may lack anything: the gate, not the form, says what is still missing."""
        wanted = {field: field.required for field in self.fields.values()}
        for field in wanted:
            field.required = False
        super().full_clean()
        for field, required in wanted.items():
            field.required = required

    @classmethod
    def wanted_of(cls, opportunity: Opportunity) -> set[str]:  # noqa: ARG003 - of one kind of step
        """The fields a good opportunity of this kind does not do without."""
        return set(cls.base_fields) - cls.optional

    @classmethod
    def is_filled(cls, opportunity: Opportunity) -> bool:
        """Nothing it wants is missing from what is stored; no query."""
        return all(cls._stored(opportunity, name) for name in cls.wanted_of(opportunity))

    @classmethod
    def _stored(cls, opportunity: Opportunity, name: str) -> Any:
        return getattr(opportunity, f"{name}_id" if name in cls.related else name)

    def prepare(self) -> None:
        """Choices that depend on the opportunity."""

    def changes(self) -> dict[str, Any]:
        """Column → value of every field that was sent and could be read."""
        self.is_valid()
        found = {}
        for name, value in self.cleaned_data.items():
            if self.fields[name].disabled or not self._was_sent(name):
                continue
            if name in self.related:
                found[f"{name}_id"] = value.pk if value else None
            elif value is None and not Opportunity._meta.get_field(name).null:
                continue  # an emptied number keeps its last value
            else:
                found[name] = value
        return found

    def _was_sent(self, name: str) -> bool:
        """A browser sends no unticked boxes, so a form without them has them empty."""
        boxes = isinstance(self.fields[name], forms.BooleanField | forms.MultipleChoiceField)
        return boxes or self.add_prefix(name) in self.data


class WorkForm(StepForm):
    title_of_step = _("The work")
    related = ("field",)
    optional = frozenset({"gains"})

    title = forms.CharField(
        label=_("Title"), max_length=120,
        help_text=_("Name the work and for whom: “Packing food baskets for families”."),
    )  # fmt: skip
    klass = forms.ChoiceField(label=_("Class"), choices=Class.choices, widget=forms.RadioSelect)
    field = forms.ModelChoiceField(label=_("Field of work"), queryset=None)
    mode = forms.ChoiceField(label=_("Mode"), choices=Mode.choices, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("Why is it needed?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two sentences: what changes for people when this is done."),
    )  # fmt: skip
    beneficiaries = forms.CharField(label=_("Who benefits?"), max_length=200)
    tasks = LinesField(
        label=_("Tasks"), help_text=_("One task a line, at least three: what people will do.")
    )
    gains = forms.CharField(
        label=_("What does the volunteer gain?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["field"].queryset = registry.fields()
        self.fields["field"].empty_label = _("Choose the field")


class PeopleForm(StepForm):
    title_of_step = _("People and rules")
    related = ("supervisor", "team", "unit")
    optional = frozenset(
        {"max_age", "gender_reason", "languages", "unit", "team", "accessible", "minors_ready"}
    )

    way = forms.ChoiceField(
        label=_("How do people join?"), choices=Way.choices, widget=forms.RadioSelect
    )
    min_age = WesternIntegerField(label=_("From age"), min_value=6, max_value=99)
    max_age = WesternIntegerField(label=_("To age"), min_value=6, max_value=120)
    minors_ready = forms.BooleanField(
        label=_("We keep to the covenant that each volunteer under 18 signs"),
        help_text=_(
            "Needed only where people under 18 may join. Takatuf asks the guardian for "
            "consent first, then the volunteer for the signature, and keeps both."
        ),
    )
    gender_rule = forms.ChoiceField(
        label=_("Who may join?"), choices=GenderRule.choices, widget=forms.RadioSelect
    )
    gender_reason = forms.CharField(
        label=_("Lawful reason"), max_length=200,
        help_text=_("Only where not everybody may join; shown to everybody."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages everybody needs"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    accessible = forms.BooleanField(label=_("Suits wheelchair users"))
    supervisor = forms.ModelChoiceField(label=_("Supervisor"), queryset=None)
    supervisor_role = forms.CharField(label=_("The supervisor's post"), max_length=120)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=None)
    team = forms.ModelChoiceField(label=_("Team that carries it out"), queryset=None)
    unpaid = forms.BooleanField(label=_("This is volunteer work, not a paid post"))

    def prepare(self) -> None:
        body = self.opportunity.body
        holders = registry.holders_of(body, SUPERVISORS)
        people = self.fields["supervisor"]
        person = Opportunity._meta.get_field("supervisor").related_model
        people.queryset = person._base_manager.filter(pk__in=holders.values("person_id"))
        people.empty_label = _("Choose a person of your body")
        self.fields["unit"].queryset = registry.units_of(body)
        self.fields["unit"].empty_label = _("The whole body")
        self.fields["unit"].label_from_instance = lambda unit: unit.name
        self.fields["team"].queryset = body.teams.filter(status="active").order_by(
            "name_sort_key"
        )
        self.fields["team"].empty_label = _("No team")

    def clean(self):
        cleaned = super().clean()
        least, most = cleaned.get("min_age"), cleaned.get("max_age")
        if least is not None and most is not None and most < least:
            self.add_error("max_age", _("The upper age cannot be below the lower one."))
        if cleaned.get("gender_rule") not in ("", None, GenderRule.ANYONE) and not cleaned.get(
            "gender_reason"
        ):
            cleaned.pop("gender_rule")
            self.add_error("gender_reason", _("Say which lawful reason limits who may join."))
        return cleaned


class PlaceForm(StepForm):
    """When and where; the shifts themselves have forms of their own."""

    title_of_step = _("Shifts and place")
    related = ("governorate",)
    optional = frozenset({"latitude", "longitude"})

    @classmethod
    def wanted_of(cls, opportunity: Opportunity) -> set[str]:
        """What is done from anywhere has no place."""
        nowhere = {"governorate", "place"} if opportunity.mode == Mode.REMOTE else set()
        return super().wanted_of(opportunity) - nowhere

    hours_estimate = WesternDecimalField(
        label=_("Hours of all shifts together"), min_value=0, max_value=9999, max_digits=6,
        decimal_places=1,
        help_text=_("Number of shifts × length of each; the quality gate compares."),
    )  # fmt: skip
    governorate = forms.ModelChoiceField(label=_("Governorate"), queryset=None)
    place = forms.CharField(label=_("Place"), max_length=160)
    latitude = WesternDecimalField(
        label=_("Latitude"), min_value=16, max_value=33, max_digits=8, decimal_places=5,
        help_text=_(
            "From a map, such as 28.38355. Left empty, the governorate's "
            "centre is shown."
        ),
    )  # fmt: skip
    longitude = WesternDecimalField(
        label=_("Longitude"), min_value=34, max_value=56, max_digits=8, decimal_places=5
    )

    def prepare(self) -> None:
        self.fields["governorate"].queryset = registry.governorates()
        self.fields["governorate"].empty_label = _("Choose the governorate")

    def clean(self):
        cleaned = super().clean()
        pair = [cleaned.get(name) for name in ("latitude", "longitude")]
        sent = all(self._was_sent(name) for name in ("latitude", "longitude"))
        if (pair[0] is None) != (pair[1] is None) or not sent:
            for name in ("latitude", "longitude"):
                cleaned.pop(name, None)
            if sent and "latitude" not in self.errors and "longitude" not in self.errors:
                self.add_error("longitude", _("Give both coordinates, or neither."))
        return cleaned


class SupportForm(StepForm):
    title_of_step = _("Support and safety")

    support = forms.MultipleChoiceField(
        label=_("What do you give the volunteers?"), choices=Support.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    safety = forms.CharField(
        label=_("Safety"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What could happen, and what you do about it: gear, first aid, whom to "
            "call."
        ),
    )  # fmt: skip
    training = forms.CharField(
        label=_("Training or briefing"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it covers, how long it takes, when it is."),
    )  # fmt: skip

    def clean_support(self) -> list[str]:
        chosen = self.cleaned_data["support"]
        if Support.NONE in chosen and len(chosen) > 1:
            return [value for value in chosen if value != Support.NONE]
        return chosen


STEPS: dict[str, type[StepForm] | None] = {
    "work": WorkForm, "people": PeopleForm, "shifts": PlaceForm, "support": SupportForm,
    "review": None,
}  # fmt: skip


def step_form(name: str, opportunity: Opportunity, data=None) -> StepForm | None:
    form = STEPS[name]
    return form(opportunity, data) if form else None

"""What people type about places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.fields import DateField, RowsField, StepField, WesternIntegerField
from takatuf.placement.commands import Scope
from takatuf.placement.enums import DeclineReason
from takatuf.placement.rounds.settings import PLAIN, SETTINGS
from takatuf.registry.enums import PROVABLE, Basis, SkillLevel


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("The unit reads it."),
    )


class SwapForm(forms.Form):
    """Shifts somebody would come to in exchange for their own."""

    accepts = forms.TypedMultipleChoiceField(
        label=_("Instead, I would come to"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one shift.")},
    )

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accepts"].choices = choices


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


class RoundForm(forms.Form):
    """Which places a matching round fills, who takes part, and what counts how much.

    :param bodies: to choose among; None for a body's own round.
    :param governorates: to choose among.
    :param options: the settings so far; a value without a word of its own is a choice too.
    """

    first_day = DateField(
        label=_("First day"), error_messages={"required": _("Write the first day.")}
    )
    last_day = DateField(
        label=_("Last day"),
        help_text=_("Four weeks after the first at most."),
        error_messages={"required": _("Write the last day.")},
    )
    governorates = RowsField(
        label=_("Where"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everywhere."),
    )
    bodies = RowsField(
        label=_("Whose shifts"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: those of every body."),
    )
    all_ways = forms.BooleanField(
        label=_("Fill free seats of open opportunities and those by request too"),
        required=False,
    )
    with_agreed = forms.BooleanField(
        label=_("Beside those who asked, propose those who agreed to be proposed"),
        required=False,
    )
    passes_on = forms.BooleanField(
        label=_("Offer a seat given up to the next at once, without another approval"),
        required=False,
    )

    def __init__(self, *args, bodies, governorates, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["governorates"].queryset = governorates
        if bodies is None:
            del self.fields["bodies"]
        else:
            self.fields["bodies"].queryset = bodies
        self.fields |= plain_fields(options)
        for name, setting in SETTINGS.items():
            if name not in PLAIN:
                self.fields[name] = WesternIntegerField(
                    label=setting.title,
                    help_text=setting.explanation,
                    initial=options[name],
                )

    def scope(self) -> Scope:
        given = self.cleaned_data
        names = (
            "first_day",
            "last_day",
            "governorates",
            "all_ways",
            "with_agreed",
            "passes_on",
        )
        return Scope(bodies=given.get("bodies", ()), **{name: given[name] for name in names})

    def options(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in SETTINGS}

    @property
    def plain(self) -> list:
        """The settings everybody is asked."""
        return [self[name] for name in PLAIN]

    @property
    def more(self) -> list:
        """The other settings."""
        return [self[name] for name in SETTINGS if name not in PLAIN]

    @property
    def narrowed(self) -> bool:
        """Some bodies are ticked, so that their list should stand open."""
        return "bodies" in self.fields and bool(self["bodies"].value())

    @property
    def more_is_wrong(self) -> bool:
        return any(bound.errors for bound in self.more)


class TrialForm(forms.Form):
    """Sharing out, stability and nearness, as words; the plan's own values to begin with."""

    def __init__(self, *args, options, names, **kwargs):
        super().__init__(*args, **kwargs)
        fields = plain_fields(options)
        self.fields |= {name: fields[name] for name in names}

    def options(self) -> dict[str, int]:
        return dict(self.cleaned_data)


def plain_fields(options) -> dict[str, forms.Field]:
    """A choice of words for each setting everybody is asked."""
    found: dict[str, forms.Field] = {}
    for name, plain in PLAIN.items():
        choices = dict(plain.choices)
        choices.setdefault(options[name], options[name])
        found[name] = StepField(
            label=plain.title, help_text=plain.question, initial=options[name],
            choices=sorted(choices.items()),
        )  # fmt: skip
    return found

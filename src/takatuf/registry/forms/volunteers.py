"""Volunteers about themselves, and what they can do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.accounts import queries as accounts
from takatuf.kernel.fields import (
    DateField,
    RowsField,
    WesternCharField,
    WesternDecimalField,
    WesternIntegerField,
)
from takatuf.kernel.text.arabic import normalise
from takatuf.registry import queries
from takatuf.registry.commands import Preferences
from takatuf.registry.enums import (
    LANGUAGES_SPOKEN,
    MOST_SUGGESTIONS,
    WEEKDAYS,
    PartOfDay,
    SkillLevel,
)
from takatuf.registry.forms.bodies import ContactField


class WelcomeForm(forms.Form):
    """The last step of joining."""

    governorate = forms.ModelChoiceField(
        label=_("Where do you live?"),
        queryset=None,
        error_messages={"required": _("Choose the governorate you live in.")},
    )
    interests = RowsField(
        label=_("What do you care for?"),
        help_text=_("Choose three or more; they can be changed at any time."),
        queryset=None,
        error_messages={"required": _("Choose at least three interests.")},
        widget=forms.CheckboxSelectMultiple,
    )
    charter = forms.BooleanField(
        label=_("I have read the volunteer charter and accept it"),
        error_messages={"required": _("Accept the charter to go on.")},
    )

    def __init__(self, *args, charter, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["governorate"].queryset = queries.governorates()
        self.fields["governorate"].empty_label = _("Choose")
        self.fields["interests"].queryset = queries.fields()
        if charter is None:
            del self.fields["charter"]

    def clean_interests(self):
        chosen = self.cleaned_data["interests"]
        if len(chosen) < 3:  # noqa: PLR2004 - as the help says
            raise forms.ValidationError(_("Choose at least three interests."))
        return chosen


class PreferencesForm(forms.Form):
    """Place and time. The home point is optional, and says why it is asked."""

    governorate = forms.ModelChoiceField(label=_("Governorate"), queryset=None)
    reach_km = WesternIntegerField(
        label=_("How far you would go, in km"), min_value=1, max_value=1000
    )
    weekly_hours = WesternIntegerField(
        label=_("Hours a week at most"),
        min_value=1,
        max_value=40,
        help_text=_("Nobody is placed beyond it."),
    )
    suggestions_a_week = WesternIntegerField(
        label=_("Suggestions a week at most"),
        min_value=0,
        max_value=MOST_SUGGESTIONS,
        help_text=_(
            "How many places “For you” shows, and how many messages a week ask you to stand in "
            "or swap. 0: none. News of your own places always reaches you."
        ),
    )
    latitude = WesternDecimalField(label=_("Latitude of home"), required=False)
    longitude = WesternDecimalField(label=_("Longitude of home"), required=False)
    use_centre = forms.BooleanField(label=_("Use the centre of my governorate"), required=False)
    interests = RowsField(
        label=_("Interests"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label=_("About me"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the bodies whose opportunities you ask to join."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["governorate"].queryset = queries.governorates()
        self.fields["governorate"].empty_label = _("Choose")
        self.fields["interests"].queryset = queries.fields()

    def clean(self):
        given = super().clean()
        one, other = given.get("latitude"), given.get("longitude")
        if (one is None) != (other is None) and not self.errors:
            self.add_error("latitude", _("Give both latitude and longitude, or neither."))
        return given

    def preferences(self) -> Preferences:
        given = self.cleaned_data
        home = None
        if given["use_centre"]:
            home = (given["governorate"].latitude, given["governorate"].longitude)
        elif given["latitude"] is not None:
            home = (given["latitude"], given["longitude"])
        return Preferences(
            governorate=given["governorate"], reach_km=given["reach_km"],
            weekly_minutes=60 * given["weekly_hours"], about=given["about"], home=home,
            suggestions_a_week=given["suggestions_a_week"],
        )  # fmt: skip


class AvailabilityForm(forms.Form):
    """Seven days by three parts of the day; values are ``weekday-part``."""

    free = forms.MultipleChoiceField(
        label=_("When are you usually free?"),
        required=False,
        choices=[
            (f"{day}-{part}", f"{day}-{part}")
            for day, _name in WEEKDAYS
            for part in PartOfDay.values
        ],
    )

    def grid(self) -> list[tuple[int, str]]:
        cells = (value.split("-", 1) for value in self.cleaned_data["free"])
        return [(int(day), part) for day, part in cells]


class SkillsForm(forms.Form):
    """A level for each skill the volunteer has; the rest stays on "no"."""

    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"),
        choices=LANGUAGES_SPOKEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, skills, held: dict[int, int] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.skills = {skill.pk: skill for skill in skills}
        levels = [("", _("No")), *SkillLevel.choices]
        for skill in self.skills.values():
            self.fields[f"skill_{skill.pk}"] = forms.TypedChoiceField(
                label=skill.name, choices=levels, coerce=int, required=False,
                initial=(held or {}).get(skill.pk, ""),
            )  # fmt: skip

    def groups(self, words: str = ""):
        """(field of work, its bound fields, how many are set, whether words name one).

        Those the words name come first.
        """
        wanted = normalise(words).split()
        by_field: dict[str, list] = {}
        for skill in self.skills.values():
            by_field.setdefault(skill.field.name, []).append((self[f"skill_{skill.pk}"], skill))
        found = [
            (name, rows, sum(1 for bound, _skill in rows if bound.value()),
             bool(wanted) and any(_names(skill, wanted) for _bound, skill in rows))
            for name, rows in by_field.items()
        ]  # fmt: skip
        return sorted(found, key=lambda group: not group[3])

    def levels(self) -> dict:
        chosen = ((pk, self.cleaned_data[f"skill_{pk}"]) for pk in self.skills)
        return {self.skills[pk]: level for pk, level in chosen if level}


def _names(skill, wanted: list[str]) -> bool:
    known = normalise(f"{skill.name_ar} {skill.name_en} {skill.field.name}")
    return all(word in known for word in wanted)


class LicenceForm(forms.Form):
    """A professional licence the desk has read. ``contact`` becomes the person."""

    contact = ContactField(label=_("The volunteer's e-mail or mobile"))
    skill = forms.ModelChoiceField(label=_("Skill"), queryset=None, empty_label=_("Choose"))
    level = forms.TypedChoiceField(
        label=_("Level"), choices=SkillLevel.choices, coerce=int, widget=forms.RadioSelect
    )
    words = WesternCharField(
        label=_("Professional licence"),
        max_length=250,
        help_text=_("Its number and who gave it."),
    )
    valid_until = DateField(label=_("Last valid day"))

    def __init__(self, *args, skills, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = skills

    def clean_contact(self):
        person = accounts.person_who_proved(self.cleaned_data["contact"])
        if person is None:
            raise forms.ValidationError(_("No volunteer signs in with this. Check it."))
        return person

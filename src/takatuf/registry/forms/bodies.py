"""Bodies, offices, teams and concerns."""

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.evidence import CannotKeep, check_file
from takatuf.kernel.fields import (
    NameField,
    PhoneField,
    WesternCharField,
    refused,
)
from takatuf.kernel.text.arabic import is_arabic
from takatuf.kernel.text.phones import to_e164
from takatuf.kernel.text.problems import Unreadable
from takatuf.registry import queries
from takatuf.registry.commands import VERIFIED_DETAILS, BodyDetails
from takatuf.registry.enums import (
    Role,
    Sector,
)
from takatuf.registry.models import Body, Concern


class ContactField(forms.CharField):
    """An e-mail address or a mobile number, as ``outbox.send`` takes them."""

    def __init__(self, **options):
        super().__init__(max_length=254, **options)
        self.widget.attrs.setdefault("dir", "ltr")

    def clean(self, value):
        typed = super().clean(value).strip()
        if not typed:
            return ""
        if "@" in typed:
            validate_email(typed)
            return typed.lower()
        try:
            return to_e164(typed, mobile=True)
        except Unreadable as problem:
            raise refused(problem) from problem


class BodyForm(forms.Form):
    """A body about itself."""

    name_ar = NameField(label=_("Name in Arabic"), max_length=160)
    name_en = NameField(label=_("Name in English"), max_length=160, required=False)
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=Sector.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "A private firm may partner, give and lend staff; it cannot publish volunteer "
            "work that serves its profit."
        ),
    )
    licence_number = WesternCharField(
        label=_("Licence number"),
        max_length=40,
        required=False,
        help_text=_(
            "Licence or commercial register. A government body or a school may leave it empty."
        ),
    )
    governorate = forms.ModelChoiceField(label=_("Governorate"), queryset=None)
    about = forms.CharField(
        label=_("About the body"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What it does, for whom. Shown on its public page."),
    )
    contact_email = forms.EmailField(
        label=_("The body's e-mail"), widget=forms.EmailInput(attrs={"dir": "ltr"})
    )
    contact_phone = PhoneField(label=_("The body's phone"), required=False, mobile=False)
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )  # fmt: skip

    def __init__(self, *args, verified: bool = False, **kwargs):
        """:param verified: the desk has seen name, sector and licence: they are only shown."""
        super().__init__(*args, **kwargs)
        self.fields["governorate"].queryset = queries.governorates()
        self.fields["governorate"].empty_label = _("Choose")
        for name in VERIFIED_DETAILS if verified else ():
            self.fields[name].disabled = True

    def clean_name_ar(self):
        """A verified name stays as it is: it cannot be changed here."""
        name, field = self.cleaned_data["name_ar"], self.fields["name_ar"]
        if not field.disabled and not is_arabic(name):
            raise forms.ValidationError(
                _("Write the name in Arabic letters here; in English it has its own field.")
            )
        return name

    def clean(self):
        given = super().clean()
        needs = given.get("sector") in (Sector.NON_PROFIT, Sector.PRIVATE)
        if needs and "licence_number" in given and not given["licence_number"]:
            self.add_error(
                "licence_number", _("Non-profits and firms give the number they are known by.")
            )
        return given

    def details(self) -> BodyDetails:
        """What it says of itself; the proof a new body adds is none of it."""
        given = {name: self.cleaned_data[name] for name in BodyForm.base_fields}
        return BodyDetails(**given | {"contact_phone": given["contact_phone"] or ""})


class ShowsLicence(forms.Form):
    """A body shows its licence, to the desk alone."""

    licence_file = forms.FileField(
        label=_("Licence or register, as a file"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 5 MB. Only the regional desk sees it."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    licence_link = forms.URLField(
        label=_("Or where it can be looked up"),
        required=False,
        assume_scheme="https",
        help_text=_("The address of the licence in a public register."),
    )

    def clean_licence_file(self):
        file = self.cleaned_data["licence_file"]
        if file:
            try:
                check_file(file)
            except CannotKeep as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return file or None


class LicenceOfBodyForm(ShowsLicence):
    pass


class NewBodyForm(BodyForm, ShowsLicence):
    """A body that registers itself."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class UnitForm(forms.Form):
    name = NameField(label=_("Name of the unit"), max_length=120)


class InvitationForm(forms.Form):
    """An office and whom to ask."""

    role = forms.ChoiceField(label=_("Office"), widget=forms.RadioSelect)
    contact = ContactField(label=_("E-mail or mobile"))
    team = forms.ModelChoiceField(
        label=_("Team, for a team leader"), queryset=None, required=False
    )

    def __init__(self, *args, roles: list[str], teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]
        self.fields["team"].queryset = teams
        self.fields["team"].empty_label = _("Choose")
        if Role.TEAM_LEADER not in roles:
            del self.fields["team"]
        elif len(roles) == 1:  # nothing to choose, and so nothing that may be left out
            self.fields["role"].initial = Role.TEAM_LEADER
            self.fields["team"].label = _("Team")
            self.fields["team"].required = True
            self.fields["team"].error_messages["required"] = _("Choose the team to be led.")

    def clean(self):
        given = super().clean()
        lacks_team = given.get("role") == Role.TEAM_LEADER and not given.get("team")
        if lacks_team and "team" not in self.errors:
            self.add_error("team", _("Choose the team to be led."))
        return given


class TeamForm(forms.Form):
    name = NameField(label=_("Team name"), max_length=120)
    governorate = forms.ModelChoiceField(label=_("Governorate"), queryset=None)
    field = forms.ModelChoiceField(label=_("Field of work"), queryset=None, required=False)
    about = forms.CharField(
        label=_("About the team"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, editing: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["governorate"].queryset = queries.governorates()
        self.fields["governorate"].empty_label = _("Choose")
        self.fields["field"].queryset = queries.fields()
        self.fields["field"].empty_label = _("Choose")
        if editing:
            del self.fields["name"], self.fields["governorate"]


class ConcernForm(forms.Form):
    """What happened; everything else is optional."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Concern.Kind.choices,
        error_messages={"required": _("Choose what it is about; the last one fits anything.")},
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What happened?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what happened; a few words are enough.")},
        help_text=_("Where, when, who was there. Only people outside the body read it."),
    )
    about_body = forms.ModelChoiceField(
        label=_("Which body is it about?"), queryset=None, required=False
    )
    anonymous = forms.BooleanField(label=_("Do not keep my name"), required=False)
    contact = ContactField(
        label=_("Where can we answer you?"),
        required=False,
        help_text=_("E-mail or mobile. Without it, follow with the number and code."),
    )
    page = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, signed_in: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about_body"].queryset = Body.objects.exclude(status="closed").order_by(
            "name_sort_key"
        )
        self.fields["about_body"].empty_label = _("No body, or I do not know")
        if not signed_in:
            del self.fields["anonymous"]


class FollowForm(forms.Form):
    number = WesternCharField(
        label=_("Number"),
        max_length=20,
        help_text=_("Such as C-2026-00001"),
        error_messages={"required": _("Write the number of the report.")},
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    code = WesternCharField(
        label=_("Code"),
        max_length=20,
        help_text=_("It was shown once, when the report was sent."),
        error_messages={"required": _("Write the code you noted.")},
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("The answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )

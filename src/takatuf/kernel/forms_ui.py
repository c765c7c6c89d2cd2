"""The form of the `/ui/` page: every kind of field, empty and with errors."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from takatuf.kernel import widgets
from takatuf.kernel.fields import StepField

PLACES = [("tabuk", _("Tabuk")), ("duba", _("Duba")), ("umluj", _("Umluj"))]
WAYS = [("field", _("On site")), ("remote", _("Remotely")), ("both", _("Either"))]

WORDS = (
    pgettext_lazy("weight", "Does not count"),
    pgettext_lazy("weight", "Counts a little"),
    pgettext_lazy("weight", "Counts as usual"),
    pgettext_lazy("weight", "Counts much"),
    pgettext_lazy("weight", "Counts most of all"),
)
STEPS = list(enumerate(WORDS, start=1))


class SpecimenForm(forms.Form):
    """Bound with little, it shows what a refused form looks like."""

    title = forms.CharField(
        label=_("Title"), help_text=_("Say the work, not the campaign: what is done, for whom.")
    )
    mail = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(
        label=_("Mobile number"), widget=widgets.PhoneInput(),
        help_text=_("Any spelling; Arabic digits too."),
    )  # fmt: skip
    day = forms.DateField(label=_("Day"), widget=widgets.DayInput())
    place = forms.ChoiceField(label=_("Governorate"), choices=PLACES)
    story = forms.CharField(label=_("Why it matters"), widget=forms.Textarea(), required=False)
    way = forms.ChoiceField(label=_("How"), choices=WAYS, widget=forms.RadioSelect())
    skills = forms.MultipleChoiceField(
        label=_("Places you can reach"), choices=PLACES, required=False,
        widget=forms.CheckboxSelectMultiple(),
    )  # fmt: skip
    free = forms.MultipleChoiceField(label=_("When you are free"), required=False)
    paper = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("PDF or photo, up to 5 MB.")
    )
    near = StepField(
        label=_("Near to home"),
        choices=STEPS,
        initial=3,
        help_text=_("That the way from home to the place is short."),
    )
    agreed = forms.BooleanField(label=_("The code of conduct has been read and accepted"))

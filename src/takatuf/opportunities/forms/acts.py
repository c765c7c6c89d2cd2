"""Small forms: a reason, a wish."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class WishForm(forms.Form):
    """Where to tell somebody who has no account."""

    email = forms.EmailField(label=_("E-mail"))

    def __init__(self, *args, narrow: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = (
            _("We write once to confirm, then only when something fits.")
            if narrow
            else _("We write once to confirm, then at each new opportunity.")
        )

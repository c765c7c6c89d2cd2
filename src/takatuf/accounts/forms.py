"""What people type, read kindly: any digits, either calendar, a mobile or an e-mail."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from takatuf.accounts import demo_factor, queries
from takatuf.accounts.enums import Channel, Gender, Relation
from takatuf.kernel.explain import explain
from takatuf.kernel.fields import (
    DateField,
    NameField,
    SaudiIdField,
    WesternCharField,
)
from takatuf.kernel.text.phones import pretty, to_e164
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.widgets import DigitsInput

CODE_LENGTH = 6


class ContactField(forms.CharField):
    """A mobile number or an e-mail address → E.164, or the address in small letters."""

    def __init__(self, **options):
        options.setdefault("max_length", 254)
        options.setdefault("label", _("Mobile or e-mail"))
        options.setdefault("help_text", _("Such as 0551234567 or name@example.com"))
        needed = _("Write a mobile number or an e-mail address.")
        options.setdefault("error_messages", {"required": needed})
        super().__init__(**options)
        # Cut at its length by the browser, an address would come without its "@".
        self.widget.attrs.pop("maxlength", None)
        self.widget.attrs |= {"dir": "ltr", "autocomplete": "username", "inputmode": "email",
                              "autocapitalize": "none", "spellcheck": "false"}  # fmt: skip

    def clean(self, value):
        if "@" in (value or ""):
            try:
                typed = super().clean(value)
                validate_email(typed)
            except ValidationError as error:
                raise ValidationError(
                    _("Write the whole e-mail address, such as name@example.com.")
                ) from error
            return typed.lower()
        typed = super().clean(value)
        if typed in self.empty_values:
            return ""
        try:
            return to_e164(typed, mobile=True)
        except Unreadable as problem:
            raise ValidationError(explain(problem), code=problem.kind) from problem

    def prepare_value(self, value):
        return pretty(value) if isinstance(value, str) and value.startswith("+") else value


class CodeField(WesternCharField):
    """Six digits as they arrived, typed in any script, with or without spaces."""

    def __init__(self, **options):
        options.setdefault("label", _("The code"))
        options.setdefault("max_length", 20)
        options.setdefault("error_messages", {"required": _("Write the six digits.")})
        options.setdefault(
            "widget", DigitsInput(attrs={"autocomplete": "one-time-code", "maxlength": "20"})
        )
        super().__init__(**options)

    def to_python(self, value):
        return "".join(str(super().to_python(value)).split())


class ContactForm(forms.Form):
    """The one entrance, and the new contact of an account."""

    contact = ContactField()


class CodeForm(forms.Form):
    code = CodeField(help_text=_("Six digits, in the message we have just sent."))

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not (code.isdecimal() and len(code) == CODE_LENGTH):
            raise ValidationError(_("The code has six digits."))
        return code


class NameForm(forms.Form):
    full_name = NameField(
        label=_("Full name"),
        help_text=_("First and family name, as they should stand on your certificates."),
        error_messages={"required": _("Write your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birth_date = DateField(
        label=_("Birth date"),
        help_text=_("Gregorian or Hijri: 28/01/2005 or 17/12/1425"),
        error_messages={"required": _("Write your birth date: day, month, year.")},
        widget=forms.TextInput(attrs={"autocomplete": "bday"}),
    )


class GuardianForm(forms.Form):
    guardian_name = NameField(
        label=_("The guardian's name"),
        error_messages={"required": _("Write the guardian's name.")},
    )
    relation = forms.ChoiceField(
        label=_("Relation"),
        choices=[("", _("Choose")), *Relation.choices],
        error_messages={"required": _("Choose what they are to you.")},
    )
    contact = ContactField(
        label=_("The guardian's mobile or e-mail"),
        help_text=_("We send them one link. Give their own, not yours."),
    )


class ConsentForm(forms.Form):
    """The guardian's answer, with the code that shows who answers."""

    code = CodeField(help_text=_("Six digits, in the message we have just sent you."))
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("give", _("I agree")), ("refuse", _("I do not agree"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two: you agree, or you do not.")},
    )


class ProfileForm(forms.Form):
    full_name = NameField(
        label=_("Full name"),
        help_text=_(
            "As it should stand on your next certificates. Those issued keep the name they "
            "have, and the name before stays in your account's history."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=[("ar", "العربية"), ("en", "English")]
    )
    channel = forms.ChoiceField(label=_("How to be told"), choices=Channel)
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[("", _("Not said")), *Gender.choices],
        required=False,
        help_text=_(
            "Only for opportunities that are for women or for men, each with its reason. "
            "It may stay unsaid until you want one of them."
        ),
    )


class BirthDateForm(forms.Form):
    birth_date = DateField(
        label=_("The right birth date"),
        help_text=_("Gregorian or Hijri: 28/01/2005 or 17/12/1425"),
    )
    reason = forms.CharField(label=_("Why it changes"), max_length=300)


class AcceptanceForm(forms.Form):
    seen = forms.CharField(
        label=_("How you made sure"),
        max_length=300,
        help_text=_("Such as: identity card seen at the desk. They read this sentence."),
    )


class FindPersonForm(forms.Form):
    """``contact`` becomes the person the desk looks for."""

    contact = ContactField(label=_("The person's mobile or e-mail"))

    def clean_contact(self):
        person = queries.person_who_proved(self.cleaned_data["contact"])
        if person is None:
            raise ValidationError(_("Nobody signs in with this. Check it."))
        return person


class IdentityForm(forms.Form):
    identity = SaudiIdField(
        label=_("National ID or residence number"),
        help_text=_("We keep the last three digits and a seal of the rest, never the number."),
    )


class RecoveryForm(forms.Form):
    claimed_contact = ContactField(label=_("The old mobile or e-mail of the account"))
    claimed_name = NameField(label=_("Full name"))
    birth_date = DateField(
        label=_("Birth date"),
        required=False,
        help_text=_("Gregorian or Hijri: 28/01/2005 or 17/12/1425"),
    )
    id_last_three = WesternCharField(
        label=_("Last three digits of the national ID"),
        max_length=3,
        required=False,
        widget=DigitsInput(),
        help_text=_("If the account has one."),
    )
    new_contact = ContactField(
        label=_("A mobile or e-mail you have now"), help_text=_("We send a code to it.")
    )
    lost_second_factor = forms.BooleanField(
        label=_("I have also lost my password or my authenticator app"), required=False
    )
    explanation = forms.CharField(
        label=_("What happened"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_id_last_three(self):
        digits = self.cleaned_data["id_last_three"].strip()
        if digits and not (digits.isdecimal() and len(digits) == 3):  # noqa: PLR2004
            raise ValidationError(_("Write three digits, or leave this empty."))
        return digits

    def clean(self):
        data = super().clean()
        if data.get("new_contact") and data["new_contact"] == data.get("claimed_contact"):
            self.add_error(
                "new_contact", _("This is the old one: if you still have it, sign in with it.")
            )
        return data


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"), max_length=300, help_text=_("They read this sentence.")
    )


# ---------------------------------------------------------------- allauth's forms, our fields
PASSWORD_WORDS = {
    "password": _("Password"),
    "oldpassword": _("Your current password"),
    "password1": _("The new password"),
    "password2": _("The new password once more"),
}


class OurWords:
    """Our labels and hints on allauth's password fields; placeholders would repeat them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in PASSWORD_WORDS.keys() & self.fields.keys():
            field = self.fields[name]
            field.label, field.help_text = PASSWORD_WORDS[name], ""
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _(
                "Twelve characters or more; a sentence only you know is best."
            )


class PasswordSignInForm(OurWords, allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = ContactField()
        self.order_fields(["login", "password"])


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    pass


class FirstPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    pass


class NewPasswordForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    pass


class PasswordAgainForm(OurWords, allauth_forms.ReauthenticateForm):
    pass


@contextmanager
def _of_a_browser() -> Iterator[None]:
    """What a passkey's browser never sends is a wrong code, however it is out of shape:
    the libraries that take it apart fail in as many ways as there are shapes.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError,
            struct.error, InvalidSignature) as problem:  # fmt: skip
        raise get_adapter().validation_error("incorrect_code") from problem


class KeyField(forms.JSONField):
    """What a passkey's browser answers. A number or a depth that JSON is not read with is a
    wrong code too; what came is not written into the page again.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as problem:
            raise get_adapter().validation_error("incorrect_code") from problem

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002
        return InvalidJSONInput("")


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    credential = KeyField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("The key's name"), max_length=60, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        credential = self.fields["credential"]
        credential.label = _("The key")
        credential.error_messages["required"] = _("The browser sent no key. Press “Add”.")

    def clean(self) -> dict:
        with _of_a_browser():
            return super().clean()


class KeyForm(webauthn_forms.AuthenticateWebAuthnForm):
    credential = KeyField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with _of_a_browser():
            return super().clean_credential()


class KeyAgainForm(KeyForm, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class RenameKeyForm(webauthn_forms.EditWebAuthnForm):
    name = forms.CharField(label=_("The key's name"), max_length=60)


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    users: list[Any]  # of the address, found by the form above
    email = forms.EmailField(label=_("E-mail of the account"))

    def clean_email(self) -> str:
        """A password is set from a proved address only: one on a list opens nothing here."""
        email = super().clean_email()
        self.users = [user for user in self.users if user.email_verified]
        return email


class PasswordCodeForm(allauth_forms.ConfirmPasswordResetCodeForm):
    code = CodeField()


class ShownInTheDemo:
    @property
    def demo_code(self) -> str:
        """What the app of an invented person would show: visitors of the demo have none."""
        return demo_factor.code_of(self.user)  # type: ignore[attr-defined]


class SecondFactorForm(ShownInTheDemo, mfa_forms.AuthenticateForm):
    code = CodeField(help_text=_("From your authenticator app, or one of your recovery codes."))


class SecondFactorAgainForm(ShownInTheDemo, mfa_forms.ReauthenticateForm):
    code = CodeField(help_text=_("From your authenticator app, or one of your recovery codes."))


class ActivateAppForm(totp_forms.ActivateTOTPForm):
    code = CodeField(label=_("The six digits the app shows"))

"""What accounts adds to the kernel's registries."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.accounts import commands, policies, queries
from takatuf.accounts.enums import RecoveryStatus
from takatuf.accounts.models import (
    BirthDateRequest,
    CharterAcceptance,
    GuardianConsent,
    Person,
    RecoveryRequest,
)
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.outbox import Template
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.registries import (
    desk_items,
    invariants,
    message_templates,
    reminders,
    ui_parts,
)
from takatuf.kernel.specimens import Part
from takatuf.kernel.working_days import usual_due

LINK = "https://example.org/x"
BORN = "الاثنين 1 مارس 2010 · 15 ربيع الأول 1431 هـ"

# ---------------------------------------------------------------- messages
for name, purpose, sample, in_inbox in [
    ("code", gettext_lazy("Whoever signs in or proves a contact: the code"),
     {"code": "246810", "minutes": 10}, False),
    ("password_code", gettext_lazy("Staff who forgot the password: the code"),
     {"code": "246810"}, False),
    ("password_changed", gettext_lazy("Account owner: the password was changed"), {}, True),
    ("second_factor_added", gettext_lazy("Account owner: a second factor was added"), {}, True),
    ("second_factor_removed",
     gettext_lazy("Account owner: a second factor was removed"), {}, True),
    ("recovery_codes_made", gettext_lazy("Account owner: new recovery codes"), {}, True),
    ("contact_changed", gettext_lazy("Old contact of an account: a new one took its place"),
     {"ending": "…525"}, False),
    ("contact_given_up", gettext_lazy("A contact of two accounts that became one: it opens "
                                      "nothing any more"),
     {"ending": "…525", "link": LINK}, False),
    ("consent_asked", gettext_lazy("Guardian: the minor asks for consent"),
     {"minor": "سارة", "link": LINK}, False),
    ("consent_code", gettext_lazy("Guardian: the code that proves whose answer it is"),
     {"code": "246810", "minutes": 10, "minor": "سارة"}, False),
    ("consent_ended", gettext_lazy("Guardian: the consent was taken back"),
     {"minor": "سارة", "link": LINK}, False),
    ("consent_answered", gettext_lazy("Minor: what the guardian answered"),
     {"guardian": "أحمد", "status": "given"}, True),
    ("consent_own_contact",
     gettext_lazy("Minor: the consent came from their own contact, and is needed once more"),
     {}, True),
    ("birth_date_corrected", gettext_lazy("Account owner: the desk mended the birth date"),
     {"date": BORN, "reason": "…", "minor": True, "link": LINK}, True),
    ("birth_date_guardian", gettext_lazy("Guardian: the young person's birth date changed"),
     {"minor": "سارة", "date": BORN, "age": 16, "link": LINK}, False),
    ("birth_date_asked", gettext_lazy("Whoever says a birth date is wrong: the desk has it"),
     {"date": BORN, "link": LINK}, True),
    ("birth_date_refused", gettext_lazy("Whoever says a birth date is wrong: the desk says no"),
     {"date": BORN, "reason": "…", "link": LINK}, True),
    ("recovery_notice", gettext_lazy("Old contacts of an account: somebody asks for it"),
     {"ending": "…525", "link": LINK}, False),
    ("recovery_asked", gettext_lazy("Whoever asked for a way back in: we have the request"),
     {}, False),
    ("recovery_started", gettext_lazy("Whoever asked for a way back in: the day of notice"),
     {"until": "…"}, False),
    ("recovery_stopped", gettext_lazy("Whoever asked for a way back in: it was stopped"),
     {}, False),
    ("recovery_taken",
     gettext_lazy("Whoever asked for a way back in: the new contact is taken"), {}, False),
    ("recovery_refused", gettext_lazy("Whoever asked for a way back in: the desk says no"),
     {"reason": "…"}, False),
    ("recovery_done", gettext_lazy("Account owner: the new contact opens the account"),
     {}, False),
]:  # fmt: skip
    message_templates.add(
        f"accounts.{name}",
        Template(purpose=purpose, sample=sample, in_inbox=in_inbox),  # type: ignore[arg-type]
    )

# ---------------------------------------------------------------- what time does
reminders.add("guardian consents that ran out", commands.expire_consents)
reminders.add("consents given with one's own contact", commands.end_consents_by_oneself)
reminders.add("recoveries whose day of notice is over", commands.finish_recoveries)


# ---------------------------------------------------------------- the desk's queue
@ui_parts.register("accounts: code to scan")
def code_part() -> Part:
    """As on the page of the second factor, with a key nobody has."""
    drawn = get_adapter().build_totp_svg("otpauth://totp/Takatuf?secret=AAAAAAAA")
    address = "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()
    return Part(template="accounts/ui_code.html", context={"address": address})


@desk_items.register("account recoveries")
def recoveries_waiting(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    if not policies.may_see_recoveries(person, at):
        return []
    return [
        DeskItem(
            title=_("Way back in: %(name)s") % {"name": row.claimed_name},
            detail=row.get_status_display(),
            action=_("Decide"),
            url=reverse("recovery_detail", args=[row.pk]),
            label=_("Account"),
            tone="bad" if usual_due(row.asked_at) <= at else "warn",
            due_at=usual_due(row.asked_at),
        )
        for row in queries.open_recoveries()
        if row.status != RecoveryStatus.CONFIRMED
        and policies.may_recover(person, row, at)
        and row.approved_by_id != person.pk
    ]


@desk_items.register("birth dates to correct")
def birth_dates_waiting(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    if not policies.is_desk(person, at):
        return []
    return [
        DeskItem(
            title=_("Birth date: %(name)s") % {"name": row.person},
            detail=_("The account counts as under 18; they say they are not."),
            action=_("Decide"),
            url=reverse("birth_date_request", args=[row.pk]),
            label=_("Account"),
            tone="bad" if usual_due(row.asked_at) <= at else "warn",
            due_at=usual_due(row.asked_at),
        )
        for row in queries.waiting_birth_dates(apart_from=person)
        if policies.may_correct_birth_date(person, row.person, at)
    ]


# ---------------------------------------------------------------- invariants
@invariants.register("guardian consents belong to minors")
def consents_of_adults() -> Iterator[str]:
    """No consent holds past the day it ends by law."""
    today = timezone.localdate()
    rows = GuardianConsent.objects.filter(status="given").select_related("minor")
    for consent in rows.iterator():
        born = consent.minor.birth_date
        if born is None:
            yield f"{consent}: the minor's birth date is unknown"
        elif consent.expires_on > queries.coming_of_age(born):
            yield f"{consent}: runs past the eighteenth birthday"
        elif consent.minor.is_minor(on=today) is False and consent.expires_on > today:
            yield f"{consent}: holds for an adult"


@invariants.register("a guardian is reached by a contact of their own")
def consents_by_oneself() -> Iterator[str]:
    """No consent that holds was given with the young person's own contact."""
    for consent in queries.consents_by_oneself():
        yield f"{consent}: given with the minor's own contact"


@invariants.register("verified e-mails are their person's own")
def strayed_emails() -> Iterator[str]:
    """Allauth's row and the person's own field name one address, and that it is proved."""
    rows = EmailAddress.objects.exclude(
        email=F("user__email"), verified=F("user__email_verified")
    )
    for row in rows.iterator():
        yield f"accounts.person:{row.user_id}: {row.pk} verifies another address"
    proved = Person.objects.filter(email_verified=True)
    for person in proved.exclude(emailaddress__email=F("email")).iterator():
        yield f"accounts.person:{person.pk}: a proved e-mail has no row of its own"


# ---------------------------------------------------------------- personal data
OWN = gettext_lazy("Nobody else")
TEAM = gettext_lazy("Bodies whose opportunity the person joins")
DESK = gettext_lazy("The regional desk")


def _own(field: str):
    return lambda person: _plain(getattr(person, field))


def _rows(model, owner: str, field: str):
    return lambda person: [
        _plain(value)
        for value in model.objects.filter(**{owner: person})
        .order_by("pk")
        .values_list(field, flat=True)
    ]


def _plain(value):
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


def _person_field(field: str, purpose, who, erase: Erase = Erase.CLEAR) -> PersonalField:
    return PersonalField(
        model="accounts.Person", field=field, purpose=purpose, who_may_see=who,
        export=_own(field), erase=erase,
    )  # fmt: skip


def _row_field(  # noqa: PLR0917 - one line a field reads as a table
    model, owner, field, purpose, who, erase=Erase.DELETE_ROW
) -> PersonalField:
    return PersonalField(
        model=model._meta.label, field=field, purpose=purpose, who_may_see=who,
        export=_rows(model, owner, field), erase=erase,
    )  # fmt: skip


classify(
    _person_field("full_name", gettext_lazy("To address people and print certificates"), TEAM),
    _person_field("name_sort_key", gettext_lazy("To sort lists by name"), OWN),
    _person_field("email", gettext_lazy("To sign in and to be told"), TEAM),
    _person_field("email_verified", gettext_lazy("To know the address is the person's"), OWN),
    _person_field("phone", gettext_lazy("To sign in and to be told"), TEAM),
    _person_field("phone_verified", gettext_lazy("To know the number is the person's"), OWN),
    _person_field("birth_date", gettext_lazy("To protect minors"), TEAM),
    _person_field("birth_date_basis", gettext_lazy("To protect minors"), OWN),
    _person_field(
        "gender", gettext_lazy("For opportunities with a stated reason; optional"), TEAM
    ),
    _person_field("id_hash", gettext_lazy("To recognise one person once; not readable"), OWN),
    _person_field("id_last_three", gettext_lazy("To recognise one person once"), DESK),
    _person_field("language", gettext_lazy("To write in the person's language"), OWN),
    _person_field("channel", gettext_lazy("To tell the person where they want it"), OWN),
    _person_field("joined_at", gettext_lazy("To count members"), OWN, Erase.KEEP),
    _person_field("last_login", gettext_lazy("To show the person their last sign-in"), OWN),
    _row_field(GuardianConsent, "minor", "guardian_name",
               gettext_lazy("To prove the guardian's consent"), TEAM),
    _row_field(GuardianConsent, "minor", "guardian_contact",
               gettext_lazy("To ask the guardian, and to tell them"), TEAM),
    _row_field(GuardianConsent, "minor", "relation",
               gettext_lazy("To prove the guardian's consent"), TEAM),
    _row_field(GuardianConsent, "minor", "status",
               gettext_lazy("To know whether the minor may join"), TEAM),
    _row_field(CharterAcceptance, "person", "accepted_at",
               gettext_lazy("To prove that the charter was accepted"), TEAM, Erase.KEEP),
    _row_field(RecoveryRequest, "person", "claimed_name",
               gettext_lazy("To give people back their account"), DESK),
    _row_field(RecoveryRequest, "person", "claimed_contact",
               gettext_lazy("To give people back their account"), DESK),
    _row_field(RecoveryRequest, "person", "new_contact",
               gettext_lazy("To give people back their account"), DESK),
    _row_field(RecoveryRequest, "person", "explanation",
               gettext_lazy("To give people back their account"), DESK),
    _row_field(BirthDateRequest, "person", "birth_date",
               gettext_lazy("To correct a birth date that was mistyped"), DESK),
    _row_field(BirthDateRequest, "person", "explanation",
               gettext_lazy("To correct a birth date that was mistyped"), DESK),
    _row_field(EmailAddress, "user", "email",
               gettext_lazy("To know the address is the person's"), OWN),
    _row_field(Authenticator, "user", "type", gettext_lazy("To guard the account"), OWN),
    _row_field(UserSession, "user", "ip",
               gettext_lazy("To show the person where they are signed in"), OWN),
    _row_field(UserSession, "user", "user_agent",
               gettext_lazy("To show the person where they are signed in"), OWN),
)  # fmt: skip

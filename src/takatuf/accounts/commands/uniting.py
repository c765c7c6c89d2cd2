"""The contacts of two records that become one person."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import translation

from takatuf.accounts import journey, queries
from takatuf.accounts.commands import people
from takatuf.accounts.enums import Channel
from takatuf.accounts.models import Person
from takatuf.kernel import outbox
from takatuf.kernel.transitions import record

KINDS = ("email", "phone")


@transaction.atomic
def unite_contacts(*, keep: Person, drop: Person, by, at: datetime) -> None:
    """Of two records that become one, ``keep`` holds the contacts; ``drop`` is left with none.

    What one of them proved opens the one account; what is only listed does not stand beside it.
    A proved one that finds no room, since there is another of its kind, is written to.
    """
    is_proved = bool(queries.verified_contacts(keep) or queries.verified_contacts(drop))
    if is_proved:
        people.start_afresh(keep, by=by, at=at)
    columns, owners, gone = {}, [], []
    for name in KINDS:
        had = [one for one in (keep, drop) if getattr(one, name)]
        good = [one for one in had if not is_proved or getattr(one, f"{name}_verified")][:1]
        columns[name] = getattr(good[0], name) if good else None
        columns[f"{name}_verified"] = bool(good) and is_proved
        owners += good
        gone += [
            (name, getattr(one, name), getattr(one, f"{name}_verified"), one.language)
            for one in had
            if one not in good
        ]
    columns["channel"] = _channel(keep, owners, columns)
    rows = Person.objects
    rows.filter(pk=drop.pk).update(
        email=None, email_verified=False, phone=None, phone_verified=False
    )
    rows.filter(pk=keep.pk).update(**columns)
    keep.refresh_from_db(fields=list(columns))
    EmailAddress.objects.filter(user__in=[keep, drop]).delete()
    if keep.email_verified:
        people.store_address(keep)
    for name, contact, was_proved, language in gone:
        if was_proved:
            _give_up(contact, keep, getattr(keep, name), language, by=by, at=at)
        else:
            people.record_dropped(keep, contact, by=by, at=at)


def _channel(keep: Person, owners: list[Person], columns: dict) -> str:
    """How they are told: as the record says whose contacts stay, by one that stays."""
    wanted = owners[0].channel if owners and keep not in owners else keep.channel
    there: dict[str, str] = {Channel.EMAIL: columns["email"], Channel.SMS: columns["phone"]}
    if wanted not in there or there[wanted]:
        return wanted
    return next((one for one, contact in there.items() if contact), wanted)


def _give_up(contact: str, keep: Person, kept: str, language: str, *, by, at: datetime) -> None:
    """Of two contacts proved, one opens the one account.

    The other hears of it without a name: should these be two people after all, its owner is a
    stranger to the account.
    """
    record(
        subject=keep, action="contact_given_up", by=by, at=at,
        changes={"contact": [people.masked(contact), people.masked(kept)]}, about=keep,
    )  # fmt: skip
    with translation.override(language):
        page = journey.address("registry:concern_new")
    outbox.send(
        template="accounts.contact_given_up", address=contact, language=language, at=at,
        context={"ending": people.masked(kept), "link": settings.BASE_URL + page},
    )  # fmt: skip

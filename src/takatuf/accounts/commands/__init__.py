"""Changing people, consents, charters and recoveries: one function, one thing that happens."""

from takatuf.accounts.commands.birth_dates import (
    accept_birth_date,
    ask_birth_date,
    correct_birth_date,
    refuse_birth_date,
    withdraw_birth_date,
)
from takatuf.accounts.commands.charter import CharterChanged, accept_charter, load_charter
from takatuf.accounts.commands.consents import (
    ConsentRefused,
    ask_consent,
    ask_consent_again,
    expire_consents,
    give_consent,
    refuse_consent,
    tell_guardian,
    withdraw_consent,
)
from takatuf.accounts.commands.people import (
    CannotChange,
    DeskConfirms,
    change_contact,
    change_profile,
    end_sessions,
    enter_by_contact,
    equip_demo_staff,
    masked,
    name_person,
    set_identity,
)
from takatuf.accounts.commands.recovery import (
    CannotRecover,
    approve_recovery,
    ask_recovery,
    confirm_recovery,
    finish_recoveries,
    refuse_recovery,
    stop_recovery,
)
from takatuf.accounts.commands.uniting import unite_contacts

__all__ = [
    "CannotChange",
    "CannotRecover",
    "CharterChanged",
    "ConsentRefused",
    "DeskConfirms",
    "accept_birth_date",
    "accept_charter",
    "approve_recovery",
    "ask_birth_date",
    "ask_consent",
    "ask_consent_again",
    "ask_recovery",
    "change_contact",
    "change_profile",
    "confirm_recovery",
    "correct_birth_date",
    "end_sessions",
    "enter_by_contact",
    "equip_demo_staff",
    "expire_consents",
    "finish_recoveries",
    "give_consent",
    "load_charter",
    "masked",
    "name_person",
    "refuse_birth_date",
    "refuse_consent",
    "refuse_recovery",
    "set_identity",
    "stop_recovery",
    "tell_guardian",
    "unite_contacts",
    "withdraw_birth_date",
    "withdraw_consent",
]

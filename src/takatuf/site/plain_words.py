"""What is kept about people, told in plain words: one line for what serves one purpose."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy

from takatuf.kernel.privacy import Erase, PersonalField
from takatuf.kernel.registries import personal_fields

GROUPS = {
    "account": gettext_lazy("Your account"),
    "profile": gettext_lazy("Your volunteering profile"),
    "guardian": gettext_lazy("Guardian and way back in"),
    "places": gettext_lazy("Places, presence and hours"),
    "papers": gettext_lazy("Certificates and cards"),
    "words": gettext_lazy("What you report"),
    "other": gettext_lazy("Also kept"),
}
GROUP_OF = {
    "accounts.Person": "account",
    "accounts.CharterAcceptance": "account",
    "account.EmailAddress": "account",
    "mfa.Authenticator": "account",
    "usersessions.UserSession": "account",
    "kernel.Message": "account",
    "accounts.GuardianConsent": "guardian",
    "accounts.RecoveryRequest": "guardian",
    "accounts.BirthDateRequest": "account",
    "registry.VolunteerProfile": "profile",
    "registry.Interest": "profile",
    "registry.LanguageSpoken": "profile",
    "registry.Availability": "profile",
    "registry.SkillGrant": "profile",
    "registry.SkillRequest": "profile",
    "registry.TeamMember": "profile",
    "registry.Office": "profile",
    "opportunities.Wish": "profile",
    "registry.Concern": "words",
    "needs.Need": "words",
    "credentials.Certificate": "papers",
    "credentials.IdCard": "papers",
}
GROUP_OF_APP = {"placement": "places", "attendance": "places", "imports": "other"}
# Where the column's own name would mean nothing to a reader.
WORDS = {
    "accounts.Person.full_name": gettext_lazy("name"),
    "accounts.Person.name_sort_key": gettext_lazy("name, in the spelling lists are sorted by"),
    "accounts.Person.email": gettext_lazy("e-mail"),
    "accounts.Person.phone": gettext_lazy("mobile"),
    "accounts.Person.email_verified": gettext_lazy("whether the e-mail was confirmed"),
    "accounts.Person.phone_verified": gettext_lazy("whether the mobile was confirmed"),
    "accounts.Person.birth_date": gettext_lazy("birth date"),
    "accounts.Person.birth_date_basis": gettext_lazy("who said the birth date"),
    "accounts.Person.gender": gettext_lazy("gender"),
    "accounts.Person.id_hash": gettext_lazy(
        "a fingerprint of the national ID, never the number"
    ),
    "accounts.Person.id_last_three": gettext_lazy("last three digits of the national ID"),
    "accounts.Person.language": gettext_lazy("language of messages"),
    "accounts.Person.channel": gettext_lazy("how you want to be told"),
    "accounts.Person.joined_at": gettext_lazy("day of joining"),
    "accounts.Person.last_login": gettext_lazy("last sign-in"),
    "accounts.GuardianConsent.guardian_name": gettext_lazy("guardian's name"),
    "accounts.GuardianConsent.guardian_contact": gettext_lazy("guardian's mobile or e-mail"),
    "accounts.GuardianConsent.relation": gettext_lazy("relation to the guardian"),
    "accounts.GuardianConsent.status": gettext_lazy("the guardian's answer"),
    "accounts.CharterAcceptance.accepted_at": gettext_lazy("when the charter was accepted"),
    "accounts.RecoveryRequest.claimed_name": gettext_lazy("name given when asking"),
    "accounts.RecoveryRequest.claimed_contact": gettext_lazy("old mobile or e-mail"),
    "accounts.RecoveryRequest.new_contact": gettext_lazy("new mobile or e-mail"),
    "accounts.RecoveryRequest.explanation": gettext_lazy("what you wrote to the desk"),
    "accounts.BirthDateRequest.birth_date": gettext_lazy("birth date you asked the desk for"),
    "accounts.BirthDateRequest.explanation": gettext_lazy("why the birth date was wrong"),
    "account.EmailAddress.email": gettext_lazy("confirmed e-mail"),
    "mfa.Authenticator.type": gettext_lazy("kind of second factor"),
    "usersessions.UserSession.ip": gettext_lazy("internet address of your devices"),
    "usersessions.UserSession.user_agent": gettext_lazy("browser of your devices"),
    "registry.VolunteerProfile.governorate": gettext_lazy("governorate"),
    "registry.VolunteerProfile.home_latitude": gettext_lazy("home, rounded to 1 km"),
    "registry.VolunteerProfile.home_longitude": gettext_lazy("home, rounded to 1 km"),
    "registry.VolunteerProfile.reach_km": gettext_lazy("how far you would go"),
    "registry.VolunteerProfile.weekly_minutes": gettext_lazy("hours a week at most"),
    "registry.VolunteerProfile.suggestions_a_week": gettext_lazy("suggestions a week at most"),
    "registry.VolunteerProfile.about": gettext_lazy("what you say about yourself"),
    "registry.VolunteerProfile.import_note": gettext_lazy("unclear words of an imported list"),
    "registry.VolunteerProfile.proposals_agreed_at": gettext_lazy(
        "when you agreed to be proposed for places"
    ),
    "registry.VolunteerProfile.card_number": gettext_lazy("number of the volunteer card"),
    "registry.Interest.field__code": gettext_lazy("interests"),
    "registry.LanguageSpoken.language": gettext_lazy("languages"),
    "registry.Availability.part": gettext_lazy("usual free times"),
    "registry.SkillGrant.skill__code": gettext_lazy("skills and what they rest on"),
    "registry.SkillGrant.source": gettext_lazy("what a confirmed skill rests on"),
    "registry.SkillRequest.skill__code": gettext_lazy("skills you asked a body to confirm"),
    "registry.SkillRequest.reason": gettext_lazy("why a body did not confirm a skill"),
    "registry.TeamMember.team__name": gettext_lazy("teams"),
    "registry.Office.role": gettext_lazy("offices held"),
    "registry.Concern.text": gettext_lazy("concerns you report"),
    "imports.ImportRun.by": gettext_lazy("who imported a list"),
    "imports.ImportRow.cells": gettext_lazy("rows of an imported list that wait"),
    "placement.Application.message": gettext_lazy("a word written when applying"),
    "placement.Application.reason": gettext_lazy("why a place was left or declined"),
    "placement.Proposal.reason": gettext_lazy("why a proposal for a place was not approved"),
    "placement.Covenant.signed_name": gettext_lazy("name as signed below the covenant"),
    "attendance.Presence.came_at": gettext_lazy("when you came"),
    "attendance.Presence.left_at": gettext_lazy("when you left"),
    "attendance.Presence.note": gettext_lazy("the leader's note of the day"),
    "attendance.HourClaim.minutes": gettext_lazy("length of the work"),
    "attendance.HourClaim.person": gettext_lazy("whose hours they are"),
    "attendance.HourNote.reason": gettext_lazy("why hours were refused or taken back"),
    "attendance.PeopleServed.basis": gettext_lazy("how the people served were counted"),
    "needs.Need.reporter": gettext_lazy("who reported a need"),
    "needs.Need.reporter_contact": gettext_lazy("address left by a visitor"),
    "credentials.Certificate.printed_name": gettext_lazy("name on a certificate"),
    "credentials.Certificate.name_hash": gettext_lazy("a fingerprint of that name"),
    "credentials.Certificate.snapshot": gettext_lazy("work, dates and hours certified"),
    "credentials.Certificate.serial": gettext_lazy("number of the certificate"),
    "credentials.Certificate.issued_at": gettext_lazy("day of issue"),
    "credentials.Certificate.revoke_reason": gettext_lazy("why it was revoked"),
    "credentials.IdCard.printed_name": gettext_lazy("name on a card"),
    "credentials.IdCard.number": gettext_lazy("number of the card"),
    "credentials.IdCard.valid_from": gettext_lazy("first day of the card"),
    "credentials.IdCard.valid_until": gettext_lazy("last day of the card"),
    "credentials.IdCard.revoke_reason": gettext_lazy("why the card was revoked"),
}
FATE = {
    Erase.CLEAR: gettext_lazy("emptied"),
    Erase.DELETE_ROW: gettext_lazy("deleted"),
    Erase.KEEP: gettext_lazy("kept for the legal term"),
}


@dataclass
class Line:
    """Things kept for one purpose, seen by the same people, ending the same way."""

    purpose: str
    who: str
    fate: str
    things: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    title: object
    lines: list[Line]


def sections() -> list[Section]:
    """The register of processing, in words; empty groups are left out."""
    lines: dict[str, dict[tuple, Line]] = {group: {} for group in GROUPS}
    for name, kept in personal_fields:
        key = (str(kept.purpose), str(kept.who_may_see), str(FATE[kept.erase]))
        line = lines[group_of(kept.model)].setdefault(key, Line(*key))
        thing = words_of(name, kept)
        if thing not in line.things:
            line.things.append(thing)
    return [
        Section(title, list(lines[group].values()))
        for group, title in GROUPS.items()
        if lines[group]
    ]


def group_of(model: str) -> str:
    return GROUP_OF.get(model) or GROUP_OF_APP.get(model.partition(".")[0], "other")


def words_of(name: str, kept: PersonalField) -> str:
    """Plain words; a field nobody worded yet goes by its column's own name."""
    if name in WORDS:
        return str(WORDS[name])
    return next(_column_name(kept), kept.field.replace("_", " "))


def _column_name(kept: PersonalField) -> Iterator[str]:
    try:
        column = apps.get_model(kept.model)._meta.get_field(kept.field.partition("__")[0])
    except (LookupError, FieldDoesNotExist):
        return
    yield str(getattr(column, "verbose_name", kept.field))

"""What single pages show beside their object."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from takatuf.accounts import queries as accounts
from takatuf.kernel.transitions import history
from takatuf.kernel.working_days import add_working_days
from takatuf.registry.enums import LANGUAGES_SPOKEN, BodyStatus, Role, TeamStatus
from takatuf.registry.models import (
    Body,
    Interest,
    Invitation,
    LanguageSpoken,
    Office,
    PersonMerge,
    Team,
    TeamMember,
    TeamRequest,
    VolunteerProfile,
)
from takatuf.registry.queries.offices import in_force, today_unless

HAPPENED = {
    "registered": _("Registered"),
    "added": _("Added by the desk"),
    "founded": pgettext_lazy("log", "Founded"),
    "ended": pgettext_lazy("log", "Ended"),
    "loaded": _("Loaded with the region"),
    "verified": _("Verified"),
    "refused": _("Not verified"),
    "activated": _("Its head is in office"),
    "suspended": pgettext_lazy("log", "Suspended"),
    "resumed": _("Suspension ended"),
    "edited": _("Page edited"),
    "licence_shown": pgettext_lazy("log", "Licence handed in"),
    "placing left to the desk": _("The desk may approve proposals"),
    "placing taken back": _("The desk approves proposals no more"),
    "closed": pgettext_lazy("log", "Closed"),
}


def living_teams_of(body: Body) -> QuerySet[Team]:
    return Team.objects.filter(body=body).exclude(status=TeamStatus.ENDED).order_by("pk")


def what_closing_ends(body: Body, at: datetime) -> dict[str, int]:
    """How many of each go with a body that closes."""
    return {
        "offices": staff_of(body).count(),
        "teams": living_teams_of(body).count(),
        "invitations": open_invitations(body, at).count(),
    }


def what_happened(to: Body | Team) -> list[dict]:
    """What happened to a body or team, newest first, with the names of who did it."""
    entries = list(history(to))[::-1]
    names = accounts.names_of(entry.actor for entry in entries)
    return [
        {
            "at": entry.at,
            "words": str(HAPPENED.get(entry.action, entry.action)),
            "who": names.get(entry.actor, "") if entry.actor else "",
            "reason": getattr(getattr(entry, "note", None), "why", ""),
        }
        for entry in entries
    ]


def verification_due(body: Body) -> datetime:
    """The desk answers within five working days of the registration."""
    return add_working_days(body.created_at, 5)


def interest_names(profile: VolunteerProfile) -> list[str]:
    rows = Interest.objects.filter(profile=profile).select_related("field")
    return [row.field.name for row in rows.order_by("field__position", "pk")]


def language_names(profile: VolunteerProfile) -> list[str]:
    names = dict(LANGUAGES_SPOKEN)
    rows = LanguageSpoken.objects.filter(profile=profile).order_by("pk")
    return [str(names.get(row.language, row.language)) for row in rows]


def bodies_waiting() -> QuerySet[Body]:
    """Registered, not verified yet: oldest first."""
    rows = Body.objects.filter(status=BodyStatus.REGISTERED)
    return rows.select_related("governorate", "registered_by").order_by("created_at", "pk")


def bodies_suspended() -> QuerySet[Body]:
    rows = Body.objects.filter(status=BodyStatus.SUSPENDED)
    return rows.select_related("governorate").order_by("name_sort_key", "pk")


def staff_of(body: Body, on=None) -> QuerySet[Office]:
    """Every office in force in the body, with people."""
    rows = Office.objects.filter(in_force(on), body=body)
    return rows.select_related("body", "person", "team", "unit").order_by(
        "role", "starts_on", "pk"
    )


def open_invitations(body: Body, at) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(
        body=body, accepted_at=None, revoked_at=None, expires_at__gt=at
    )
    return rows.select_related("team", "invited_by").order_by("-invited_at", "-pk")


def invitation_for_link(pk: int) -> Invitation | None:
    """For the holder of a signed link, which is its own permission."""
    return Invitation.objects.select_related("body", "team", "invited_by").filter(pk=pk).first()


def invitations_to(person, at) -> QuerySet[Invitation]:
    """What waits for the person's answer, by their proven contacts."""
    contacts = accounts.verified_contacts(person)
    rows = Invitation.objects.filter(
        contact__in=contacts, accepted_at=None, revoked_at=None, expires_at__gt=at
    )
    return rows.select_related("body", "team").order_by("invited_at", "pk")


def team_for_link(pk: int) -> Team | None:
    return Team.objects.select_related("body", "governorate").filter(pk=pk).first()


def _current(on) -> Q:
    day = today_unless(on)
    return Q(joined_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))


def named_members(team: Team, on=None) -> list[TeamMember]:
    """Members who agreed to be named, by name; nobody who is under 18 today, whatever they
    agreed to before their birth date was put right.
    """
    rows = TeamMember.objects.filter(_current(on), team=team, shows_name=True)
    rows = rows.select_related("person").order_by("person__name_sort_key", "pk")
    day = today_unless(on)
    return [row for row in rows[:200] if not row.person.is_minor(on=day)]


def named_leaders(team: Team, on=None) -> list[str]:
    """Names of leaders who, as members, agreed to be named."""
    rows = Office.objects.filter(
        in_force(on), team=team, role=Role.TEAM_LEADER,
        person__in=TeamMember.objects.filter(_current(on), team=team, shows_name=True).values(
            "person_id"
        ),
    )  # fmt: skip
    people = [office.person for office in rows.select_related("person")]
    return [str(one) for one in people if not one.is_minor(on=today_unless(on))]


def member_count(team: Team, on=None) -> int:
    return TeamMember.objects.filter(_current(on), team=team).count()


def membership_of(person, team: Team, on=None) -> TeamMember | None:
    if not person.is_authenticated:
        return None
    rows = TeamMember.objects.filter(_current(on), team=team, person_id=person.pk)
    return rows.select_related("team", "person").first()


def open_request_of(person, team: Team) -> TeamRequest | None:
    if not person.is_authenticated:
        return None
    return TeamRequest.objects.filter(team=team, person_id=person.pk, accepted=None).first()


def open_requests(team: Team) -> QuerySet[TeamRequest]:
    return open_requests_of([team])


def open_requests_of(teams: Iterable[Team]) -> QuerySet[TeamRequest]:
    rows = TeamRequest.objects.filter(team__in=list(teams), accepted=None)
    return rows.select_related("person", "team").order_by("asked_at", "pk")


def open_merges() -> QuerySet[PersonMerge]:
    rows = PersonMerge.objects.filter(status="proposed")
    return rows.select_related("keep", "drop", "proposed_by").order_by("proposed_at", "pk")

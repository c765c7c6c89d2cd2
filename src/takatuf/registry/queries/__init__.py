"""Reading the registry: the front door for the floors above."""

from takatuf.registry.queries.directory import (
    bodies_visible_to,
    body_figures,
    body_visible_to,
    public_bodies,
    public_teams,
    teams_visible_to,
)
from takatuf.registry.queries.offices import (
    bodies_where,
    desk_body,
    holders_of,
    offices_of,
    team_roster,
    teams_led_by,
    teams_of,
    units_of,
)
from takatuf.registry.queries.people import (
    active_grants,
    availability_of,
    best_grants,
    interests_of,
    languages_of,
    profile_of,
    profiles_of,
)
from takatuf.registry.queries.region import fields, governorates, skills

__all__ = [
    "active_grants",
    "availability_of",
    "best_grants",
    "bodies_visible_to",
    "bodies_where",
    "body_figures",
    "body_visible_to",
    "desk_body",
    "fields",
    "governorates",
    "holders_of",
    "interests_of",
    "languages_of",
    "offices_of",
    "profile_of",
    "profiles_of",
    "public_bodies",
    "public_teams",
    "skills",
    "team_roster",
    "teams_led_by",
    "teams_of",
    "teams_visible_to",
    "units_of",
]

"""Addresses that go into messages."""

from datetime import datetime, timedelta

from takatuf.kernel import signed_links
from takatuf.kernel.links import absolute

INVITATION = "registry.invitation"
TEAM = "registry.team"
VALID_FOR = timedelta(days=14)
TEAM_LINK_VALID_FOR = timedelta(days=30)


def body_page(body) -> str:
    return absolute("registry:body", body.code)


def team_page(team) -> str:
    return absolute("registry:team", team.code)


def invitation_link(invitation, *, at: datetime) -> str:
    token = signed_links.make(INVITATION, {"i": invitation.pk}, VALID_FOR, at=at)
    return absolute("registry:invitation", token)


def team_link(team, *, at: datetime) -> str:
    """For the leader to hand to people they want in the team."""
    token = signed_links.make(TEAM, {"t": team.pk}, TEAM_LINK_VALID_FOR, at=at)
    return absolute("registry:team_join", token)


def concern_page() -> str:
    return absolute("registry:concern_follow")

"""What search knows of bodies and teams."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from takatuf.kernel import search
from takatuf.registry.enums import ABLE_BODIES, TeamStatus
from takatuf.registry.models import Body, Team


def _address(name: str, code: str) -> str:
    with translation.override("ar"):
        return reverse(name, args=[code])


def body_document(body: Body, *, at: datetime) -> dict[str, Any]:
    return {
        "kind": "body", "title": body.name_ar, "title_en": body.name_en, "text": body.about,
        "summary": body.about[:200], "url": _address("registry:body", body.code),
        "place": body.governorate.code, "at": at,
    }  # fmt: skip


def team_document(team: Team, *, at: datetime) -> dict[str, Any]:
    return {
        "kind": "team", "title": team.name, "text": team.about, "summary": team.about[:200],
        "url": _address("registry:team", team.code), "place": team.governorate.code, "at": at,
    }  # fmt: skip


def put_body(body: Body, *, at: datetime) -> None:
    visible = body.status in ABLE_BODIES
    search.put(body, visible=visible, **body_document(body, at=at))


def put_team(team: Team, *, at: datetime) -> None:
    visible = team.status == TeamStatus.ACTIVE or bool(team.source)
    search.put(team, visible=visible, **team_document(team, at=at))


def all_documents() -> Iterator[Any]:
    at = timezone.now()
    bodies = Body.objects.filter(status__in=ABLE_BODIES).select_related("governorate")
    for body in bodies.iterator():
        yield search.build(body, **body_document(body, at=at))
    teams = Team.objects.select_related("governorate")
    for team in teams.iterator():
        if team.status == TeamStatus.ACTIVE or team.source:
            yield search.build(team, **team_document(team, at=at))

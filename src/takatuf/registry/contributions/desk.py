"""What waits for an office or for the person, on the desk and in messages."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.references import reference
from takatuf.kernel.registries import desk_items, reminders
from takatuf.kernel.typography import when
from takatuf.registry import commands, links, policies, queries
from takatuf.registry.enums import REGIONAL_ROLES, Role
from takatuf.registry.models import Concern


# ---------------------------------------------------------------- queues
@desk_items.register("bodies to verify")
def bodies_to_verify(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    if not policies.holds(person, Role.DESK, offices=offices):
        return []
    own = {office.body_id for office in offices}
    return [
        DeskItem(
            title=body.name,
            detail=_("Registered, waiting for verification"),
            action=_("Verify"),
            url=reverse("registry:body_decide", args=[body.code]),
            label=_("Body"),
            tone="warn",
            due_at=queries.verification_due(body),
        )
        for body in queries.bodies_waiting()[:20]
        if body.pk not in own and body.registered_by_id != person.pk
    ]


@desk_items.register("concerns")
def concerns_to_answer(person, offices, at: datetime) -> list[DeskItem]:
    if not policies.holds(person, REGIONAL_ROLES, offices=offices):
        return []
    return [
        DeskItem(
            title=f"{concern.number}: {concern.get_kind_display()}",
            detail=concern.get_status_display(),
            action=_("Answer"),
            url=reverse("registry:concern", args=[concern.pk]),
            label=_("Concern"),
            tone="bad" if concern.due_at <= at or concern.kind == "safety" else "warn",
            due_at=concern.due_at,
            main=concern.kind == "safety",
        )
        for concern in queries.open_concerns(person, timezone.localdate(at))[:20]
    ]


@desk_items.register("invitations to me")
def invitations_waiting(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    return [
        DeskItem(
            title=_("%(body)s invites you") % {"body": invitation.body.name},
            detail=invitation.get_role_display(),
            action=_("Answer"),
            url=links.invitation_link(invitation, at=at),
            label=_("Invitation"),
            due_at=invitation.expires_at,
        )
        for invitation in queries.invitations_to(person, at)[:5]
    ]


@desk_items.register("requests to join teams")
def team_requests(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    led = [office.team for office in offices if office.team_id]
    if not led:
        return []
    return [
        DeskItem(
            title=_("%(name)s asks to join %(team)s")
            % {"name": asked.person, "team": asked.team.name},
            detail=when(asked.asked_at),
            action=_("Answer"),
            url=reverse("registry:team_roster", args=[asked.team.code]),
            label=_("Team"),
        )
        for asked in queries.open_requests_of(led)[:20]
    ]


# ---------------------------------------------------------------- offices are told
def _bodies_waiting(_body, due_by) -> Iterator[commands.Waiting]:
    for body in queries.bodies_waiting():
        due_at = queries.verification_due(body)
        if due_by is None or due_at <= due_by:
            own = queries.holders_of(body, list(Role)).values_list("person_id", flat=True)
            yield commands.Waiting(
                ref=reference(body), title=body.name, body=None, due_at=due_at,
                page=("registry:body_decide", (body.code,)),
                barred=frozenset([*own, body.registered_by_id or 0]),
            )  # fmt: skip


def _concerns_waiting(*, safety: bool):
    def find(_body, due_by) -> Iterator[commands.Waiting]:
        for concern, barred in queries.concerns_waiting(due_by=due_by):
            if (concern.kind == Concern.Kind.SAFETY) is safety:
                yield commands.Waiting(
                    ref=reference(concern), title=concern.number, body=None,
                    due_at=concern.due_at, page=("registry:concern", (concern.pk,)),
                    barred=frozenset(barred),
                )  # fmt: skip

    return find


def _concern_words(n: int) -> str:
    return ngettext(
        "%(count)s concern waits for an answer", "%(count)s concerns wait for an answer", n
    ) % {"count": n}


def _safety_words(n: int) -> str:
    return ngettext(
        "%(count)s concern about somebody's safety waits",
        "%(count)s concerns about somebody's safety wait",
        n,
    ) % {"count": n}


commands.office_queues.add(
    "registry.bodies",
    commands.OfficeQueue(
        roles=(Role.DESK,), page="registry:bodies_waiting", find=_bodies_waiting,
        words=lambda n: ngettext(
            "%(count)s body waits for verification", "%(count)s bodies wait for verification", n
        ) % {"count": n},
    ),
)  # fmt: skip
for _name, _safety in {"concerns": False, "safety": True}.items():
    commands.office_queues.add(
        f"registry.{_name}",
        commands.OfficeQueue(
            roles=REGIONAL_ROLES, page="registry:concerns", urgent=_safety,
            find=_concerns_waiting(safety=_safety),
            words=_safety_words if _safety else _concern_words,
        ),
    )  # fmt: skip


@reminders.register("registry: clocks of the offices")
@every(minutes=30)
def remind_offices(at: datetime) -> int:
    return commands.remind_offices(at=at)


@reminders.register("registry: skills that ran out")
@every(minutes=60)
def expire_grants(at: datetime) -> int:
    return commands.expire_grants(at=at)


@reminders.register("registry: skills that will run out")
@every(hours=6)
def remind_of_ends(at: datetime) -> int:
    return commands.remind_of_ends(at=at)

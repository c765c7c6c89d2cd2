"""Designing an opportunity: made, saved step by step, its roles."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from takatuf.kernel.transitions import record
from takatuf.kernel.verify_codes import new_code
from takatuf.opportunities import queries
from takatuf.opportunities.commands.listing import refresh_listing
from takatuf.opportunities.commands.searching import index
from takatuf.opportunities.enums import EDITABLE, OPEN, USUAL_BASIS, Class, Gate
from takatuf.opportunities.errors import CannotChange, EditedMeanwhile, GateSaysNo
from takatuf.opportunities.models import Opportunity, OpportunityRole, ShiftRole
from takatuf.registry import enums as registry

CODE_LENGTH = 8
# What a body may put right while people are already joining; rules and class may not move.
AMENDABLE = frozenset(
    [
        "purpose",
        "beneficiaries",
        "tasks",
        "gains",
        "support",
        "safety",
        "training",
        "supervisor_id",
        "supervisor_role",
        "place",
        "latitude",
        "longitude",
        "accessible",
        "hours_estimate",
        "external_number",
    ]
)
CHANGEABLE = AMENDABLE | frozenset(
    [
        "title",
        "klass",
        "mode",
        "field_id",
        "way",
        "min_age",
        "max_age",
        "gender_rule",
        "gender_reason",
        "languages",
        "minors_ready",
        "unpaid",
        "governorate_id",
        "need_id",
        "unit_id",
        "team_id",
    ]
)


@transaction.atomic
def create_draft(*, body, by, at: datetime, need=None, unit=None) -> Opportunity:
    """An empty draft of the body, filled from the need it answers if one is named."""
    opportunity = Opportunity.objects.create(
        code=new_code()[:CODE_LENGTH], body=body, unit=unit, created_by=by, created_at=at,
        governorate_id=need.governorate_id if need else body.governorate_id,
        **(_from_need(need) if need else {}),
    )  # fmt: skip
    OpportunityRole.objects.create(opportunity=opportunity, title=pgettext("role", "Volunteer"))
    record(
        subject=opportunity, action="created", by=by, at=at, to_state=opportunity.status,
        acting_body=body,
    )  # fmt: skip
    refresh_listing(opportunity, at=at)
    return opportunity


def _from_need(need) -> dict:
    return {
        "need": need,
        "title": need.title[:120],
        "field_id": need.field_id,
        "purpose": need.description[:2000],
        "beneficiaries": str(need.get_target_group_display())[:200],
        "place": need.place[:160],
    }


@transaction.atomic
def save_step(
    *, opportunity_id: int, version: int, changes: dict, by, at: datetime
) -> Opportunity:
    """Keep what was typed in the studio.

    :param version: the one the page was made from.
    :param changes: column → value; an unknown column is a bug of the caller.
    :raises EditedMeanwhile: if somebody saved since that version.
    :raises CannotChange: if the opportunity is over, or the change is not for this state.
    :raises GateSaysNo: if what is already published would no longer pass.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not columns of the studio: {sorted(unknown)}")
    opportunity = locked(opportunity_id)
    require_open(opportunity)
    changed = {
        name: value for name, value in changes.items() if getattr(opportunity, name) != value
    }
    if not changed:
        return opportunity
    if opportunity.status not in EDITABLE and not changed.keys() <= AMENDABLE:
        raise CannotChange(
            _(
                "People already count on this: the class, the rules and the title "
                "stay as published."
            )
        )
    before = {name: getattr(opportunity, name) for name in changed}
    _write(opportunity, version, changed)
    _settle(opportunity, before, by=by, at=at)
    return opportunity


def _write(opportunity: Opportunity, version: int, changed: dict) -> None:
    row = Opportunity.objects.filter(pk=opportunity.pk, version=version)
    if not row.update(version=F("version") + 1, **changed):
        raise EditedMeanwhile(
            _(
                "Somebody else saved this page while you were writing. Your words "
                "are kept here: compare, then save again."
            )
        )  # fmt: skip
    opportunity.refresh_from_db()


def _settle(opportunity: Opportunity, before: dict, *, by, at: datetime) -> None:
    """After a change: score and listing again; a published one keeps to the gate."""
    verdict = judge_again(opportunity, at=at)
    if opportunity.status in EDITABLE:
        return
    if verdict.outcome == Gate.RETURNS:
        raise GateSaysNo(verdict.reasons()[0])
    changes = {
        name: [_plain(old), _plain(getattr(opportunity, name))] for name, old in before.items()
    }
    record(
        subject=opportunity, action="edited", by=by, at=at, changes=changes,
        acting_body=opportunity.body,
    )  # fmt: skip


def judge_again(opportunity: Opportunity, *, at: datetime):
    """Refresh the stored score, the listing and the search row; answer the verdict."""
    verdict = queries.verdict_on(opportunity, at)
    if verdict.score != opportunity.quality:
        Opportunity.objects.filter(pk=opportunity.pk).update(quality=verdict.score)
        opportunity.quality = verdict.score
    refresh_listing(opportunity, at=at)
    index(opportunity, at=at)
    return verdict


def _plain(value):
    """A column's value as it fits into a note."""
    if isinstance(value, Decimal | date):
        return str(value)
    return value.pk if isinstance(value, models.Model) else value


# ---------------------------------------------------------------- roles
@transaction.atomic
def save_role(
    *, opportunity_id: int, title: str, skill=None, level: int | None = None,
    least_basis: str = "", credential=None, role_id: int | None = None, by, at: datetime,
) -> OpportunityRole:  # fmt: skip
    """Add a role, or change one that nobody holds a place in.

    :param least_basis: left empty, the usual one of the class; of licensed work always the
        licence.
    :param credential: a second skill, which must be held too; only beside a first.
    :raises CannotChange: if the title is taken, or the skill would change under people.
    """
    opportunity = locked(opportunity_id)
    require_open(opportunity)
    others = opportunity.roles.exclude(pk=role_id or 0)
    if others.filter(title=title).exists():
        raise CannotChange(_("There is already a role by this name."), field="title")
    asks: dict[str, Any] = dict.fromkeys(("skill", "level", "credential")) | {"least_basis": ""}
    if skill:
        usual = least_basis or USUAL_BASIS[Class(opportunity.klass)]
        basis = registry.least_basis(usual, needs_licence=skill.needs_licence)
        asks = {
            "skill": skill, "level": level, "least_basis": basis, "credential": credential,
        }  # fmt: skip
    if role_id is None:
        role = OpportunityRole.objects.create(opportunity=opportunity, title=title, **asks)
    else:
        role = _role_of(opportunity, role_id)
        _change_role(role, title, asks)
    note_change(opportunity, "role saved", by=by, at=at)
    return role


def _change_role(role: OpportunityRole, title: str, asks: dict[str, Any]) -> None:
    """:raises CannotChange: if it would ask for something else of who has a place in it."""
    held = ShiftRole.objects.filter(role=role, taken__gt=0).exists()
    if held and any(getattr(role, name) != value for name, value in asks.items()):
        raise CannotChange(
            _("People already have places in this role: what it asks for stays as it is.")
        )
    role.title = title
    for name, value in asks.items():
        setattr(role, name, value)
    role.save()


@transaction.atomic
def remove_role(*, opportunity_id: int, role_id: int, by, at: datetime) -> None:
    """Removing twice, or what is not there, is removing once.

    :raises CannotChange: if it is the last role, or stands in a published plan.
    """
    opportunity = locked(opportunity_id)
    if opportunity.status not in EDITABLE:
        raise CannotChange(_("A published opportunity keeps its roles: set its seats instead."))
    role = opportunity.roles.filter(pk=role_id).first()
    if role is None:
        return
    if opportunity.roles.count() == 1:
        raise CannotChange(_("Somebody must come: keep at least one role."))
    ShiftRole.objects.filter(role=role).delete()
    role.delete()
    note_change(opportunity, "role removed", by=by, at=at)


def _role_of(opportunity: Opportunity, role_id: int) -> OpportunityRole:
    """:raises CannotChange: if it was removed meanwhile, or is another opportunity's."""
    role = opportunity.roles.filter(pk=role_id).first()
    if role is None:
        raise CannotChange(
            _("Somebody has just changed this. Reload the page to see how it stands.")
        )
    return role


# ---------------------------------------------------------------- shared by the commands
def locked(opportunity_id: int) -> Opportunity:
    """The opportunity with its body, after waiting for other changes of it."""
    queries.lock_listing(opportunity_id)
    return Opportunity.objects.select_related("body", "field", "governorate", "need").get(
        pk=opportunity_id
    )


def require_open(opportunity: Opportunity) -> None:
    """:raises CannotChange: if it is with a reviewer, closed or cancelled."""
    if opportunity.status not in (*EDITABLE, *OPEN):
        raise CannotChange(
            _("This is now “%(state)s”, so it cannot be changed.")
            % {"state": opportunity.get_status_display()}
        )


def note_change(
    opportunity: Opportunity, action: str, *, by, at: datetime, changes: dict | None = None
) -> None:
    """Version, score, listing, and for what is public also the history, with what changed."""
    Opportunity.objects.filter(pk=opportunity.pk).update(version=F("version") + 1)
    opportunity.refresh_from_db(fields=["version"])
    judge_again(opportunity, at=at)
    if opportunity.status not in EDITABLE:
        record(
            subject=opportunity, action=action, by=by, at=at, changes=changes,
            acting_body=opportunity.body,
        )  # fmt: skip

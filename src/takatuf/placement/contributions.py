"""What placement adds to the kernel's registries."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.kernel.capacity import miscounts
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.outbox import Template
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.references import reference
from takatuf.kernel.registries import desk_items, invariants, message_templates, reminders
from takatuf.kernel.typography import when
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.policies import counted_on
from takatuf.placement import commands, queries
from takatuf.placement.enums import HOLDING_A_SEAT
from takatuf.placement.models import Application, Covenant, Proposal
from takatuf.registry import commands as registry
from takatuf.registry import queries as registry_queries
from takatuf.registry.enums import MANAGERS, Role
from takatuf.registry.policies import STAYS, Clash, merge_clashes

LOOK_AHEAD = timedelta(days=7)
SOON = timedelta(days=3)
SAMPLE = {
    "title": "غرس شتلات", "body": "جهة", "place": "تبوك", "day": "الثلاثاء 1 ديسمبر 2026",
    "starts": "16:00", "ends": "20:00", "role": "مسعف", "reason": "سبب",
    "answer_by": "الاثنين 30 نوفمبر 16:00", "link": "https://example.org/x",
    "page": "https://example.org/opportunities/x/", "more": "", "goes_on": True,
    "chooses": True, "alike": "https://example.org/opportunities/?field=x",
}  # fmt: skip

for _name, _purpose in {
    "received": gettext_lazy("Your application arrived"),
    "received_round": gettext_lazy("Your application waits for the matching round"),
    "confirmed": gettext_lazy("You have a place"),
    "waiting": gettext_lazy("You are on the waiting list"),
    "waiting_round": gettext_lazy("The round placed others; you are next by its order"),
    "offered": gettext_lazy("A place is offered to you"),
    "invited": gettext_lazy("A body invites you"),
    "proposed": gettext_lazy("A matching round found a place for you"),
    "declined": gettext_lazy("Not this time"),
    "expired": gettext_lazy("An offer ran out"),
    "reminder": gettext_lazy("Your shift is near: are you coming?"),
    "cancelled": gettext_lazy("Your shift is cancelled"),
    "moved": gettext_lazy("Your shift moved"),
    "moved_request": gettext_lazy("The shift you asked for moved"),
    "moved_line": gettext_lazy("The shift you wait for moved"),
    "unanswered": gettext_lazy("A shift began without an answer"),
    "line_closed": gettext_lazy("A shift began and no seat became free"),
    "freed": gettext_lazy("Your place was given up"),
    "covered": gettext_lazy("Somebody comes instead of you"),
    "cover_wanted": gettext_lazy("Somebody cannot come, and you would fit"),
}.items():
    message_templates.add(f"placement.{_name}", Template(purpose=_purpose, sample=SAMPLE))


message_templates.add(
    "placement.guardian",
    Template(
        purpose=gettext_lazy("Guardian: which opportunity the young volunteer joined"),
        sample=SAMPLE | {"minor": "سارة", "times": "- الأحد 16:00",
                         "covenant": "https://example.org/covenants/x/"},
        in_inbox=False,
    ),
)  # fmt: skip


message_templates.add(
    "placement.swap_wanted",
    Template(
        purpose=gettext_lazy("Somebody asks to swap shifts with you"),
        sample=SAMPLE | {"theirs": {"day": "الخميس 3 ديسمبر 2026", "starts": "16:00",
                                    "ends": "20:00"}},
    ),
)  # fmt: skip
message_templates.add(
    "placement.changed_hands",
    Template(
        purpose=gettext_lazy("Who runs the work: somebody else comes to a shift"),
        sample=SAMPLE,
    ),
)


@invariants.register("seats taken are the places held")
def seats_add_up() -> Iterator[str]:
    return miscounts(opportunities.shift_roles().model, "applications", HOLDING_A_SEAT)


@invariants.register("places belong to the opportunity of their shift")
def places_fit_their_shift() -> Iterator[str]:
    for row in queries.misplaced():
        yield f"placement.application:{row.pk} names a shift or role of another opportunity"


@invariants.register("rounds are what their plans say")
def rounds_match_their_plans() -> Iterator[str]:
    for row in queries.unlike_their_plans():
        yield f"placement.round:{row.pk} is not what its plan says; ask verify_round {row.pk}"


@invariants.register("approved proposals are places of the same person and role")
def approvals_fit_their_places() -> Iterator[str]:
    for row in queries.approved_for_another():
        yield f"placement.proposal:{row.pk} is approved as another person's or role's place"


@invariants.register("approved proposals hold a place, and ended ones none")
def proposals_and_their_places() -> Iterator[str]:
    for row in queries.unlike_their_places():
        yield f"placement.proposal:{row.pk} is {row.status}, and its place is not"


@invariants.register("no round approves somebody for two places at one time")
def nobody_is_in_two_places() -> Iterator[str]:
    for row in queries.approved_twice():
        yield f"placement.proposal:{row.pk} overlaps another of the same person and round"


@invariants.register("rounds propose no more people than seats")
def no_more_than_seats() -> Iterator[str]:
    for row in queries.overproposed():
        yield f"placement.roundplace:{row.pk} has {row.live} proposed for {row.seats} seats"


@invariants.register("rounds stand as their proposals do")
def rounds_stand_as_decided() -> Iterator[str]:
    for row in queries.unlike_their_proposals():
        yield f"placement.round:{row.pk} is {row.status}, its proposals are not"


@invariants.register("places to be covered are somebody's")
def covers_have_places() -> Iterator[str]:
    for row in queries.covers_without_place():
        yield f"placement.cover:{row.pk} is open for a place that is over"


@reminders.register("placement: offers that ran out")
@every(minutes=3)
def expire_offers(at: datetime) -> int:
    return commands.expire_offers(at=at)


@reminders.register("placement: shifts that began without an answer")
@every(minutes=10)
def close_overtaken(at: datetime) -> int:
    return commands.close_overtaken(at=at)


@reminders.register("placement: shifts within two days")
@every(minutes=15)
def remind_of_shifts(at: datetime) -> int:
    return commands.remind_of_shifts(at=at)


@reminders.register("placement: rounds that are over or stand still")
@every(minutes=15)
def end_rounds(at: datetime) -> int:
    return commands.give_up_stalled(at=at) + commands.close_rounds_over(at=at)


@reminders.register("placement: places that look for others still")
@every(minutes=30)
def ask_next(at: datetime) -> int:
    return commands.ask_next(at=at)


@reminders.register("placement: places nobody covered in time")
@every(minutes=10)
def close_covers(at: datetime) -> int:
    return commands.close_covers_over(at=at)


@desk_items.register("placement: applications to answer")
def applications_to_answer(_person, offices, at: datetime) -> list[DeskItem]:
    """One line an opportunity: how many wait, and until when the first is due."""
    bodies = managed_bodies(offices)
    if not bodies:
        return []
    return [
        DeskItem(
            title=ngettext(
                "%(count)s application waits: %(title)s",
                "%(count)s applications wait: %(title)s",
                row["waiting"],
            )
            % {"count": row["waiting"], "title": row["opportunity__title"]},
            detail=_("People hear from you within five working days, and before their shift."),
            action=_("Review"),
            url=reverse("placement:applicants", args=[row["opportunity__code"]]),
            label=_("Applications"),
            tone="bad" if row["due"] and row["due"] <= at else "warn",
            due_at=row["due"],
        )
        for row in queries.waiting_by_opportunity(bodies)
    ]


def _applications(body, due_by) -> Iterator[registry.Waiting]:
    for row in queries.waiting_for_body(body, due_by):
        opportunity = row.opportunity
        yield registry.Waiting(
            ref=reference(row), title=opportunity.title, body=opportunity.body,
            due_at=row.answer_due_at, barred=frozenset([row.person_id]),
            page=("placement:applicants", (opportunity.code,)),
        )  # fmt: skip


registry.office_queues.add(
    "placement.applications",
    registry.OfficeQueue(
        roles=MANAGERS, page="site:desk", find=_applications,
        words=lambda n: ngettext(
            "%(count)s application waits for an answer",
            "%(count)s applications wait for an answer", n,
        ) % {"count": n},
    ),
)  # fmt: skip


@desk_items.register("placement: skills to confirm")
def skills_to_confirm(person, offices, at: datetime) -> list[DeskItem]:
    bodies = managed_bodies(offices)
    if not bodies:
        return []
    return [
        DeskItem(
            title=_("%(name)s asks you to confirm: %(skill)s")
            % {"name": row.person, "skill": row.skill.name},
            detail=row.body.name,
            action=_("Answer"),
            url=reverse("placement:person_skills", args=[row.body.code, row.person.ref]),
            label=_("Skill"),
            tone="bad" if row.due_at <= at else "warn",
            due_at=row.due_at,
        )
        for row in registry_queries.skill_requests_to(bodies)[:20]
        if row.person_id != person.pk
    ]


def _skills(body, due_by) -> Iterator[registry.Waiting]:
    rows = (
        registry_queries.skill_requests_to([body.pk], due_by)
        if body
        else registry_queries.skill_requests_waiting(due_by)
    )
    for row in rows:
        yield registry.Waiting(
            ref=reference(row), title=row.skill.name, body=row.body, due_at=row.due_at,
            barred=frozenset([row.person_id]),
            page=("placement:person_skills", (row.body.code, row.person.ref)),
        )  # fmt: skip


registry.office_queues.add(
    "placement.skills",
    registry.OfficeQueue(
        roles=MANAGERS, page="site:desk", find=_skills,
        words=lambda n: ngettext(
            "%(count)s skill waits to be confirmed", "%(count)s skills wait to be confirmed", n
        ) % {"count": n},
    ),
)  # fmt: skip


@desk_items.register("placement: shifts short of people")
def shifts_short_of_people(_person, offices, at: datetime) -> list[DeskItem]:
    bodies = managed_bodies(offices)
    if not bodies:
        return []
    short: dict[int, list] = {}
    for role in queries.short_of_people(bodies, at=at, until=at + LOOK_AHEAD):
        short.setdefault(role.shift.opportunity_id, []).append(role)
    return [_short(roles, at) for roles in short.values()]


def _short(roles: list, at: datetime) -> DeskItem:
    """One line an opportunity: its next shift that is short, and how many more are."""
    shift = roles[0].shift
    missing = sum(r.minimum - r.confirmed for r in roles if r.shift_id == shift.pk)
    later = len({role.shift_id for role in roles}) - 1
    detail = [when(shift.starts_at)]
    if later:
        more = ngettext("one later shift too", "%(count)s later shifts too", later)
        detail.append(more % {"count": later})
    return DeskItem(
        title=ngettext(
            "%(title)s needs %(count)s more", "%(title)s needs %(count)s more", missing
        )
        % {"count": missing, "title": shift.opportunity.title},
        detail=" · ".join(detail),
        action=_("Invite people"),
        url=reverse("placement:applicants", args=[shift.opportunity.code])
        + f"?shift={shift.pk}",
        label=_("Short of people"),
        tone=_urgency(shift.starts_at - at),
        due_at=shift.starts_at,
        main=True,
    )


def _urgency(left: timedelta) -> str:
    if left < timedelta(days=1):
        return "bad"
    return "warn" if left < SOON else "neutral"


@desk_items.register("placement: proposals to decide")
def proposals_to_decide(_person, offices, at: datetime) -> list[DeskItem]:
    """One line a round."""
    bodies = managed_bodies(offices)
    regional = any(o.role == Role.DESK and o.body.is_desk for o in offices)
    if not bodies and not regional:
        return []
    today = timezone.localdate(at)
    return [
        DeskItem(
            title=ngettext(
                "%(count)s proposal waits for approval",
                "%(count)s proposals wait for approval",
                row["waiting"],
            )
            % {"count": row["waiting"]},
            detail=_("Volunteers hear of it once you approve."),
            action=_("See the plan"),
            url=reverse("placement:round", args=[row["round_id"]]),
            label=_("Matching round"),
            tone="bad" if row["round__first_day"] <= today else "warn",
        )
        for row in queries.rounds_on_desk(bodies, regional=regional)
    ]


def managed_bodies(offices) -> list[int]:
    """The bodies whose applications these offices answer."""
    return [o.body_id for o in offices if o.role in MANAGERS]


# ---------------------------------------------------------------- times of shifts
counted_on.add("placement", queries.is_counted_on)

# ---------------------------------------------------------------- people under two records
merge_clashes.add(
    "placement.Application",
    Clash(settle=gettext_lazy("Both records have a place on one shift: withdraw one first.")),
)
merge_clashes.add("placement.Covenant", STAYS)
merge_clashes.add("placement.CoverAsk", STAYS)  # asked twice under two names: one answer does
merge_clashes.add(
    "placement.Proposal",
    Clash(
        settle=gettext_lazy(
            "A matching round proposes both records for one shift: reject one of the two first."
        )
    ),
)


# ---------------------------------------------------------------- what is personal
def _values_of(model, field: str):
    def export(person) -> list[str]:
        rows = model.objects.filter(person=person).exclude(**{field: ""}).order_by("pk")
        return list(rows.values_list(field, flat=True))

    return export


_WHY_LEFT = gettext_lazy("To let the body know why a place was left or refused")
_SIGNED = gettext_lazy("The minor's signature on the covenant of an opportunity")
for _model, _field, _why, _erase in [
    (Application, "message", gettext_lazy("To judge an application"), Erase.CLEAR),
    (Application, "reason", _WHY_LEFT, Erase.CLEAR),
    (Covenant, "signed_name", _SIGNED, Erase.KEEP),
    (Proposal, "reason", gettext_lazy("Why a proposal was not approved"), Erase.CLEAR),
]:
    classify(
        PersonalField(
            model=_model._meta.label, field=_field, purpose=_why, erase=_erase,
            who_may_see=gettext_lazy("The person and the body"),
            export=_values_of(_model, _field),
        )
    )  # fmt: skip

"""What attendance adds to the kernel's registries."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from takatuf.attendance import commands, queries
from takatuf.attendance.importing import HoursImporter
from takatuf.attendance.models import HourClaim, HourEntry, HourNote, PeopleServed, Presence
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.measures import Measure
from takatuf.kernel.outbox import Template
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.references import reference
from takatuf.kernel.registries import (
    desk_items,
    importers,
    invariants,
    measures,
    message_templates,
    reminders,
)
from takatuf.kernel.typography import when
from takatuf.opportunities import commands as opportunities
from takatuf.registry import commands as registry
from takatuf.registry import queries as people
from takatuf.registry.enums import MANAGERS
from takatuf.registry.policies import Clash, closing_obstacles, merge_clashes, merge_obstacles

SOON = timedelta(hours=24)
ANSWER_WITHIN = timedelta(days=7)
MOST_ITEMS = 5

importers.add("hours", HoursImporter())
opportunities.marks_on_sheets.add("attendance", commands.take_back_marks)

# ---------------------------------------------------------------- messages
SAMPLE = {
    "title": "غرس شتلات الحي", "body_ar": "جهة", "body_en": "A body", "hours": "3.5 ساعات",
    "day": "الثلاثاء 1 ديسمبر 2026", "recorded": "4 ساعات", "reason": "سبب", "link": "https://example.org/x",
}  # fmt: skip
for _name, _purpose in {
    "approved": gettext_lazy("Hours were approved"),
    "certificate": gettext_lazy("The last hours were approved: the certificate can be had"),
    "rejected": gettext_lazy("Hours were not approved, and why"),
    "reversed": gettext_lazy("Approved hours were taken back, and why"),
}.items():  # fmt: skip
    message_templates.add(
        f"attendance.{_name}",
        Template(purpose=_purpose, sample=SAMPLE),  # type: ignore[arg-type]
    )


# ---------------------------------------------------------------- time
@reminders.register("attendance: check-outs nobody recorded")
@every(minutes=5)
def assume_forgotten_checkouts(at: datetime) -> int:
    return commands.assume_forgotten_checkouts(at=at)


@reminders.register("attendance: shifts that begin with people marked early")
@every(minutes=5)
def start_begun_shifts(at: datetime) -> int:
    return commands.start_begun_shifts(at=at)


@reminders.register("attendance: hours of the last 56 days")
@every(hours=24)
def recount_recent_minutes(at: datetime) -> int:
    return commands.recount_recent_minutes(at=at)


# ---------------------------------------------------------------- desks
@desk_items.register("attendance: day sheets")
def day_sheets(person, offices, at: datetime) -> list[DeskItem]:
    """Shifts the person runs: over and not closed, or within a day."""
    found = queries.sheets_of(queries.reach_of(person, offices), at=at)
    wanted = [shift for shift in found if shift.starts_at < at + SOON][:MOST_ITEMS]
    return [_sheet_item(shift, at) for shift in wanted]


def _sheet_item(shift, at: datetime) -> DeskItem:
    over = shift.ends_at <= at
    going_on = shift.starts_at <= at < shift.ends_at
    # Shifts of one opportunity differ by their hour alone.
    detail = [when(shift.starts_at)]
    if over:
        detail.append(_("The shift is over: hours count once its sheet is closed."))
    elif going_on:
        detail.append(_("Who is here? Mark them as they come."))
    return DeskItem(
        title=shift.opportunity.title,
        detail=" · ".join(detail),
        action=_("Check and close") if over else _("Day sheet"),
        url=reverse("attendance:day_sheet", args=[shift.pk]),
        label=_("Close the sheet") if over else _("Now") if going_on else _("Soon"),
        tone="warn" if over else "neutral",
        due_at=shift.ends_at if over else shift.starts_at,
        main=over or going_on,
    )


@desk_items.register("attendance: hours to answer")
def hours_to_answer(person, offices, at: datetime) -> list[DeskItem]:
    reach = queries.reach_of(person, offices)
    own_refs = people.refs_of(person) if reach.bodies else ()
    waiting = queries.waiting_counts(reach, own_refs)
    lines = {
        "approve": (
            ngettext("Hours of %(n)s entry to approve", "Hours of %(n)s entries to approve",
                     waiting["approve"]["n"]),
            _("They count once a manager approves them."), _("Approve"),
        ),
        "confirm": (
            ngettext("Assumed hours of %(n)s entry to confirm",
                     "Assumed hours of %(n)s entries to confirm", waiting["confirm"]["n"]),
            _("Nobody recorded when they left."), _("Confirm"),
        ),
    }  # fmt: skip
    return [
        DeskItem(
            title=title % {"n": waiting[name]["n"]},
            detail=detail,
            action=action,
            url=reverse("attendance:approvals"),
            label=_("Hours"),
            tone="warn" if waiting[name]["oldest"] <= at - ANSWER_WITHIN else "neutral",
            due_at=waiting[name]["oldest"] + ANSWER_WITHIN,
        )
        for name, (title, detail, action) in lines.items()
        if waiting[name]["n"]
    ]


@desk_items.register("attendance: people served")
def served_to_confirm(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    rows = queries.served_to_confirm(queries.reach_of(person, offices))
    waiting = [one for one in rows[:200] if one.entered_by_id != person.pk]
    if not waiting:
        return []
    words = ngettext(
        "People served at %(n)s shift to confirm",
        "People served at %(n)s shifts to confirm",
        len(waiting),
    )
    return [
        DeskItem(
            title=words % {"n": len(waiting)},
            detail=waiting[0].shift.opportunity.title,
            action=_("Confirm"),
            url=reverse("attendance:approvals"),
            label=pgettext("people served", "Figures"),
            due_at=waiting[0].entered_at + ANSWER_WITHIN,
        )
    ]


# ---------------------------------------------------------------- offices are told
def _hours_waiting(body, due_by) -> Iterator[registry.Waiting]:
    found = list(queries.hours_waiting(body, due_by and due_by - ANSWER_WITHIN))
    entered_by = queries.entered_by(found)
    for claim in found:
        shift = claim.presence.shift if claim.presence else None
        yield registry.Waiting(
            ref=reference(shift or claim), title=claim.what, body=claim.body,
            due_at=(shift.ends_at if shift else claim.ended_at) + ANSWER_WITHIN,
            page=("attendance:approvals", ()),
            barred=entered_by[claim.pk] | ({claim.person_id} - {None}),
        )  # fmt: skip


def _served_waiting(body, due_by) -> Iterator[registry.Waiting]:
    for served in queries.served_waiting(body, due_by and due_by - ANSWER_WITHIN):
        opportunity = served.shift.opportunity
        yield registry.Waiting(
            ref=reference(served), title=opportunity.title, body=opportunity.body,
            due_at=served.entered_at + ANSWER_WITHIN, page=("attendance:approvals", ()),
            barred=frozenset([served.entered_by_id or 0]),
        )  # fmt: skip


registry.office_queues.add(
    "attendance.hours",
    registry.OfficeQueue(
        roles=MANAGERS, find=_hours_waiting,
        words=lambda n: ngettext(
            "Hours of %(n)s entry to approve", "Hours of %(n)s entries to approve", n
        ) % {"n": n},
    ),
)  # fmt: skip
registry.office_queues.add(
    "attendance.served",
    registry.OfficeQueue(
        roles=MANAGERS, find=_served_waiting,
        words=lambda n: ngettext(
            "People served at %(n)s shift to confirm",
            "People served at %(n)s shifts to confirm", n,
        ) % {"n": n},
    ),
)  # fmt: skip


# ---------------------------------------------------------------- public figures
measures.add(
    "approved_hours",
    Measure(
        title=gettext_lazy("approved volunteer hours"),
        definition=gettext_lazy(
            "Hours worked in the last twelve months that a second person of the body approved. "
            "Imported hours are not among them."
        ),
        compute=queries.approved_hours,
        counted=lambda n: ngettext("approved volunteer hour", "approved volunteer hours", n),
    ),
)
measures.add(
    "proven_share",
    Measure(
        title=gettext_lazy("hours proven on the day"),
        definition=gettext_lazy(
            "The share of the approved hours of the last twelve months that were scanned, or "
            "confirmed by whoever ran the day."
        ),
        compute=queries.proven_share,
    ),
)
measures.add(
    "active_volunteers",
    Measure(
        title=gettext_lazy("active volunteers"),
        definition=gettext_lazy(
            "People who came to a shift or had hours approved in the last twelve months, each "
            "counted once."
        ),
        compute=queries.active_volunteers,
        counted=lambda n: ngettext("active volunteer", "active volunteers", n),
    ),
)


# ---------------------------------------------------------------- invariants
@invariants.register("hour claims mirror their last ledger line")
def claims_mirror_the_ledger() -> Iterator[str]:
    for claim in queries.claims_out_of_step():
        yield f"attendance.hourclaim:{claim.pk} says another thing than its last line"
    for claim in queries.sheet_claims_out_of_step():
        yield f"attendance.hourclaim:{claim.pk} says another thing than the day sheet"
    for claim in queries.claims_of_somebody_else():
        yield f"attendance.hourclaim:{claim.pk} names another person than its first line"


@invariants.register("the hours ledger is whole")
def broken_ledger() -> Iterator[str]:
    """Every line's digest is right, follows the one before, and covers its words."""
    previous: HourEntry | None = None
    for entry in queries.entries_in_order():
        if previous is None or previous.claim_id != entry.claim_id:
            previous = None
        for fault in commands.faults_of(entry, previous):
            yield f"attendance.hourentry:{entry.pk}: {fault}"
        previous = entry


@invariants.register("nobody approves hours of their own")
def self_approved() -> Iterator[str]:
    for entry in queries.self_approved():
        yield f"attendance.hourentry:{entry.pk} was approved by who owns, entered or marked it"


@invariants.register("hours of one person at one time count once")
def counted_once() -> Iterator[str]:
    for claim in queries.counted_twice_already().iterator():
        yield (
            f"attendance.hourclaim:{claim.pk} counts minutes of accounts.person:"
            f"{claim.person_id} that another claim counts too"
        )


@invariants.register("volunteers' totals are what the ledger counts")
def totals_add_up() -> Iterator[str]:
    for person, total, counted in queries.totals_out_of_step():
        yield f"accounts.person:{person} has {total} minutes, the ledger counts {counted}"


@invariants.register("certificates print no more than is approved")
def certificates_follow_the_ledger() -> Iterator[str]:
    for serial, printed, approved in queries.certificates_beyond_the_ledger():
        yield f"certificate {serial} prints {printed} minutes, {approved} are approved"


@invariants.register("marks on day sheets and outcomes of places agree")
def sheets_agree_with_places() -> Iterator[str]:
    for presence in queries.outcomes_out_of_step():
        yield f"attendance.presence:{presence.pk} says another thing than its place"
    for place in queries.attended_without_a_mark():
        yield f"placement.application:{place.pk} has an outcome no day sheet knows of"


@invariants.register("nobody is still there on a closed day sheet")
def closed_sheets_are_complete() -> Iterator[str]:
    for presence in queries.present_on_closed_sheets():
        yield f"attendance.presence:{presence.pk} is open on a closed sheet"


# ---------------------------------------------------------------- bodies that close
@closing_obstacles.register("attendance")
def hours_unanswered(body) -> str:
    """Nobody could approve them once its offices have ended."""
    n = queries.unanswered_of(body).count()
    words = ngettext(
        "Hours of %(n)s entry wait for an answer: approve or refuse them first.",
        "Hours of %(n)s entries wait for an answer: approve or refuse them first.",
        n,
    )
    return words % {"n": n} if n else ""


# ---------------------------------------------------------------- people under two records
@merge_obstacles.register("attendance")
def one_approved_the_other(keep, drop) -> str:
    """As one person they would have approved their own hours."""
    refs = people.refs_of(keep) | people.refs_of(drop)
    if queries.approved_among(refs).exists():
        return _(
            "One of the records approved hours of the other: have the body take these hours "
            "back first."
        )
    return ""


merge_clashes.add(
    "attendance.Presence",
    Clash(settle=gettext_lazy("Both records are on the day sheet of one shift.")),
)


@merge_obstacles.register("attendance: people served")
def one_confirmed_the_other_s_figure(keep, drop) -> str:
    """As one person they would have confirmed their own figure. Nobody takes one back."""
    served = queries.served_by_both(keep, drop).order_by("pk").first()
    if served is None:
        return ""
    return _(
        "One of the records entered how many people were served (%(work)s, %(day)s), and the "
        "other confirmed it: such a figure stands on two people, so these two stay apart."
    ) % {"work": served.shift.opportunity.title, "day": when(served.shift.starts_at)}


@merge_obstacles.register("attendance: hours at the same time")
def counted_twice(keep, drop) -> str:
    """Nobody works at two places at once: the same hours would count twice."""
    claim = queries.counted_twice(drop, keep).order_by("started_at").first()
    if claim is None:
        return ""
    return _(
        "Both records have approved hours at the same time (%(work)s, %(day)s): have the body "
        "take one of them back first."
    ) % {"work": claim.what, "day": when(claim.started_at)}


# ---------------------------------------------------------------- personal data
BODY = gettext_lazy("Whoever runs the day, and the body's managers")
SEEN_BY = {
    "minutes": gettext_lazy(
        "Whoever runs the day, and the body's managers. Another body's managers learn which "
        "minutes overlap hours that wait for them, no more."
    )
}


def _rows(model, owner: str, field: str):
    def export(person):
        rows = model.objects.filter(**{owner: person}).order_by("pk")
        return [str(value) for value in rows.values_list(field, flat=True)]

    return export


for _model, _owner, _field, _purpose, _erase in [
    (Presence, "person", "came_at", gettext_lazy("Who came to a shift, and when"), Erase.KEEP),
    (Presence, "person", "left_at", gettext_lazy("Who left a shift, and when"), Erase.KEEP),
    (Presence, "person", "note", gettext_lazy("A word for whoever runs the day"), Erase.CLEAR),
    (HourClaim, "person", "minutes", gettext_lazy("What the certificate rests on"), Erase.KEEP),
    (HourClaim, "person", "person", gettext_lazy("Whose hours they are"), Erase.CLEAR),
    (HourNote, "entry__claim__person", "reason",
     gettext_lazy("Why hours were not approved or were taken back"), Erase.DELETE_ROW),
    (PeopleServed, "entered_by", "basis", gettext_lazy("How people served were counted"),
     Erase.KEEP),
]:  # fmt: skip
    classify(
        PersonalField(
            model=f"attendance.{_model.__name__}", field=_field, purpose=_purpose,
            who_may_see=SEEN_BY.get(_field, BODY), export=_rows(_model, _owner, _field),
            erase=_erase,
        )
    )  # fmt: skip

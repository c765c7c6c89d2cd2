"""What opportunities add to the kernel's registries."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.kernel import search
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.measures import Measure
from takatuf.kernel.outbox import Template
from takatuf.kernel.references import reference
from takatuf.kernel.registries import (
    desk_items,
    importers,
    invariants,
    measures,
    message_templates,
    reminders,
    ui_parts,
)
from takatuf.kernel.typography import ago, when
from takatuf.kernel.working_days import end_of, usual_due
from takatuf.opportunities import commands, queries
from takatuf.opportunities.enums import Class, OpportunityStatus
from takatuf.opportunities.importing import OpportunitiesImporter
from takatuf.opportunities.queries import counts
from takatuf.opportunities.specimens import list_parts
from takatuf.registry import commands as registry
from takatuf.registry import queries as registry_queries
from takatuf.registry.enums import MANAGERS, Role
from takatuf.registry.policies import GOES, closing_obstacles, merge_clashes

MOST_ITEMS = 5  # of one kind in the queue; the rest is on the studio's page

importers.add("opportunities", OpportunitiesImporter())
ui_parts.add("opportunities: list", list_parts)
LABELS = ("needs_label_ar", "needs_label_en")

# ---------------------------------------------------------------- messages
SAMPLE = {
    "title": "تعبئة السلال الغذائية",
    "body": "جمعية تجريبية",
    "reason": "المهام غير واضحة",
    "until": date(2026, 12, 23),
    "link": "https://example.org/studio/ABCD/",
    "stop": "https://example.org/no-more/x/",
}
for _name, _purpose in {
    "published": gettext_lazy("A reviewer published an opportunity"),
    "returned": gettext_lazy("A reviewer sent an opportunity back"),
    "reconfirm": gettext_lazy("A listing ends unless it is confirmed"),
    "wish_confirm": gettext_lazy("Confirming an address for news of opportunities"),
    "wish_answered": gettext_lazy("An opportunity somebody wished for was published"),
}.items():
    message_templates.add(f"opportunities.{_name}", Template(purpose=_purpose, sample=SAMPLE))  # type: ignore[arg-type]


# ---------------------------------------------------------------- bodies
registry_queries.open_work.add("opportunities", counts.open_of)


@closing_obstacles.register("opportunities")
def open_opportunities(body) -> str:
    """Who has a place hears why from those who run the day: they end these first."""
    n = queries.not_over().filter(body=body).count()
    words = ngettext(
        "%(n)s opportunity is open or with a reviewer: close or cancel it first.",
        "%(n)s opportunities are open or with a reviewer: close or cancel them first.",
        n,
    )
    return words % {"n": n} if n else ""


@invariants.register("closed bodies have no open opportunities")
def open_under_a_closed_body() -> Iterator[str]:
    for row in queries.open_under_closed_bodies():
        yield f"opportunities.opportunity:{row.pk} is {row.status}, and its body is closed"


# ---------------------------------------------------------------- desks
def _bodies(offices) -> list:
    runs = MANAGERS
    return [office.body_id for office in offices if office.role in runs]


@desk_items.register("opportunities: to mend")
def drafts_to_mend(_person, offices, _at: datetime) -> list[DeskItem]:
    bodies = _bodies(offices)
    if not bodies:
        return []
    return [_to_mend(row) for row in queries.to_mend(bodies)[:MOST_ITEMS]]


def _to_mend(row) -> DeskItem:
    returned = row.status == OpportunityStatus.RETURNED
    return DeskItem(
        title=_("“%(title)s”: quality %(score)s/10")
        % {"title": row.title or _("New opportunity"), "score": row.quality},
        detail=_("It came back with reasons.") if returned else _("It is not handed in yet."),
        action=_("Go on designing"),
        url=reverse("opportunities:design", args=[row.code, "review"]),
        label=str(row.get_status_display()) if not returned else _("Returned"),
        tone="warn" if returned else "neutral",
        main=returned,
    )


@desk_items.register("opportunities: to confirm")
def listings_to_confirm(_person, offices, at: datetime) -> list[DeskItem]:
    bodies = _bodies(offices)
    if not bodies:
        return []
    today = timezone.localdate(at)
    return [
        DeskItem(
            title=_("Does “%(title)s” still stand?") % {"title": row.title},
            detail=_("Listed until %(day)s.") % {"day": when(row.reconfirm_by)},
            action=_("It still stands"),
            url=reverse("opportunities:manage", args=[row.code]),
            label=_("To confirm"),
            tone="bad" if (row.reconfirm_by or today) < today else "warn",
            due_at=end_of(row.reconfirm_by or today),
        )
        for row in queries.to_confirm(bodies, at)[:MOST_ITEMS]
    ]


@desk_items.register("opportunities: in review")
def waiting_for_review(_person, offices, at: datetime) -> list[DeskItem]:
    reviewing = (Role.REVIEWER, Role.DESK)
    if not any(office.role in reviewing and office.body.is_desk for office in offices):
        return []
    rows = list(queries.in_review()[:100])
    if not rows:
        return []
    due_at = usual_due(rows[0].submitted_at or at)
    return [
        DeskItem(
            title=ngettext(
                "%(n)s opportunity waits for a reviewer",
                "%(n)s opportunities wait for a reviewer",
                len(rows),
            )
            % {"n": len(rows)},
            detail=format_html("{} · <bdi>{}</bdi>", ago(rows[0].submitted_at), rows[0].title),
            action=_("Review"),
            url=reverse("opportunities:review_queue"),
            label=_("Review"),
            tone="bad" if due_at <= at else "warn",
            due_at=due_at,
        )
    ]  # fmt: skip


def _to_review(_body, due_by) -> Iterator[registry.Waiting]:
    for row in queries.in_review():
        due_at = usual_due(row.submitted_at or row.created_at)
        if due_by is not None and due_at > due_by:
            continue
        own = registry_queries.holders_of(row.body, MANAGERS)
        yield registry.Waiting(
            ref=reference(row), title=row.title, body=None, due_at=due_at,
            page=("opportunities:review_queue", ()),
            barred=frozenset([row.submitted_by_id or 0, row.created_by_id or 0,
                              *own.values_list("person_id", flat=True)]),
        )  # fmt: skip


registry.office_queues.add(
    "opportunities.review",
    registry.OfficeQueue(
        roles=(Role.REVIEWER, Role.DESK), find=_to_review,
        words=lambda n: ngettext(
            "%(n)s opportunity waits for a reviewer",
            "%(n)s opportunities wait for a reviewer", n,
        ) % {"n": n},
    ),
)  # fmt: skip


# ---------------------------------------------------------------- people under two records
merge_clashes.add("opportunities.Wish", GOES)


# ---------------------------------------------------------------- figures
measures.add(
    "open_opportunities",
    Measure(
        title=gettext_lazy("open opportunities"),
        definition=gettext_lazy(
            "Published opportunities with a shift to come, confirmed by their body "
            "within thirty days."
        ),
        compute=counts.open_by_place,
        counted=lambda n: ngettext("open opportunity", "open opportunities", n),
    ),
)
measures.add(
    "open_skilled",
    Measure(
        title=gettext_lazy("skilled among them"),
        definition=gettext_lazy(
            "Open opportunities of the class “skilled”: they ask for a skill."
        ),
        compute=partial(counts.open_by_place, klass=Class.SKILLED),
    ),
)
measures.add(
    "open_professional",
    Measure(
        title=gettext_lazy("professional among them"),
        definition=gettext_lazy(
            "Open opportunities of the class “professional”: experts give their profession."
        ),
        compute=partial(counts.open_by_place, klass=Class.PROFESSIONAL),
    ),
)
measures.add(
    "open_seats",
    Measure(
        title=gettext_lazy("free seats"),
        definition=gettext_lazy(
            "Seats nobody has taken in the coming shifts of open opportunities."
        ),
        compute=counts.seats_by_place,
        counted=lambda n: ngettext("free seat", "free seats", n),
    ),
)


# ---------------------------------------------------------------- time
@reminders.register("opportunities: follow the clock")
def follow_the_clock(at: datetime) -> int:
    return commands.refresh_passed(at=at)


@reminders.register("opportunities: ask whether listings still stand")
@every(hours=1)
def ask_to_confirm(at: datetime) -> int:
    return commands.remind_to_confirm(at=at)


# ---------------------------------------------------------------- search
@search.sources.register("opportunities")
def documents() -> Iterable:
    for row in counts.shown_ones().iterator(chunk_size=500):
        yield search.build(row, **commands.search_row(row, at=row.created_at))


# ---------------------------------------------------------------- invariants
@invariants.register("opportunities count the seats of their planned shifts")
def seats_are_counted() -> Iterator[str]:
    for pk, stored, right in counts.seats_miscounted():
        yield f"opportunities.opportunity:{pk} counts {stored}, its planned shifts {right}"


@invariants.register("what lists show is what the rows say")
def derived_columns() -> Iterator[str]:
    for row in counts.wrongly_listed():
        yield f"opportunities.opportunity:{row.pk} is {row.status} and listed: {row.listed}"
    unsaid = () if commands.has_texts() else LABELS  # the site's own process knows the words
    for pk, column in counts.derived_wrongly(commands.derive, timezone.now()):
        if column in unsaid:
            continue
        yield f"opportunities.opportunity:{pk}: {column} is out of date"


@invariants.register("what answers a need is traced to it")
def answers_are_traced() -> Iterator[str]:
    for row in counts.untraced_answers():
        yield f"opportunities.opportunity:{row.pk} answers a need and no trace says so"


@invariants.register("what is over has no shift to come")
def over_means_over() -> Iterator[str]:
    for row in counts.closed_with_live_shifts():
        yield f"opportunities.opportunity:{row.pk} is {row.status} and has a live shift"
    for shift in counts.running_without_public():
        yield f"opportunities.shift:{shift.pk} runs though its opportunity is not public"
    for shift in counts.moved_in_circles():
        yield f"opportunities.shift:{shift.pk} moved to another opportunity"

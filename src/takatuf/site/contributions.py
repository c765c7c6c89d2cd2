"""What the site adds to the kernel's registries."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takatuf.attendance import queries as attendance
from takatuf.kernel import stuck, traces
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.registries import desk_items, reminders, ui_parts
from takatuf.kernel.specimens import Part
from takatuf.kernel.typography import when
from takatuf.kernel.working_days import end_of
from takatuf.opportunities import queries as opportunities
from takatuf.registry.enums import Role
from takatuf.site import commands
from takatuf.site.queries.home import spots
from takatuf.site.region_map import draw


@reminders.register("site: count the public figures")
@every(minutes=5)
def count_figures(at: datetime) -> int:
    return commands.count_figures(at=at)


@ui_parts.register("site: map")
def map_part() -> Part:
    """The region's map with no opening, few and many in a governorate."""
    places = spots({"tabuk": 1204, "duba": 62, "umluj": 7, "tayma": 1})
    page = {"places": places, "drawing": draw(places)}
    return Part(template="site/ui_map.html", stylesheet="site/site.css", context=page)


@traces.describers.register("opportunities.opportunity")
def opportunities_with_what_they_reached(keys: list[str]) -> dict[str, traces.Linked]:
    rows = opportunities.public_by_keys(keys)
    reached = attendance.reached_by(row.pk for row in rows)
    return {str(row.pk): _linked(row, *reached[row.pk]) for row in rows}


def _linked(row, people: int, minutes: int) -> traces.Linked:
    hours = round(minutes / 60)
    facts = []
    if row.listed and row.next_start:
        facts.append(_("Next: %(time)s") % {"time": when(row.next_start)})
    if people:
        words = ngettext("%(n)s person served", "%(n)s people served", people)
        facts.append(words % {"n": f"{people:,}"})
    if hours:
        words = ngettext("%(n)s approved hour", "%(n)s approved hours", hours)
        facts.append(words % {"n": f"{hours:,}"})
    together = [fact.replace(" ", "\N{NO-BREAK SPACE}") for fact in facts]
    return traces.Linked(
        title=row.title, url=reverse("site:opportunity", args=[row.code]),
        state=str(row.get_status_display()),
        whose=" · ".join(part for part in (row.body.name, row.place) if part),
        facts=" · ".join(together),
        is_demo=row.is_demo,
    )  # fmt: skip


@desk_items.register("site: stuck messages and failed jobs")
def stuck_things(_person, offices, at: datetime) -> list[DeskItem]:
    if not any(office.role == Role.DESK and office.body.is_desk for office in offices):
        return []
    waiting = stuck.count()
    if not waiting:
        return []
    return [
        DeskItem(
            title=ngettext("%(n)s message or job is stuck", "%(n)s messages or jobs are stuck",
                           waiting) % {"n": waiting},
            detail=_("They wait for somebody to try again or dismiss them"),
            action=_("Look into it"),
            url=reverse("site:stuck"),
            label=_("Stuck"),
            tone="bad",
            due_at=end_of(timezone.localdate(at)),
        )
    ]  # fmt: skip

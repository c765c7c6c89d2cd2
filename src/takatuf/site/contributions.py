"""What the site adds to the kernel's registries."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takatuf.kernel import stuck
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.registries import desk_items, reminders
from takatuf.registry.enums import Role
from takatuf.site import commands


@reminders.register("site: count the public figures")
@every(minutes=5)
def count_figures(at: datetime) -> int:
    return commands.count_figures(at=at)


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
            due_at=at,
        )
    ]  # fmt: skip

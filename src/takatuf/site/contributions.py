"""What the site adds to the kernel's registries."""

from datetime import datetime

from takatuf.kernel.jobs import every
from takatuf.kernel.registries import reminders
from takatuf.site import commands


@reminders.register("site: count the public figures")
@every(minutes=5)
def count_figures(at: datetime) -> int:
    return commands.count_figures(at=at)

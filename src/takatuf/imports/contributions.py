"""What imports adds to the kernel: cleaning up, and sentences of check_invariants."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from takatuf.imports import commands
from takatuf.imports.enums import OVER, RowOutcome
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.queries import runs_by, runs_to_forget, stuck_runs
from takatuf.kernel.jobs import every
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.registries import invariants, reminders

SILENT = timedelta(hours=3)


@reminders.register("delete uploaded spreadsheets after their time")
@every(hours=6)
def forget_files(at: datetime) -> int:
    kept = timedelta(days=settings.IMPORT_FILE_DAYS)
    runs = list(runs_to_forget(before=at - kept))
    for run in runs:
        commands.forget(run=run, at=at)
    return len(runs)


@reminders.register("close imports whose worker never came back")
@every(minutes=30)
def close_stuck_runs(at: datetime) -> int:
    runs = list(stuck_runs(before=at - SILENT))
    for run in runs:
        commands.give_up(run=run, at=at)
    return len(runs)


@invariants.register("imports count their rows right")
def miscounted_imports() -> Iterator[str]:
    """The report of a finished import holds as many rows as its figures say."""
    counted = ImportRun.objects.filter(status__in=OVER, finished_at__isnull=False).annotate(
        bad_rows=Count("rows", filter=Q(rows__outcome=RowOutcome.BAD)),
        duplicate_rows=Count("rows", filter=Q(rows__outcome=RowOutcome.DUPLICATE)),
    )
    for run in counted.exclude(bad_rows=F("bad"), duplicate_rows=F("duplicates")):
        yield f"{run}: its report does not hold the rows its figures count"


@invariants.register("forgotten imports hold no cells")
def remembered_cells() -> Iterator[str]:
    left = ~Q(cells="") | ~Q(candidates="")
    rows = ImportRow.objects.filter(left, run__forgotten_at__isnull=False)
    for row in rows.select_related("run"):
        yield f"{row}: cells of the deleted file are still here"


classify(
    PersonalField(
        model="imports.ImportRun",
        field="by",
        purpose=_("Who imported which file, so that mistakes can be traced and mended."),
        who_may_see=_("Those who may import for the same body"),
        export=lambda person: [
            {"file": run.original_name, "kind": run.kind, "at": run.created_at.isoformat()}
            for run in runs_by(person)
        ],
        erase=Erase.KEEP,
    ),
    PersonalField(
        model="imports.ImportRow",
        field="cells",
        purpose=_(
            "Rows that could not be taken keep what the sheet says, sealed, so that they can "
            "be mended or decided; they are deleted after a set number of days."
        ),
        who_may_see=_("Those who may import for the same body"),
        # Which person a row speaks of is not known before it is taken.
        export=lambda _person: [],
        erase=Erase.KEEP,
    ),
)

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunStatus(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to confirm")
    MAPPED = "mapped", _("Being checked")
    PREVIEWED = "previewed", _("Ready to import")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Stopped")
    FAILED = "failed", _("Failed")


STEPS = {
    RunStatus.UPLOADED: {RunStatus.MAPPED, RunStatus.CANCELLED},
    RunStatus.MAPPED: {
        RunStatus.MAPPED, RunStatus.PREVIEWED, RunStatus.RUNNING, RunStatus.CANCELLED,
        RunStatus.FAILED,
    },
    RunStatus.PREVIEWED: {RunStatus.MAPPED, RunStatus.RUNNING, RunStatus.CANCELLED},
    RunStatus.RUNNING: {RunStatus.DONE, RunStatus.CANCELLED, RunStatus.FAILED},
}  # fmt: skip
WORKING = (RunStatus.MAPPED, RunStatus.RUNNING)
OVER = (RunStatus.DONE, RunStatus.CANCELLED, RunStatus.FAILED)


class Failure(models.TextChoices):
    """Why an import ended before its rows did."""

    FILE_GONE = (
        "file_gone",
        _("The uploaded file is no longer there. Upload it again: what was taken stays."),
    )
    TOO_MANY_ROWS = (
        "too_many_rows",
        _("The file has more filled days than can be taken at once. Split it into several."),
    )
    GAVE_UP = (
        "gave_up",
        _("The import stopped by itself. Upload the file again: what was taken stays."),
    )


class RowOutcome(models.TextChoices):
    """Of the rows worth keeping; a good row leaves only its fingerprint."""

    BAD = "bad", _("Cannot be imported")
    DUPLICATE = "duplicate", _("Perhaps there already")
    REMARK = "remark", _("Imported with a remark")


class Decision(models.TextChoices):
    SAME = "same", _("The same: complete what is there")
    DIFFERENT = "different", _("Another one: add it")
    SKIP = "skip", _("Leave this row out")

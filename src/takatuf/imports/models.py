import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from takatuf.imports.enums import Decision, Failure, RowOutcome, RunStatus
from takatuf.kernel.references import named
from takatuf.kernel.sayings import tell
from takatuf.kernel.sealing import SealedJSONField


def stored_name(_run, name: str) -> str:
    """Where a file of a run is kept: nothing of the person's own name for it in the path."""
    return f"imports/{uuid.uuid4().hex}{PurePath(name).suffix[:12].lower()}"


class ImportRun(models.Model):
    """One file on its way in: uploaded, mapped, checked, taken.

    ``rows_file`` is the file converted once to lines and sealed; every later step streams from
    it, and the file itself is not kept.
    ``processed`` is the cursor: it moves in the transaction that does a chunk's work.
    """

    kind = models.CharField(max_length=40)
    acting_body = models.CharField(max_length=80, blank=True)
    body_title = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=8)
    rows_file = models.FileField(upload_to=stored_name, max_length=120, blank=True)
    original_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    layout = SealedJSONField(default=list)  # layouts.py has its shape
    revision = models.PositiveIntegerField(
        default=0
    )  # counts mappings: jobs of older ones stop
    sample = SealedJSONField(default=list)
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.UPLOADED)
    total = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, choices=Failure, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_run_status_is_known",
                condition=Q(
                    status__in=[
                        "uploaded", "mapped", "previewed", "running", "done", "cancelled",
                        "failed",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="import_run_processed_is_the_sum_of_its_outcomes",
                condition=Q(
                    processed=F("imported") + F("bad") + F("duplicates") + F("unchanged")
                ),
            ),
            models.CheckConstraint(
                name="import_run_over_has_a_time",
                condition=Q(
                    status__in=["done", "cancelled", "failed"], finished_at__isnull=False
                )
                | (
                    ~Q(status__in=["done", "cancelled", "failed"])
                    & Q(finished_at__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="import_run_failed_says_why",
                condition=~Q(status="failed") | ~Q(failure=""),
            ),
            models.CheckConstraint(
                name="import_run_forgotten_has_nothing_of_its_file",
                condition=Q(forgotten_at__isnull=True) | Q(rows_file="", layout="", sample=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["by", "-id"], name="import_run_by_person"),
            models.Index(fields=["kind", "acting_body", "-id"], name="import_run_by_body"),
        ]

    def __str__(self):
        return f"{self.kind} import {self.pk}: {self.status}"

    @cached_property
    def body_name(self) -> str:
        """In the reader's language; as it was written at the upload where the body is gone."""
        return named([self.acting_body] if self.acting_body else []).get(
            self.acting_body, self.body_title
        )

    @property
    def is_working(self) -> bool:
        return self.status in (RunStatus.MAPPED, RunStatus.RUNNING)

    @property
    def is_forgotten(self) -> bool:
        """Nothing of its file can be read: deleted in time, or sealed under a lost key."""
        return not self.layout


class ImportRow(models.Model):
    """A row somebody has to look at: bad, perhaps a duplicate, or imported with a remark."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField()
    line = models.PositiveIntegerField()
    column = models.PositiveSmallIntegerField(
        default=0
    )  # from 1, of a sheet with a column a day
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    reason = SealedJSONField(default=str)  # as kernel.sayings keeps it
    field = models.CharField(max_length=40, blank=True)
    cells = SealedJSONField(default=list)
    candidates = SealedJSONField(default=list)
    may_differ = models.BooleanField(default=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "sheet", "line", "column"], name="import_row_once_per_place"
            ),
            models.CheckConstraint(
                name="import_row_outcome_is_known",
                condition=Q(outcome__in=["bad", "duplicate", "remark"]),
            ),
            models.CheckConstraint(
                name="import_row_only_a_duplicate_is_decided",
                condition=Q(decision="") | Q(outcome="duplicate"),
            ),
            models.CheckConstraint(
                name="import_row_decided_has_a_time",
                condition=Q(decision="", decided_at__isnull=True)
                | Q(decision__in=["same", "different", "skip"], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_row_taken_has_a_reference",
                condition=~Q(decision__in=["same", "different"]) | ~Q(reference=""),
            ),
        ]
        indexes = [models.Index(fields=["run", "outcome", "id"], name="import_row_by_outcome")]

    @property
    def why(self) -> str:
        """The reason in the language of the moment."""
        return tell(self.reason)

    def __str__(self):
        return f"line {self.line} of sheet {self.sheet} of import {self.run_id}: {self.outcome}"


class ImportedRow(models.Model):
    """The keyed fingerprint of a row that was taken or left out on purpose.

    With it a second import of the same row changes nothing; it tells nothing about anyone.
    """

    kind = models.CharField(max_length=40)
    scope = models.CharField(max_length=80, blank=True)
    fingerprint = models.CharField(max_length=32)
    reference = models.CharField(max_length=80, blank=True)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "scope", "fingerprint"], name="imported_row_taken_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.fingerprint}: {self.reference}"

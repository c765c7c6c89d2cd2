from django.db import models
from django.db.models import F, Q


class JobStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # every attempt used up; stays visible until somebody looks


class Job(models.Model):
    """A piece of work to do later, written in the transaction of the change that wants it."""

    task = models.CharField(max_length=200)  # dotted path of a django_tasks Task
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0)
    # Held from enqueueing to the first start: a second job of the same key is not written.
    unique_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULL: no key
    status = models.CharField(max_length=8, choices=JobStatus, default=JobStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=6)
    enqueued_at = models.DateTimeField()
    run_after = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # the latest attempt
    finished_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)  # the latest worker
    lease_until = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)  # the latest one

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_status_is_known",
                condition=Q(status__in=["waiting", "running", "done", "failed"]),
            ),
            models.CheckConstraint(
                name="job_has_a_lease_exactly_while_it_runs",
                condition=Q(status="running", lease_until__isnull=False)
                | (~Q(status="running") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_lease_names_its_worker",
                condition=Q(lease_until__isnull=True)
                | (~Q(worker="") & Q(started_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="job_has_an_end_exactly_when_finished",
                condition=Q(status__in=["done", "failed"], finished_at__isnull=False)
                | (~Q(status__in=["done", "failed"]) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_attempts_are_bounded", condition=Q(attempts__lte=F("max_attempts"))
            ),
            models.CheckConstraint(
                name="job_key_is_released_at_the_first_start",
                condition=Q(unique_key__isnull=True) | Q(status="waiting", attempts=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "-priority", "run_after", "id"],
                condition=Q(status="waiting"),
                name="job_next",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(status="running"), name="job_leases"
            ),
            models.Index(fields=["status", "finished_at"], name="job_finished"),
        ]

    def __str__(self):
        return f"job {self.pk} {self.task} ({self.status}, {self.attempts}/{self.max_attempts})"


class PeriodicRun(models.Model):
    """When a periodic function last ran, and which worker has it now."""

    name = models.CharField(max_length=120, unique=True)
    last_started = models.DateTimeField(null=True)
    last_finished = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    last_count = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="periodic_lease_names_its_worker",
                condition=Q(lease_until__isnull=True, worker="")
                | (Q(lease_until__isnull=False) & ~Q(worker="")),
            )
        ]

    def __str__(self):
        return self.name


class RateWindow(models.Model):
    """How often something was done within one window of time; the key is a keyed hash."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.key[:8]}…: {self.count}"


class CacheEntry(models.Model):
    """The table of Django's DatabaseCache, so that ``migrate`` alone makes it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_cache"

    def __str__(self):
        return self.cache_key

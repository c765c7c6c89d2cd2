"""What is thrown away in time, so that the database holds what is needed and no more."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from takatuf.kernel.jobs import every
from takatuf.kernel.models import CacheEntry, Job, JobStatus, RateWindow
from takatuf.kernel.outbox.commands import forget_words
from takatuf.kernel.registries import reminders

DONE_JOBS_KEPT = timedelta(days=7)
FAILED_JOBS_KEPT = timedelta(days=90)
MESSAGE_WORDS_KEPT = timedelta(days=180)


@reminders.register("forget expired sessions, counters and cached pages")
@every(hours=1)
def forget_expired(at: datetime) -> int:
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    cached, _ = CacheEntry.objects.filter(expires__lt=at).delete()
    windows, _ = RateWindow.objects.filter(ends_at__lt=at).delete()
    return sessions + cached + windows


@reminders.register("forget finished jobs")
@every(hours=6)
def forget_jobs(at: datetime) -> int:
    done = Job.objects.filter(status=JobStatus.DONE, finished_at__lt=at - DONE_JOBS_KEPT)
    failed = Job.objects.filter(status=JobStatus.FAILED, finished_at__lt=at - FAILED_JOBS_KEPT)
    return done.delete()[0] + failed.delete()[0]


@reminders.register("forget the words of old messages")
@every(hours=6)
def forget_messages(at: datetime) -> int:
    return forget_words(before=at - MESSAGE_WORDS_KEPT)

"""What machines are told."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from takatuf.opportunities import queries as opportunities


def touch_database() -> None:
    """:raises django.db.Error: if the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def listed_opportunities(at: datetime) -> QuerySet:
    """(code, when published) of what anybody can join, the newest first."""
    rows = opportunities.opportunities_visible_to(AnonymousUser()).filter(
        listed=True, reconfirm_by__gte=timezone.localdate(at)
    )
    return rows.order_by("-pk").values_list("code", "published_at")

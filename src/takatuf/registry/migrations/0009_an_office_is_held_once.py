"""An office without a unit or team was no exception: two of it could be in force at a time."""

from django.db import migrations, models
from django.db.models.functions import Coalesce
from django.utils import timezone

OFFICE = ("person_id", "role", "body_id", "unit_id", "team_id")
NAME = "office_held_once_at_a_time"


def end_the_later(apps, _schema_editor):
    held, today = set(), timezone.localdate()
    rows = apps.get_model("registry", "Office").objects.filter(ends_on=None)
    for office in rows.order_by("starts_on", "pk"):
        which = tuple(getattr(office, name) for name in OFFICE)
        if which in held:
            office.ends_on = max(today, office.starts_on)
            office.save(update_fields=["ends_on"])
        held.add(which)


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_a_record_is_given_up_once")]

    operations = [
        migrations.RunPython(end_the_later, migrations.RunPython.noop),
        migrations.RemoveConstraint("office", NAME),
        migrations.AddConstraint(
            "office",
            models.UniqueConstraint(
                "person",
                "role",
                "body",
                Coalesce("unit", 0),
                Coalesce("team", 0),
                condition=models.Q(ends_on__isnull=True),
                name=NAME,
            ),
        ),
    ]

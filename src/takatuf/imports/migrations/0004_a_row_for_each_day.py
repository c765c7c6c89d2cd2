"""A line of a sheet with a column a day is several rows, each with its own column."""

from django.db import migrations, models

GONE = "The uploaded file is no longer there. Upload it again: what was taken stays."
TOO_MANY = "The file has more filled days than can be taken at once. Split it into several."
GAVE_UP = "The import stopped by itself. Upload the file again: what was taken stays."
FAILURES = [("file_gone", GONE), ("too_many_rows", TOO_MANY), ("gave_up", GAVE_UP)]


def forget_days(apps, _schema_editor):
    """Rows of single days, which one row a line cannot tell; the run's figures stay."""
    apps.get_model("imports", "ImportRow").objects.filter(column__gt=0).delete()


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_what_is_kept_is_sealed")]

    operations = [
        migrations.RemoveConstraint(model_name="importrow", name="import_row_once_per_line"),
        migrations.AddField(
            model_name="importrow",
            name="column",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="failure",
            field=models.CharField(
                blank=True,
                choices=FAILURES,
                max_length=300,
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(
                fields=("run", "sheet", "line", "column"), name="import_row_once_per_place"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_days),
    ]

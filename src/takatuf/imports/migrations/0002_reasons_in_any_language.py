"""Why a row was not taken, kept so that it can be read in any language."""

from django.db import migrations, models
from django.db.models import F, Func

CHUNK = 1000
LONGEST = 300
FAILURES = [
    (
        "file_gone",
        "The uploaded file is no longer there. Upload it again: what was taken stays.",
    ),
    (
        "gave_up",
        "The import stopped by itself. Upload the file again: what was taken stays.",
    ),
]
JSON_OF_TEXT = {"postgresql": "to_jsonb", "sqlite": "json_quote"}


def keep_old_words(apps, schema_editor):
    """What was stored is in one language and stays so."""
    function = JSON_OF_TEXT[schema_editor.connection.vendor]
    words = Func(F("reason"), function=function, output_field=models.JSONField())
    apps.get_model("imports", "ImportRow").objects.update(said=words)


def say_in_english(apps, _schema_editor):
    rows = apps.get_model("imports", "ImportRow").objects
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for row in chunk:
            row.reason = _words(row.said)[:LONGEST]
        rows.bulk_update(chunk, ["reason"])
        last = chunk[-1].pk


def _words(kept):
    if not isinstance(kept, dict):
        return str(kept)
    values = {name: _words(value) for name, value in kept.get("values", {}).items()}
    return kept["msgid"] % values if values else kept["msgid"]


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_runs_and_rows")]

    operations = [
        migrations.AddField("importrow", "said", models.JSONField(default="")),
        migrations.RunPython(keep_old_words, migrations.RunPython.noop),
        migrations.AlterField(
            "importrow", "reason", models.CharField(max_length=300, default="")
        ),
        migrations.RunPython(migrations.RunPython.noop, say_in_english),
        migrations.RemoveField("importrow", "reason"),
        migrations.RenameField("importrow", "said", "reason"),
        migrations.AlterField("importrow", "reason", models.JSONField()),
        migrations.AlterField(
            "importrun",
            "failure",
            models.CharField(blank=True, choices=FAILURES, max_length=300),
        ),
    ]

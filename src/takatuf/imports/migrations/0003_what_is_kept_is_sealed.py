"""What waits of a file is sealed; the upload is not kept, for nothing read it."""

import tempfile
from pathlib import Path

from django.core.files import File
from django.db import migrations, models

from takatuf.kernel.sealing import SealedJSONField, box, open_sealed, seal_file

CHUNK = 500
PURPOSE = "takatuf.kernel.sealing"
SEALED = {  # each with the JSON of nothing
    "ImportRun": {"layout": "[]", "sample": "[]"},
    "ImportRow": {"reason": '""', "cells": "[]", "candidates": "[]"},
}


def delete_uploads(apps, _schema_editor):
    for run in apps.get_model("imports", "ImportRun").objects.exclude(file=""):
        run.file.storage.delete(run.file.name)


def seal_texts(apps, _schema_editor):
    _every_text(apps, lambda text, nothing: "" if text == nothing else _seal(text))


def open_texts(apps, _schema_editor):
    _every_text(apps, lambda text, nothing: _open(text) if text else nothing)


def _seal(text):
    return box(PURPOSE).encrypt(text.encode()).decode()


def _open(text):
    return box(PURPOSE).decrypt(text.encode()).decode()


def _every_text(apps, change):
    for name, fields in SEALED.items():
        rows, last = apps.get_model("imports", name).objects, 0
        while chunk := list(rows.filter(pk__gt=last).only(*fields).order_by("pk")[:CHUNK]):
            for row in chunk:
                for field, nothing in fields.items():
                    setattr(row, field, change(getattr(row, field), nothing))
            rows.bulk_update(chunk, fields)
            last = chunk[-1].pk


def seal_files(apps, _schema_editor):
    _every_file(apps, seal_file)


def open_files(apps, _schema_editor):
    _every_file(apps, _open_file)


def _open_file(sealed, plain):
    with open_sealed(sealed) as lines:
        plain.write_bytes(lines.read())


def _every_file(apps, change):
    for run in apps.get_model("imports", "ImportRun").objects.exclude(rows_file=""):
        storage, name = run.rows_file.storage, run.rows_file.name
        if not storage.exists(name):
            continue  # the run will say so when somebody goes on with it
        with tempfile.TemporaryDirectory(prefix="takatuf-import-") as folder:
            changed = Path(folder) / "rows"
            change(Path(run.rows_file.path), changed)
            with changed.open("rb") as lines:
                run.rows_file.save("rows", File(lines), save=False)
        run.save(update_fields=["rows_file"])
        storage.delete(name)


def as_text(model, field):
    return migrations.AlterField(model, field, models.TextField())


def as_sealed(model, field, default):
    return migrations.AlterField(model, field, SealedJSONField(default=default))


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_reasons_in_any_language")]

    operations = [
        migrations.RunPython(delete_uploads, migrations.RunPython.noop),
        migrations.RemoveConstraint("importrun", "import_run_forgotten_has_no_files"),
        migrations.RemoveField("importrun", "file"),
        as_text("importrun", "layout"),
        as_text("importrun", "sample"),
        as_text("importrow", "reason"),
        as_text("importrow", "cells"),
        as_text("importrow", "candidates"),
        migrations.RunPython(seal_texts, open_texts),
        migrations.RunPython(seal_files, open_files),
        as_sealed("importrun", "layout", list),
        as_sealed("importrun", "sample", list),
        as_sealed("importrow", "reason", str),
        as_sealed("importrow", "cells", list),
        as_sealed("importrow", "candidates", list),
        migrations.AddConstraint(
            "importrun",
            models.CheckConstraint(
                name="import_run_forgotten_has_nothing_of_its_file",
                condition=models.Q(forgotten_at__isnull=True)
                | models.Q(rows_file="", layout="", sample=""),
            ),
        ),
    ]

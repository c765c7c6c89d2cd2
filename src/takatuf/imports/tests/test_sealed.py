"""Whoever holds only the database, the files or a backup reads nothing of a sheet."""

import gzip
import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from takatuf.imports import commands, layouts
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.tests.runs import AT, checked, decide, figures, row_of, taken, uploaded
from takatuf.imports.tests.sheets import HEADER, guests, number
from takatuf.kernel.jobs.testing import run_jobs

pytestmark = pytest.mark.django_db
NEARLY = "1010101011"  # ten digits that are no identity number: the reason quotes them
ROWS = [HEADER, *guests(2), guests(1)[0], ["ضيف ناقص", NEARLY, "0550000001"]]
SECRETS = [number(0), number(1), NEARLY, "ضيف"]


def in_the_database() -> str:
    found = []
    with connection.cursor() as cursor:
        for table in ("imports_importrun", "imports_importrow", "imports_importedrow"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - named above
            found += cursor.fetchall()
    return str(found)


def in_the_files(run: ImportRun) -> bytes:
    folder = Path(run.rows_file.storage.location)
    whole = b""
    for path in filter(Path.is_file, folder.rglob("*")):
        content = path.read_bytes()
        whole += gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return whole


def legible(run: ImportRun) -> list[str]:
    words, files = in_the_database(), in_the_files(run)
    return [secret for secret in SECRETS if secret in words or secret.encode() in files]


@pytest.mark.parametrize("far", [uploaded, checked, taken])
def test_nothing_of_a_sheet_is_legible_while_it_waits(far):
    run = far(ROWS)
    rows = list(ImportRow.objects.filter(run=run).order_by("line"))

    assert legible(run) == []
    assert [row.cells for row in rows] == ([] if far is uploaded else ROWS[3:])
    if far is taken:
        decide(run, row_of(run), "skip")
        assert legible(run) == []
    else:
        assert layouts.load(run.layout)[0].samples[1][0] == number(0)


def test_what_somebody_else_sealed_says_nothing(settings, client, person):
    """The key was changed and the old one not named: the pages say that the rows are gone."""
    settings.SECRET_KEY_FALLBACKS = []
    runs = [far(ROWS, by=person) for far in (uploaded, checked, taken)]
    kept = in_the_database()
    settings.SECRET_KEY = "another key"
    client.force_login(person)

    for run in runs:
        for name in ("run", "columns"):
            page = client.get(reverse(f"imports:{name}", args=[run.pk]), follow=True)
            assert page.status_code in {200, 409}, (name, run.status)
        for outcome in ("bad", "duplicate"):
            file = client.get(reverse("imports:download", args=[run.pk, outcome]))
            assert file.status_code == 409
    found = row_of(runs[2])
    page = client.get(reverse("imports:duplicate", args=[runs[2].pk, found.pk]))
    assert page.status_code == 409
    with pytest.raises(commands.Forgotten):
        decide(ImportRun.objects.get(pk=runs[2].pk), found, "different")
    with pytest.raises(commands.Forgotten):
        commands.start(run=ImportRun.objects.get(pk=runs[1].pk), by=person, at=AT)
    assert in_the_database() == kept


def test_under_a_new_key_the_old_one_still_opens(settings):
    run = checked(ROWS)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]

    commands.start(run=ImportRun.objects.get(pk=run.pk), by=None, at=AT)
    run_jobs()

    run.refresh_from_db()
    assert figures(run) == {"imported": 2, "bad": 1, "duplicates": 1, "unchanged": 0}
    assert row_of(run).cells == ROWS[3]


# ---------------------------------------------------------------- rows that exist
@pytest.mark.django_db(transaction=True)
def test_what_was_stored_legibly_is_sealed_and_can_be_opened_again():
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = [("imports", "0002_reasons_in_any_language")]
    line = json.dumps([1, ["ضيف", number(0)], None], ensure_ascii=False)
    lines = gzip.compress(
        f'{{"sheet": "ورقة", "visible": true}}\n{line}\n{{"rows": 1}}\n'.encode()
    )
    try:
        executor.migrate(before)
        old = executor.loader.project_state(before).apps
        run = old.get_model("imports", "ImportRun")(
            kind="people", language="ar", created_at=AT, touched_at=AT,
            layout=[{"name": "ورقة"}], sample=[{"values": {"name": "ضيف"}}],
        )  # fmt: skip
        run.file.save("كشف.csv", ContentFile(number(0).encode()), save=False)
        run.rows_file.save("rows.gz", ContentFile(lines), save=False)
        run.save()
        upload = Path(run.file.path)
        rows = old.get_model("imports", "ImportRow").objects
        rows.create(run=run, sheet=0, line=1, outcome="bad", reason={"msgid": NEARLY},
                    cells=["ضيف", NEARLY], candidates=[{"title": "ضيف"}])  # fmt: skip
        rows.create(run=run, sheet=0, line=2, outcome="bad", reason="")
        assert len(legible(run)) == len(SECRETS) - 1

        MigrationExecutor(connection).migrate(latest)

        now = ImportRun.objects.get()
        assert legible(now) == []
        assert not upload.exists()
        assert (now.layout, now.sample) == (run.layout, run.sample)
        kept = ImportRow.objects.order_by("line").values_list("reason", "cells", "candidates")
        was = [({"msgid": NEARLY}, ["ضيف", NEARLY], [{"title": "ضيف"}]), ("", [], [])]
        assert list(kept) == was

        executor = MigrationExecutor(connection)
        executor.migrate(before)
        old = executor.loader.project_state(before).apps
        again = old.get_model("imports", "ImportRun").objects.get()
        assert Path(again.rows_file.path).read_bytes() == lines
        rows = old.get_model("imports", "ImportRow").objects.order_by("line")
        assert list(rows.values_list("reason", "cells", "candidates")) == was
        assert (again.layout, again.sample) == (run.layout, run.sample)
    finally:
        MigrationExecutor(connection).migrate(latest)

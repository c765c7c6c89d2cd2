"""Why a row of a file was not taken is read in the reader's language, whoever uploaded it."""

import ast
import csv
import inspect
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from takatuf.accounts.tests.factories import sign_in
from takatuf.imports import commands, layouts
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.reports import write_list
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.sheets import number, workbook
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.references import reference
from takatuf.kernel.registries import importers
from takatuf.kernel.sayings import tell
from takatuf.registry import commands as registry
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.architecture.source import name_of, product_files

LANGUAGES = ("ar", "en")
ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))  # of what a cell says, inside a sentence
FULL = "سارة محمد العطوي"
SHEETS = {
    "people": [
        ["الاسم", "رقم الهوية", "الجوال", "البريد", "تاريخ الميلاد", "الجنس", "المحافظة"],
        ["", number(1), "", "", "", "", ""],
        [FULL, "12", "", "", "", "", ""],
        [FULL, "1.1E+09", "", "", "", "", ""],
        [FULL, "", "123", "", "", "", ""],
        [FULL, "", "", "nobody", "", "", ""],
        [FULL, "", "", "", "1/1/1850", "", ""],
        [FULL, "", "", "", "1/1/2999", "", ""],
        [FULL, number(2), "", "", "", "maybe", ""],
        [FULL, "", "", "", "", "", ""],
        ["٣٣٣", number(3), "", "", "", "", ""],
        ["هند علي البلوي", number(4), "", "", "", "أنثى", "جدة"],
        ["هند علي البلوي", number(4), "", "", "", "", ""],
        ["خالد علي البلوي", "", "0551230001", "", "", "", ""],
    ],
    "hours": [
        ["الاسم", "الهوية", "الفرصة", "التاريخ", "تاريخ النهاية", "من", "إلى", "المجموع"],
        [FULL, "", "عمل", "1/2/2025", "", "", "", "3"],
        ["", "", "عمل", "1/2/2025", "", "", "", "3"],
        ["خالد علي البلوي", "", "عمل", "1/2/2025", "", "9:00", "12:30", "4"],
        ["خالد علي البلوي", "", "", "2/2/2025", "", "", "", ""],
        ["خالد علي البلوي", "", "", "3/2/2025", "", "", "", "30"],
        ["خالد علي البلوي", "", "", "4/2/1980", "", "", "", "3"],
        ["خالد علي البلوي", "", "", "5/2/2025", "1/2/2024", "", "", "3"],
        ["خالد علي البلوي", "", "", "6/2/2025", "", "9:00", "12:00", "8"],
        ["خالد علي البلوي", "", "", "7/2/2025", "", "9:00", "8:00", ""],
        ["خالد علي البلوي", "", "", "1/1/2099", "", "", "", "3"],
        ["خالد علي البلوي", "", "عمل", "1/2/2025", "", "9:00", "12:30", "4"],
        ["خالد بن علي البلوي الحويطي", "", "", "9/2/2025", "", "", "", "3"],
    ],
    "opportunities": [
        ["الفرصة", "الحالة", "طابع زمني", "المحافظة", "الساعات", "عدد المقاعد", "الرابط"],
        ["فرصة", "من يدري", "", "تبوك", "3", "", ""],
        ["فرصة أخرى", "", "", "مكان بعيد", "3", "", ""],
        ["فرصة " * 25, "", "", "", "3", "", ""],
        ["فرصة طويلة", "", "", "", "99999", "", ""],
        ["فرصة بكثير", "", "", "", "", "كثير كثير كثير كثير", ""],
        ["فرصة برابط", "", "", "", "", "", "غير رابط"],
        ["فرصة أخرى", "", "", "مكان بعيد", "3", "", ""],
        ["", "", "", "تبوك", "3", "", ""],
    ],
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head(db):
    registry.load_region(at=timezone.now())
    person = PersonFactory(full_name="خالد علي البلوي", phone="+966551230001")
    body = BodyFactory()
    TeamMemberFactory(team=TeamFactory(body=body), person=person)
    return OfficeFactory(body=body, role="body_head")


def looked_at(kind: str, head, language: str, *, take: bool = False) -> ImportRun:
    with translation.override(language):
        run = commands.upload(
            kind=kind, file=ContentFile(workbook({"ورقة": SHEETS[kind]}), "كشف.xlsx"),
            acting_body=reference(head.body), by=head.person, at=timezone.now(),
        )  # fmt: skip
        layout = layouts.load(run.layout)
        commands.set_mapping(run=run, layout=layout, by=head.person, at=timezone.now())
    run_jobs()
    run.refresh_from_db()
    if take:
        with translation.override(language):
            commands.start(run=run, by=head.person, at=timezone.now())
        run_jobs()
        run.refresh_from_db()
    return run


def keep_all(*, length: int, day: str) -> list[dict]:
    """One candidate, as a run keeps it."""
    facts = {"title": "عمل آخر", "date": day, "minutes": {"minutes": length}}
    return [{"reference": "attendance.hourclaim:1", "title": "ساعات", "facts": facts,
             "fingerprint": "", "place": None}]  # fmt: skip


def kept(run: ImportRun) -> list:
    rows = ImportRow.objects.filter(run=run).order_by("line")
    return [*rows.values_list("line", "outcome", "reason", "candidates"), run.sample]


@pytest.mark.parametrize("kind", SHEETS)
def test_what_is_kept_does_not_depend_on_the_language_of_the_upload(kind, head):
    arabic, english = (kept(looked_at(kind, head, language)) for language in LANGUAGES)

    assert arabic == english
    assert len(arabic) - 1 >= len(SHEETS[kind]) - 3
    for _line, _outcome, reason, _candidates in arabic[:-1]:
        assert isinstance(reason, dict), reason
        texts = []
        for language in LANGUAGES:
            with translation.override(language):
                texts.append(tell(reason))
        assert texts[0] != texts[1]


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize(("upload", "reader"), [("ar", "en"), ("en", "ar")])
def test_a_reader_of_the_other_language_reads_the_reasons(kind, upload, reader, head, client):
    run = looked_at(kind, head, upload, take=True)
    sign_in(client, head.person)

    with translation.override(reader):
        page = client.get(reverse("imports:run", args=[run.pk]))
        file = client.get(reverse("imports:download", args=[run.pk, "bad"]))
        listed = io.StringIO()
        write_list(run, listed)
        rows = ImportRow.objects.filter(run=run, outcome="bad")
        bad = [row.why.translate(ISOLATES) for row in rows]

    assert bad
    content = page.content.decode().translate(ISOLATES)
    sheets = read(io.BytesIO(b"".join(file.streaming_content)))
    cells = {
        str(record.cells[-1]).translate(ISOLATES)
        for sheet in sheets
        for record in sheet.records
    }
    for words in bad:
        assert escape(words) in content
        assert words in cells
        assert words.replace('"', '""') in listed.getvalue().translate(ISOLATES)


@pytest.mark.parametrize("reader", LANGUAGES)
def test_a_duplicate_is_compared_in_the_readers_language(reader, head, client):
    upload = "en" if reader == "ar" else "ar"
    run = looked_at("people", head, upload, take=True)
    row = ImportRow.objects.filter(run=run, outcome="duplicate").order_by("line").first()
    sign_in(client, head.person)

    with translation.override(reader):
        page = client.get(reverse("imports:duplicate", args=[run.pk, row.pk])).content.decode()
        assert row.why in page
        assert tell(row.candidates[0]["title"]) in page


@pytest.mark.parametrize(
    ("reader", "kept", "length"),
    [("ar", "3.5 ساعات", "4 ساعات"), ("en", "3.5 hours", "4 hours")],
)
def test_hours_are_read_in_words_and_compared_by_what_they_mean(
    reader, kept, length, head, client
):
    """The file says 4 (its times are kept) and ``1/2/2025``; what is there says the same."""
    sheet = SHEETS["hours"]
    first = looked_at("hours", head, "ar")
    [line] = [one for one in first.sample if one["line"] == 4]
    row = ImportRow.objects.create(
        run=first,
        sheet=0,
        line=99,
        outcome="duplicate",
        reason="",
        cells=sheet[3],
        candidates=keep_all(length=240, day="2025-02-01"),
    )
    sign_in(client, head.person)

    with translation.override(reader):
        assert tell(line["values"]["minutes"]) == kept
        page = client.get(reverse("imports:duplicate", args=[first.pk, row.pk])).text
    assert length in page
    assert page.count('class="differs"') == 1, "the title alone"


@pytest.mark.parametrize("kind", SHEETS)
def test_a_command_speaks_english_only_and_its_report_too(kind, head, tmp_path):
    file, said = tmp_path / "sheet.xlsx", io.StringIO()
    file.write_bytes(workbook({"ورقة": SHEETS[kind]}))
    ways = ["--body", head.body.code, "--by", head.person.email]

    call_command(f"import_{kind}", str(file), *ways, stdout=said)

    report = (tmp_path / "sheet.xlsx.report.csv").read_text("utf-8-sig")
    _header, *listed = csv.reader(io.StringIO(report))
    rows = ImportRow.objects.exclude(reason="").order_by("sheet", "line", "pk")
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = {str(row.why) for row in rows}
    reasons = {line[4] for line in listed}
    assert reasons
    assert reasons <= told["en"] - told["ar"]
    assert said.getvalue().splitlines()[-1].startswith("imported ")
    assert ImportRun.objects.get().body_title == head.body.name_ar


# ---------------------------------------------------------------- no reason is missed
def importing_files() -> Iterator[Path]:
    """Wherever a reason is made: importers, and the framework's own judging."""
    framework = ("src/takatuf/imports/importers/", "src/takatuf/imports/judging.py")
    classes = {
        cls for _kind, one in importers for cls in type(one).__mro__ if cls is not object
    }
    theirs = {Path(inspect.getfile(cls)) for cls in classes}
    for path in product_files():
        if path in theirs or name_of(path).startswith(framework):
            yield path


def spoken_at_once(source: str) -> list[int]:
    """Lines on which a text is put into the language of whoever runs the code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            found += [
                node.lineno for name in node.names if name.name in {"gettext", "ngettext"}
            ]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _is_text(node.left):
            found.append(node.lineno)
        if isinstance(node, ast.Call) and _name(node) in {"str", "format"}:
            found += [node.lineno for each in ast.walk(node) if _is_text(each)]
        if isinstance(node, ast.JoinedStr):
            found += [node.lineno for each in ast.walk(node) if _is_text(each)]
    return found


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node) == "_"


def test_no_importer_speaks_before_it_is_read():
    files = list(importing_files())

    assert len(files) >= 7
    found = {name_of(path): spoken_at_once(path.read_text(encoding="utf-8")) for path in files}
    assert not {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize(
    "line",
    [
        "from django.utils.translation import gettext as _",
        "Bad(_('%(n)s') % {'n': 1})",
        "Bad(str(_('no')))",
        "Bad(f'{_(1)}!')",
        "Bad(_('{n}').format(n=1))",
    ],
)
def test_one_that_does_is_seen(line):
    assert spoken_at_once(line)


# ---------------------------------------------------------------- rows that exist
@pytest.mark.django_db(transaction=True)
def test_what_was_stored_before_is_kept_as_it_is():
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = [("imports", "0001_runs_and_rows")]
    try:
        executor.migrate(before)
        old = executor.loader.project_state(before).apps
        now = timezone.now()
        run = old.get_model("imports", "ImportRun").objects.create(
            kind="people", language="ar", created_at=now, touched_at=now
        )
        old.get_model("imports", "ImportRow").objects.create(
            run=run, sheet=0, line=1, outcome="bad", reason='قيل "هكذا" 100%'
        )
        MigrationExecutor(connection).migrate(latest)

        row = ImportRow.objects.get()
        assert (row.reason, row.why) == ('قيل "هكذا" 100%', 'قيل "هكذا" 100%')
        row.reason = {"msgid": "%(f)s is missing.", "values": {"f": {"msgid": "Name"}}}
        row.save()

        executor = MigrationExecutor(connection)
        executor.migrate(before)
        old = executor.loader.project_state(before).apps
        assert old.get_model("imports", "ImportRow").objects.get().reason == "Name is missing."
    finally:
        MigrationExecutor(connection).migrate(latest)

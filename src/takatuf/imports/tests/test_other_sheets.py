"""Workbooks whose other sheets hold no rows: instructions, lists to choose from, notes."""

import io
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext as _

from takatuf.imports import layouts
from takatuf.imports.importers import NATIONAL_ID
from takatuf.imports.models import ImportRun
from takatuf.imports.tests.importing import GuestImporter
from takatuf.imports.tests.runs import checked, figures, taken, uploaded
from takatuf.imports.tests.sheets import HEADER, guests, workbook
from takatuf.imports.tests.test_command_line import Command
from takatuf.kernel.models import Evidence

pytestmark = pytest.mark.django_db
ROWS = [["سجل الضيوف"], HEADER, *guests(3)]
ALL = {"imported": 3, "bad": 0, "duplicates": 0, "unchanged": 0}
INSTRUCTIONS = [HEADER, ["يكتب رباعيًّا", "عشرة أرقام", "يبدأ بـ 05"], ["مثال", "1000000008", ""]]


@pytest.mark.parametrize(
    "name", ["تعليمات", "تعليمات التعبئة", "Instructions", "Lists", "قوائم"]
)
@pytest.mark.parametrize("first", [True, False])
def test_a_sheet_of_instructions_is_no_bad_row(name, first):
    sheets = {name: INSTRUCTIONS, "الضيوف": ROWS}
    run = taken(workbook(sheets if first else dict(reversed(sheets.items()))))

    assert figures(run) == ALL
    assert Evidence.objects.count() == 3


def test_a_column_of_words_beside_a_table_is_none_whatever_it_is_called(monkeypatch):
    """The name alone is required, and stands above the one column of the other sheet too."""
    fields = [field for field in GuestImporter.fields if field.name != "national_id"]
    number = replace(NATIONAL_ID, required=False)
    monkeypatch.setattr(GuestImporter, "fields", (*fields, number))
    sheets = {"ورقة1": [["الاسم"], ["يكتب رباعيًّا"], ["ولا يختصر"]], "الضيوف": ROWS}

    assert figures(checked(workbook(sheets))) == ALL


def test_a_help_sheet_alone_is_still_offered():
    """A table is one by its rows, whatever its sheet is called."""
    assert figures(checked(workbook({"قوائم": ROWS}))) == ALL


def test_a_table_that_lacks_something_is_not_left_for_the_instructions():
    sheets = {"تعليمات": INSTRUCTIONS, "الضيوف": [["الاسم", "العمر"], ["سارة علي", 30]]}
    used = [
        sheet.name for sheet in layouts.load(uploaded(workbook(sheets)).layout) if sheet.use
    ]

    assert used == ["الضيوف"]


def test_the_pages_and_the_command_say_which_sheets_are_not_read(client, person, tmp_path):
    content = workbook({"الضيوف": ROWS, "تعليمات": INSTRUCTIONS, "فارغة": []})
    client.force_login(person)
    run = checked(content, by=person)
    preview = client.get(reverse("imports:run", args=[run.pk]))
    taken(content, by=person)
    done = client.get(reverse("imports:run", args=[ImportRun.objects.latest("pk").pk]))
    path = tmp_path / "guests.xlsx"
    path.write_bytes(content)
    said = io.StringIO()
    call_command(Command(), str(path), stdout=said)

    for page in (preview, done):
        assert page.context["unread_sheets"] == ["تعليمات"]
        assert _("Sheets that are not read:") in page.content.decode()
    assert "sheets not read: “تعليمات”\n" in said.getvalue()

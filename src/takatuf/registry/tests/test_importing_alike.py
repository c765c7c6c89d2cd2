"""One person twice in one file: the same is said wherever the file is cut, and beforehand."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone

from takatuf.imports import commands as imports
from takatuf.imports import layouts
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.tests.sheets import delimited
from takatuf.imports.work import check_rows, take_rows
from takatuf.kernel.text.names import ALIKE, Namesakes, name_similarity
from takatuf.registry import commands

pytestmark = pytest.mark.django_db
HEADS = ["الاسم", "تاريخ الميلاد", "الجوال"]
ROWS = [
    ["ماجد فهد سالم الجهني", "12/03/1995", "0550000001"],
    ["سارة علي حسن العطوي", "01/07/1990", "0550000002"],
    ["ماجد فهد الجهني", "12/03/1995", "0550000003"],
    ["ماجد فهد الجهني", "13/03/1995", "0550000004"],  # born on another day
    ["خالد فهد سالم الجهني", "12/03/1995", "0550000005"],  # a twin
    ["ساره بنت علي العطوي", "01/07/1990", "0550000006"],
    ["ماجد بن فهد بن سالم الجهني", "12/03/1995", "0550000007"],
]


@pytest.fixture(autouse=True)
def region(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    commands.load_region(at=timezone.now())


def figures(run: ImportRun) -> tuple:
    rows = ImportRow.objects.filter(run=run, outcome="duplicate").order_by("line")
    return run.imported, run.bad, run.duplicates, [row.line for row in rows]


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_a_like_name_born_the_same_day_is_asked_about_wherever_the_file_is_cut(
    monkeypatch, size
):
    monkeypatch.setattr("takatuf.imports.work.CHUNK", size)
    now = timezone.now()
    run = imports.upload(
        kind="people", file=ContentFile(delimited([HEADS, *ROWS]), name="people.csv"),
        acting_body="", body_title="", by=None, at=now,
    )  # fmt: skip
    imports.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=now, check=False)

    check_rows(run)
    before = figures(run)
    imports.start(run=run, by=None, at=now, enqueue=False)
    take_rows(run)

    assert before == figures(run) == (4, 0, 3, [4, 7, 8])
    assert set(get_user_model().objects.values_list("birth_date", flat=True)) >= {
        date(1995, 3, 12), date(1990, 7, 1), date(1995, 3, 13),
    }  # fmt: skip


def test_by_likeness_the_same_are_found_as_one_by_one():
    names = [
        *(row[0] for row in ROWS), "محمد علي", "محمدعلي", "عبد الله سعد", "عبدالله سعد", "علي",
        "ماجد", "",
    ]  # fmt: skip
    known: Namesakes[int] = Namesakes()
    for place, name in enumerate(names):
        known.add(name, place)

    for name in names:
        alike = [n for n, other in enumerate(names) if name_similarity(other, name) >= ALIKE]
        assert known.like(name) == alike

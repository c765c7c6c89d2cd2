"""Spreadsheets on their way in: one at each place where a sheet can rest."""

from django.core.files.base import ContentFile

from takatuf.accounts.models import Person
from takatuf.demo.world import World
from takatuf.imports import commands as imports
from takatuf.imports import layouts
from takatuf.imports.work import check_rows, take_rows
from takatuf.kernel.registries import importers

SHEET = """الاسم,الجوال,تاريخ الميلاد,المحافظة
سلمى تجريبية,0550009101,1999-03-04,تبوك
ماجد تجريبي,0550009102,1988-11-20,أملج
وليد تجريبي,رقم ناقص,1990-01-01,ضباء
"""
NEXT_SHEET = """الاسم,الجوال,تاريخ الميلاد,المحافظة
أروى تجريبية,0550009103,2001-07-15,الوجه
بدر تجريبي,0550009104,1995-02-28,تيماء
هيا تجريبية,0550009105,1997-13-40,تبوك
"""


def add_sheets(world: World) -> None:
    """Taken; waiting for its columns; checked; stopped by hand; cut off with its worker."""
    manager = world.managers[world.bodies[0].pk][0]
    taken = _checked(world, manager, "كشف-المتطوعين.csv", SHEET)
    imports.start(run=taken, by=manager, at=world.now, enqueue=False)
    take_rows(taken)
    _uploaded(world, manager, "كشف-الموسم-الماضي.csv", SHEET)
    _checked(world, manager, "كشف-الفريق-الجديد.csv", NEXT_SHEET)
    stopped = _uploaded(world, manager, "كشف-قديم.csv", SHEET)
    imports.cancel(run=stopped, by=manager, at=world.now)
    cut_off = _checked(world, manager, "كشف-مكرر.csv", SHEET)
    imports.start(run=cut_off, by=manager, at=world.now, enqueue=False)
    imports.give_up(run=cut_off, at=world.now)
    Person.objects.filter(is_demo=False).update(is_demo=True)


def _uploaded(world: World, manager: Person, name: str, text: str):
    body, importer = world.bodies[0], importers["people"]
    importer.get_ready(at=world.now)
    return imports.upload(
        kind="people", file=ContentFile(text.encode("utf-8-sig"), name=name),
        acting_body=importer.body_for_code(body.code), body_title=str(body), by=manager,
        at=world.now,
    )  # fmt: skip


def _checked(world: World, manager: Person, name: str, text: str):
    run = _uploaded(world, manager, name, text)
    layout = layouts.load(run.layout)
    imports.set_mapping(run=run, layout=layout, by=manager, at=world.now, check=False)
    check_rows(run)
    run.refresh_from_db()
    return run

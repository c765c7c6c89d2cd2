"""``manage.py import_…`` in three lines: see ``ImportCommand``."""

import csv
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone, translation

from takatuf.imports import commands, layouts
from takatuf.imports.enums import RunStatus
from takatuf.imports.importers import CellProblem, Importer
from takatuf.imports.importers.parsing import parse_duration
from takatuf.imports.models import ImportRun
from takatuf.imports.reports import write_list
from takatuf.imports.sheets.days import month_in
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.matching import key
from takatuf.imports.work import take_rows
from takatuf.kernel.errors import DomainError
from takatuf.kernel.references import resolve
from takatuf.kernel.registries import importers
from takatuf.kernel.text.digits import western

LETTERS = 26
FIGURES = {
    True: "1 and 0 below the days are ticks (--ticked HOURS says how long, --figures hours "
    "reads hours)",
    False: "figures below the days are hours",
}
SPOKEN = "en"  # as every command; reasons are kept for readers of any language


class ImportCommand(BaseCommand):
    """Takes the valid rows of one file and leaves a report of the others.

    It says which columns of the sheets in use hold nothing that is taken, and which were only
    guessed; where a required one was, it takes nothing until ``--map`` says it. The last line
    on standard output is ``imported N, bad N, duplicates N, unchanged N``.
    Whatever it says, and its report, is English.
    A subclass names its ``kind``; the importer of that kind does the rest.
    """

    kind: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="XLSX, XLS, ODS or CSV, of any layout")
        parser.add_argument(
            "--body", default="", metavar="CODE",
            help="for this body; without it, for the association that runs the regional desk",
        )  # fmt: skip
        parser.add_argument(
            "--by", default="", metavar="PERSON", help="who imports: an e-mail or mobile number"
        )
        parser.add_argument(
            "--sheet", action="append", default=[], metavar="NAME",
            help="only this sheet; repeatable",
        )  # fmt: skip
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", dest="mapping",
            help="this column (its heading or its letter) holds this field; repeatable; "
            "COLUMN= leaves a column out",
        )  # fmt: skip
        parser.add_argument(
            "--report", type=Path, default=None, metavar="FILE",
            help="where the rows not taken are listed (default: FILE.report.csv, beside it or, "
            "where that may not be written, here; with a number where one is there already)",
        )  # fmt: skip

        if importers[self.kind].by_day:
            parser.add_argument(
                "--month", default="", metavar="MONTH",
                help="of a sheet with a column a day, where no title says it: 3/2025, 9/1446",
            )  # fmt: skip
            parser.add_argument(
                "--ticked", default="", metavar="HOURS",
                help="how long a day was that is only ticked",
            )  # fmt: skip
            parser.add_argument(
                "--figures", choices=["ticks", "hours"], default="",
                help="what 1 and 0 below the days are (default: ticks where no other figures "
                "are there, else hours)",
            )  # fmt: skip

    def handle(self, *_args, **options) -> None:
        with translation.override(SPOKEN):
            self.import_file(options)

    def import_file(self, options: dict) -> None:
        path: Path = options["file"]
        with _opened(path) as file:
            report = _report_place(path, options["report"])
            try:
                run = self.take(file, importers[self.kind], options)
            except DomainError as refusal:
                raise CommandError(str(refusal)) from None
            except OSError as problem:
                where = problem.filename or settings.DATA_DIR
                raise CommandError(f"{where} cannot be written: {problem.strerror}.") from None
        if run.status != RunStatus.DONE:
            raise CommandError(run.get_failure_display() or _stopped(run))
        self.leave_report(run, report)
        self.stdout.write(
            f"imported {run.imported}, bad {run.bad}, "
            f"duplicates {run.duplicates}, unchanged {run.unchanged}"
        )

    def take(self, file: File, importer: Importer, options: dict) -> ImportRun:
        now = timezone.now()
        by = _person(options["by"])
        importer.get_ready(at=now)
        body = importer.body_for_code(options["body"])
        with translation.override(settings.LANGUAGE_CODE):  # kept with the run, for the site
            title = str(owner) if (owner := body and resolve(body)) else ""
        if title:
            self.stdout.write(f"for: {title}")
        run = commands.upload(
            kind=self.kind, file=file, acting_body=body, body_title=title, by=by, at=now
        )
        layout = layouts.load(run.layout)
        _choose_sheets(layout, options["sheet"])
        _map_columns(layout, options["mapping"], importer)
        _tell_days(layout, options)
        if unread := layouts.unread(layout):
            self.stdout.write(f"sheets not read: {_listed(unread)}")
        if unused := layouts.left_out(layout):
            self.stdout.write(f"columns not used: {_listed(unused)}")
        for ticks, names in layouts.figures(layout).items():
            self.stdout.write(f"{FIGURES[ticks]} in {_listed(names)}")
        self.tell_guesses(layouts.guesses(layout), importer)
        commands.set_mapping(run=run, layout=layout, by=by, at=now, check=False)
        commands.start(run=run, by=by, at=now, enqueue=False)
        try:
            take_rows(run, self.tell)
        except KeyboardInterrupt:  # the chunk at hand is undone
            commands.cancel(run=run, by=by, at=timezone.now())
        run.refresh_from_db()
        return run

    def tell_guesses(self, guesses: dict[str, list[str]], importer: Importer) -> None:
        """Nobody looks at a guess here, as on the page: one that a row needs must be said.

        :raises CommandError: if a required field, or a part it is made of, has a likely column.
        """
        for name, columns in guesses.items():
            self.stdout.write(f"guessed: {name} = {_listed(columns)}")
        for field in importer.fields if guesses else ():
            for name in (field.name, *field.made_of) if field.required else ():
                if name in guesses:
                    raise CommandError(
                        f"No row was taken: whether “{guesses[name][0]}” holds {name} is only "
                        f'guessed. Say so with --map "{guesses[name][0]}={name}", or name the '
                        "right column."
                    )

    def tell(self, run: ImportRun) -> None:
        if self.stderr.isatty():
            end = "\n" if run.processed == run.total else ""
            self.stderr.write(f"\r{run.processed} / {run.total}", ending=end)

    def leave_report(self, run: ImportRun, report: Path) -> None:
        try:
            with report.open("w", encoding="utf-8-sig", newline="") as target:
                write_list(run, target)
        except (OSError, csv.Error) as problem:
            why = getattr(problem, "strerror", None) or problem
            raise CommandError(
                f"The rows were taken, but the report could not be written to {report}: {why}. "
                "Run the command again with --report FILE; no row is taken twice."
            ) from None
        self.stdout.write(f"report: {report}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{one}”" for one in names)


def _opened(path: Path) -> File:
    try:
        if path.is_dir():
            raise CommandError(f"{path} is a folder: name the file itself.")
        return File(path.open("rb"), name=path.name)
    except FileNotFoundError:
        raise CommandError(f"There is no file {path}: check the name and the folder.") from None
    except PermissionError:
        raise CommandError(f"{path} may not be read: change its permissions.") from None
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem.strerror}.") from None


def _report_place(path: Path, named: Path | None) -> Path:
    """Where the report goes, made sure before any row is taken."""
    name = f"{path.name}.report.csv"
    if named and path.resolve() == named.resolve():
        raise CommandError("--report names the file itself: name another one.")
    places = [named] if named else [path.with_name(name), Path(name)]
    for wanted in places:
        place = _free(wanted)
        try:
            is_new = not place.exists()
            place.open("a").close()
            if is_new:
                place.unlink()
        except OSError as problem:
            why = problem.strerror
        else:
            return place
    raise CommandError(
        f"The report cannot be written to {places[-1]}: {why}. Name a place with --report FILE."
    )


def _free(place: Path) -> Path:
    """The place, or one with a number where a report lies already: what an earlier run said
    of its rows, no later one says again.
    """
    number, free = 2, place
    while free.is_file():  # a pipe or a device is no report
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
        number += 1
    return free


def _stopped(run: ImportRun) -> str:
    return (
        f"Stopped after {run.processed} of {run.total} rows: what was taken stays, and the "
        "same command again takes the rest."
    )


def _person(named: str):
    if not named:
        return None
    people = get_user_model()._default_manager
    found = people.filter(Q(email__iexact=named) | Q(phone=western(named))).first()
    if found is None:
        raise CommandError(f"Nobody has the e-mail or mobile number {named}.")
    return found


def _choose_sheets(layout: Sequence[Layout], names: Sequence[str]) -> None:
    known = {sheet.name: sheet for sheet in layout}
    for name in names:
        if name not in known:
            there = ", ".join(f"“{one}”" for one in known)
            raise CommandError(f"The file has no sheet “{name}”; it has {there}.")
    for sheet in layout:
        sheet.use = sheet.name in names if names else sheet.use


def _tell_days(layout: Sequence[Layout], options: dict) -> None:
    """What the headings and the cells of a sheet with a column a day leave out."""
    month, ticked = options.get("month", ""), options.get("ticked", "")
    if month and not (told := month_in([month])):
        raise CommandError(f"--month {month}: write the month and the year, such as 3/2025.")
    try:
        hours = parse_duration(ticked) if ticked else 1
    except CellProblem:
        hours = None
    if not hours:
        raise CommandError(f"--ticked {ticked}: write the hours, such as 4 or 3:30.")
    for sheet in layout:
        sheet.month = told if month else sheet.month
        sheet.marked = ticked
        if figures := options.get("figures"):
            sheet.ticks = sheet.ones and figures == "ticks"


def _map_columns(layout: Sequence[Layout], pairs: Sequence[str], importer: Importer) -> None:
    fields = {field.name for field in importer.fields}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or (field and field not in fields):
            raise CommandError(
                f"--map {pair}: write COLUMN=FIELD, with one of these fields: "
                f"{', '.join(sorted(fields))}."
            )
        places = [(sheet, at) for sheet in layout if (at := _column(sheet, column)) is not None]
        if not places:
            raise CommandError(f"--map {pair}: no sheet has a column “{column}”.")
        for sheet, at in places:
            sheet.columns = {c: f for c, f in sheet.columns.items() if f != field and c != at}
            if field:
                sheet.columns[at], sheet.confidence[at] = field, 1.0
            sheet.adds_up = sheet.adds_up and at != sheet.total
            if field in sheet.by_day:
                sheet.by_day = []


def _column(sheet: Layout, named: str) -> int | None:
    """By its heading, else by its letter (A, B … AA)."""
    for at, header in enumerate(sheet.headers):
        if header and key(header) == key(named):
            return at
    if not (named.isascii() and named.isalpha() and len(named) <= 2):  # noqa: PLR2004
        return None
    at = 0
    for letter in named.upper():
        at = at * LETTERS + ord(letter) - ord("A") + 1
    return at - 1 if at <= len(sheet.headers) else None

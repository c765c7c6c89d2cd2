"""Choosing a file, and saying what its columns hold."""

from collections.abc import Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from takatuf.imports import layouts
from takatuf.imports.importers import ActingBody, CellProblem, Importer
from takatuf.imports.importers.parsing import parse_duration
from takatuf.imports.keeping import masked
from takatuf.imports.sentences import MONTH_WANTED, TICKED
from takatuf.imports.sheets.days import month_in, needs_month
from takatuf.imports.sheets.layout import Layout, read_by_day
from takatuf.imports.sheets.matching import SURE

ACCEPTED = ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.tsv,.txt"
NO_HEADER, LEAVE_OUT = "0", "-"
SHOWN = 6
TICKS, HOURS = "ticks", "hours"
FIGURES = [
    (TICKS, _("Ticks: 1 was there, 0 was not")),
    (HOURS, _("Hours: 1 is one hour")),
]


class UploadForm(forms.Form):
    body = forms.ChoiceField(label=_("On whose behalf"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("The file"),
        help_text=_("XLSX, XLS, ODS or CSV, up to 25 MB. No template is needed."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty. Choose the file that holds the rows."),
        },
    )

    def __init__(self, *args, bodies: Sequence[ActingBody], **options):
        super().__init__(*args, **options)
        self.titles = {body.reference: body.title for body in bodies}
        self.fields["body"].choices = list(self.titles.items())  # type: ignore[attr-defined]
        self.fields["body"].initial = bodies[0].reference
        if len(bodies) == 1:
            self.fields["body"].widget = forms.HiddenInput()
            self.fields["body"].required = False

    def acting_body(self) -> tuple[str, str]:
        """Reference and title."""
        reference = self.cleaned_data["body"] or self.fields["body"].initial
        return reference, self.titles[reference]


class MappingForm(forms.Form):
    """One block of choices for each set of sheets with the same headings.

    Where each day has a column, those columns are read together: they are no choices then.
    """

    def __init__(self, *args, importer: Importer, found: Sequence[Layout], **options):
        super().__init__(*args, **options)
        self.found = found
        self.importer = importer
        for first, members in self._groups():
            self._offer_days(first, members)
            choices = self._choices(first)
            self.fields[f"header_{first}"] = forms.ChoiceField(
                label=_("Row with the headings"), choices=_lines(found[first]), required=False,
                initial=str(max(found[first].header, default=0)),
            )  # fmt: skip
            for number in members:
                self.fields[f"use_{number}"] = forms.BooleanField(
                    label=found[number].name, required=False, initial=found[number].use
                )
            for column in self._columns(first):
                self.fields[f"column_{first}_{column}"] = forms.ChoiceField(
                    label=_heading(found[first], column), choices=choices,
                    initial=found[first].columns.get(column, LEAVE_OUT),
                    required=column not in found[first].days,
                )  # fmt: skip

    def _offer_days(self, first: int, members: Sequence[int]) -> None:
        """One column a day, if the headings say so; and what they leave out."""
        sheet = self.found[first]
        if not sheet.days:
            return
        self.fields[f"days_{first}"] = forms.BooleanField(
            label=_("One column a day"), required=False, initial=bool(sheet.by_day)
        )
        for number in members if needs_month(sheet.days) else ():
            self.fields[f"month_{number}"] = MonthField(
                label=_of(_("Month and year of the days"), self.found[number]),
                initial=self.found[number].month,
            )
        for number in members:
            if self.found[number].ones:
                self.fields[f"figures_{number}"] = forms.ChoiceField(
                    label=_of(_("Figures below the days"), self.found[number]),
                    choices=FIGURES, initial=TICKS if self.found[number].ticks else HOURS,
                )  # fmt: skip
        self.fields[f"marked_{first}"] = DurationField(initial=sheet.marked)
        if sheet.total is not None:
            self.fields[f"total_{first}"] = forms.BooleanField(
                label=_("Compare with the sheet's own total"), required=False,
                initial=sheet.adds_up, help_text=_heading(sheet, sheet.total),
            )  # fmt: skip

    def _by_day(self, first: int) -> bool:
        name = f"days_{first}"
        return name in self.fields and bool(self[name].value())

    def _choices(self, first: int) -> list[tuple]:
        told = self.importer.by_day if self._by_day(first) and self.importer.by_day else ()
        return [(LEAVE_OUT, _("Leave out"))] + [
            (field.name, _required(field))
            for field in self.importer.fields
            if field.name not in told
        ]

    def _columns(self, first: int) -> list[int]:
        """The columns to choose for."""
        sheet, by_day = self.found[first], self._by_day(first)
        return [c for c in range(len(sheet.headers)) if not (by_day and c in sheet.days)]

    def _groups(self) -> list[tuple[int, list[int]]]:
        return [(members[0], members) for members in layouts.groups(self.found)]

    def clean(self) -> dict:
        data = super().clean() or {}
        for first, members in self._groups():
            if not any(data.get(f"use_{number}") for number in members):
                continue
            seen: dict[str, str] = {}
            for number in members:
                asked = self._by_day(first) and data.get(f"use_{number}")
                if asked and data.get(f"month_{number}") == "":
                    self.add_error(f"month_{number}", MONTH_WANTED)
            for column in self._columns(first):
                name = f"column_{first}_{column}"
                if (field := data.get(name) or LEAVE_OUT) != LEAVE_OUT and field in seen:
                    text = _("Another column holds this already: leave one of the two out.")
                    self.add_error(name, text)
                elif field != LEAVE_OUT:
                    seen[field] = name
        return data

    def result(self) -> list[Layout]:
        """The layout as confirmed."""
        for first, members in self._groups():
            columns = {
                column: field
                for column in self._columns(first)
                if (field := self.cleaned_data[f"column_{first}_{column}"] or LEAVE_OUT)
                != LEAVE_OUT
            }
            for number in members:
                sheet = self.found[number]
                sheet.use = self.cleaned_data.get(f"use_{number}", False)
                sheet.columns, sheet.by_day = dict(columns), []
                if self._by_day(first) and self.importer.by_day:
                    read_by_day(sheet, self.importer.by_day)
                    sheet.month = self.cleaned_data.get(f"month_{number}", "")
                    sheet.marked = self.cleaned_data[f"marked_{first}"]
                    sheet.adds_up = self.cleaned_data.get(f"total_{first}", True)
                    sheet.ticks = self.cleaned_data.get(f"figures_{number}") == TICKS
        return list(self.found)

    def blocks(self) -> list[dict]:
        """For the template: sheets, header choice and columns of each group."""
        return [
            {
                "sheets": [self[f"use_{number}"] for number in members],
                "header": self[f"header_{first}"],
                "columns": [self._column(first, column) for column in self._columns(first)],
                "days": self._days(first, members),
                "has_header": bool(self.found[first].header),
                "in_use": any(self.found[number].use for number in members),
            }
            for first, members in self._groups()
        ]

    def _days(self, first: int, members: Sequence[int]) -> dict | None:
        """What is offered for the columns of days."""
        sheet = self.found[first]
        if f"days_{first}" not in self.fields:
            return None
        return {
            "bound": self[f"days_{first}"],
            "on": self._by_day(first),
            "dates": [layouts.day_of(sheet, column) for column in sheet.days],
            "months": self._bound("month", members),
            "figures": self._bound("figures", members),
            "marked": self[f"marked_{first}"],
            "total": self._bound("total", [first]),
            "samples": _first_cells(sheet),
        }

    def _bound(self, kind: str, members: Sequence[int]) -> list[forms.BoundField]:
        """The fields of a kind that are asked for, sheet by sheet."""
        names = (f"{kind}_{number}" for number in members)
        return [self[name] for name in names if name in self.fields]

    def wants_turning(self) -> bool:
        """A sheet in use says no day, and has no column a day either."""
        told = self.importer.by_day
        return told is not None and any(
            told.day not in sheet.columns.values() and not sheet.days
            for sheet in self.found
            if sheet.use
        )

    def _column(self, first: int, column: int) -> dict:
        sheet = self.found[first]
        sure = sheet.confidence.get(column, 0)
        return {
            "bound": self[f"column_{first}_{column}"],
            "samples": [masked(cell) for cell in layouts.samples_of(sheet, column)],
            "doubtful": column in sheet.columns and sure < SURE,
        }


class MonthField(forms.CharField):
    """A month with its year, as ``sheets.days`` keeps it; "" where nothing was written."""

    def __init__(self, **options):
        hint = _("For example 3/2025 or Ramadan 1446.")
        super().__init__(required=False, max_length=40, help_text=hint, **options)

    def clean(self, value) -> str:
        text = super().clean(value)
        month = month_in([text])
        if text and not month:
            raise forms.ValidationError(MONTH_WANTED)
        return month


class DurationField(forms.CharField):
    """How long a day was that is only ticked, in the words typed."""

    def __init__(self, **options):
        super().__init__(
            label=TICKED,
            help_text=_(
                "For days with a tick or a word such as “present” in the place of hours. Leave "
                "it empty if every day has its hours."
            ),
            required=False, max_length=40, **options,
        )  # fmt: skip

    def clean(self, value) -> str:
        text = super().clean(value)
        try:
            if text and not parse_duration(text):
                raise forms.ValidationError(_("Write the hours, such as 4 or 3:30."))
        except CellProblem as problem:
            raise forms.ValidationError(str(problem.sentence)) from None
        return text


def _of(label: Promise, sheet: Layout) -> str:
    return f"{label}: {sheet.name}" if sheet.name else str(label)


def _first_cells(sheet: Layout) -> list[str]:
    """What stands in the columns of days, each once, up to SHOWN of them."""
    cells = (cell for column in sheet.days for cell in layouts.samples_of(sheet, column))
    return list(dict.fromkeys(cells))[:SHOWN]


def _required(field) -> str:
    return f"{field.label} *" if field.required else str(field.label)


def _heading(sheet: Layout, column: int) -> str:
    letter = layouts.letter(column)
    return sheet.headers[column] or str(_("Column %(letter)s") % {"letter": letter})


def _lines(sheet: Layout) -> list[tuple[str, str]]:
    lines = [
        (str(line), f"{line}: {' | '.join(str(masked(cell)) for cell in cells if cell)[:70]}")
        for line, cells in sheet.top
    ]
    return [(NO_HEADER, str(_("There are no headings"))), *lines]

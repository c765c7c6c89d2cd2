"""Choosing a file, and saying what its columns hold."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from takatuf.imports import layouts
from takatuf.imports.importers import ActingBody, Importer
from takatuf.imports.keeping import masked
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.matching import SURE

ACCEPTED = ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.tsv,.txt"
NO_HEADER, LEAVE_OUT = "0", "-"


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
    """One block of choices for each set of sheets with the same headings."""

    def __init__(self, *args, importer: Importer, found: Sequence[Layout], **options):
        super().__init__(*args, **options)
        self.found = found
        choices = [(LEAVE_OUT, _("Leave out"))] + [
            (field.name, _required(field)) for field in importer.fields
        ]
        for first, members in self._groups():
            self.fields[f"header_{first}"] = forms.ChoiceField(
                label=_("Row with the headings"), choices=_lines(found[first]), required=False,
                initial=str(max(found[first].header, default=0)),
            )  # fmt: skip
            for number in members:
                self.fields[f"use_{number}"] = forms.BooleanField(
                    label=found[number].name, required=False, initial=found[number].use
                )
            for column in range(len(found[first].headers)):
                self.fields[f"column_{first}_{column}"] = forms.ChoiceField(
                    label=_heading(found[first], column), choices=choices,
                    initial=found[first].columns.get(column, LEAVE_OUT),
                )  # fmt: skip

    def _groups(self) -> list[tuple[int, list[int]]]:
        return [(members[0], members) for members in layouts.groups(self.found)]

    def clean(self) -> dict:
        data = super().clean() or {}
        for first, members in self._groups():
            if not any(data.get(f"use_{number}") for number in members):
                continue
            seen: dict[str, str] = {}
            for column in range(len(self.found[first].headers)):
                name = f"column_{first}_{column}"
                if (field := data.get(name, LEAVE_OUT)) != LEAVE_OUT and field in seen:
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
                for column in range(len(self.found[first].headers))
                if (field := self.cleaned_data[f"column_{first}_{column}"]) != LEAVE_OUT
            }
            for number in members:
                self.found[number].use = self.cleaned_data.get(f"use_{number}", False)
                self.found[number].columns = dict(columns)
        return list(self.found)

    def blocks(self) -> list[dict]:
        """For the template: sheets, header choice and columns of each group."""
        return [
            {
                "sheets": [self[f"use_{number}"] for number in members],
                "header": self[f"header_{first}"],
                "columns": [
                    self._column(first, column)
                    for column in range(len(self.found[first].headers))
                ],
                "has_header": bool(self.found[first].header),
                "in_use": any(self.found[number].use for number in members),
            }
            for first, members in self._groups()
        ]

    def _column(self, first: int, column: int) -> dict:
        sheet = self.found[first]
        sure = sheet.confidence.get(column, 0)
        return {
            "bound": self[f"column_{first}_{column}"],
            "samples": [masked(cell) for cell in layouts.samples_of(sheet, column)],
            "doubtful": column in sheet.columns and sure < SURE,
        }


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

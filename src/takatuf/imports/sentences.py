"""Why a file could not be read, in words for the person who sent it."""

from django.utils.translation import gettext_lazy as _

from takatuf.imports.sheets.errors import SheetError

SENTENCES = {
    "empty": _("The file is empty. Choose the file that holds the rows."),
    "no_rows": _(
        "The file has headings and nothing below them. Choose the file that holds the rows."
    ),
    "not_a_sheet": _(
        "This is not a spreadsheet. Choose an XLSX, XLS, ODS or CSV file, or open it in your "
        "spreadsheet program and save it as XLSX."
    ),
    "broken": _(
        "The file is damaged and cannot be opened. Save it again as XLSX and choose the new "
        "file."
    ),
    "protected": _(
        "The file needs a password. Save a copy without a password and choose that copy."
    ),
    "too_large": _(
        "The file is too large to read (%(megabytes)s MB at most). Delete empty rows and "
        "columns that carry only formatting, or split the file."
    ),
    "too_many_rows": _("The file has more than %(most)s rows. Split it into several files."),
    "too_many_columns": _(
        "A row has more than %(most)s columns. Delete the columns that do not belong to the "
        "table."
    ),
    "too_many_sheets": _(
        "The file has more than %(most)s sheets. Split it into several files."
    ),
    "slow": _("Reading the file took too long. Split it into smaller files."),
}

TURN_THE_SHEET = _(
    "Where each day has a column of its own, its date must stand above it, such as 1/3/2025; "
    "or turn the sheet: one row for each person and day, with the date in one column and the "
    "hours in another."
)
TICKED = _("Hours of a day that is only ticked")
MONTH_WANTED = _("Say of which month the days are, such as 3/2025 or Ramadan 1446.")


def sentence(problem: SheetError) -> str:
    return str(SENTENCES[problem.code]) % problem.details

"""Why a file cannot be read, as a code; ``imports.sentences`` has the words."""


class SheetError(Exception):
    """The file is no sheet we can read.

    :param code: one of CODES.
    :param details: numbers and names the sentence needs.
    """

    def __init__(self, code: str, **details):
        super().__init__(code, details)
        self.code = code
        self.details = details


CODES = frozenset({
    "empty",  # nothing in it
    "no_rows",  # headings and nothing below them
    "not_a_sheet",  # a picture, a PDF, a program …
    "broken",  # looks like a workbook but cannot be opened
    "protected",  # needs a password
    "too_large",  # bytes, rows, or what it unpacks to
    "too_many_rows",
    "too_many_columns",
    "too_many_sheets",
    "slow",  # reading took longer than it may
})  # fmt: skip

"""What a module implements so that its things can be taken from a spreadsheet.

This package is imports' front door for importing modules. An importer is one object::

    # registry/importing.py
    class PeopleImporter(Importer):
        kind = "people"
        title = _("Volunteers")
        fields = (PERSON_NAME.as_required(), NATIONAL_ID, MOBILE, EMAIL, BIRTH_DATE, SKILLS)
        ...

    # registry/contributions.py
    importers.add("people", PeopleImporter())

    # registry/management/commands/import_people.py
    class Command(ImportCommand):
        help = "Take volunteers from a spreadsheet."
        kind = "people"

The framework reads the file, finds sheets, header and columns, lets the person correct them,
parses each cell with its ``Field``, and then walks over the data rows in chunks. Of one row,
in this order:

1. a cell that does not parse, or an empty required one, makes it *bad*; so does ``check``;
2. the same row taken earlier for the same kind and body (a keyed fingerprint of the parsed
   values is kept) makes it *unchanged*;
3. one of its ``keys``, or a name like its ``namesake``, already seen further up in this file
   makes it a *duplicate* of that line;
   a new row whose ``stretch`` meets one further up only gets a remark;
4. the rest goes to ``prepare``, a chunk at a time: read-only, queries batched. It answers
   ``New``, ``Unchanged``, ``Duplicate`` or ``Bad`` for each row, in the rows' order;
5. when running (not in a preview) ``apply`` adds the new ones and answers their references, in
   the same transaction in which the chunk was prepared, its fingerprints are kept and the
   cursor moves on: a worker killed at any moment leaves nothing half and does nothing twice.

What is said of a row (a reason, a remark, a candidate's title, a ``CellProblem``) is kept and
read in any language: a lazy text, or a ``kernel.sayings.Saying`` where it has values. A plain
string stays as it is.

Duplicates wait for a person. *The same* calls ``merge(row, reference)``; *another one* calls
``apply`` for the row; *skip* calls nothing. The row is not asked about again.
"""

from takatuf.imports.importers.fields import (
    BIRTH_DATE,
    DATE,
    EMAIL,
    END_DATE,
    END_TIME,
    GENDER,
    HOURS,
    MOBILE,
    NAME_PARTS,
    NATIONAL_ID,
    NOTES,
    OPPORTUNITY_TITLE,
    PERSON_NAME,
    PLACE,
    SEATS,
    SKILLS,
    START_DATE,
    START_TIME,
    STATUS,
    TIMES,
    TIMESTAMP,
    URL,
    Field,
)
from takatuf.imports.importers.parsing import CellProblem
from takatuf.imports.importers.protocol import (
    ActingBody,
    Bad,
    Candidate,
    Duplicate,
    Entry,
    Importer,
    New,
    Outcome,
    Row,
    RunContext,
    Stretch,
    Unchanged,
)
from takatuf.imports.sheets.shapes import ByDay

__all__ = [
    "BIRTH_DATE",
    "DATE",
    "EMAIL",
    "END_DATE",
    "END_TIME",
    "GENDER",
    "HOURS",
    "MOBILE",
    "NAME_PARTS",
    "NATIONAL_ID",
    "NOTES",
    "OPPORTUNITY_TITLE",
    "PERSON_NAME",
    "PLACE",
    "SEATS",
    "SKILLS",
    "START_DATE",
    "START_TIME",
    "STATUS",
    "TIMES",
    "TIMESTAMP",
    "URL",
    "ActingBody",
    "Bad",
    "ByDay",
    "Candidate",
    "CellProblem",
    "Duplicate",
    "Entry",
    "Field",
    "Importer",
    "New",
    "Outcome",
    "Row",
    "RunContext",
    "Stretch",
    "Unchanged",
]

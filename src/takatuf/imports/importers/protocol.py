"""The importer itself, and the plain values that pass between it and the framework."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from takatuf.imports.importers.fields import Field
from takatuf.imports.sheets.shapes import ByDay
from takatuf.kernel.errors import DomainError
from takatuf.kernel.sayings import Saying


@dataclass(frozen=True, slots=True)
class ActingBody:
    """On whose behalf rows are taken. ``reference`` is kernel.references' string, or ""."""

    reference: str
    title: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """Who imports, for whom, when. ``by`` is None when the system does (command line).

    ``began`` is when the first row was looked at: what is older was there before this file.
    """

    kind: str
    run: int | None
    by: Any
    at: datetime
    acting_body: str
    began: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. ``values`` has a key for every field; None where blank or not mapped."""

    sheet: str
    line: int
    values: Mapping[str, Any]
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """When somebody was at something: from ``start`` to ``end``, on so many days in a row."""

    who: str
    start: datetime
    end: datetime
    days: int = 1

    def meets(self, other: "Stretch") -> bool:
        """Whether the two share a moment, whoever they are of."""
        day = timedelta(days=1)
        # By how many days the other may lie behind: strictly between these two.
        least = (self.start - other.end) // day + 1
        most = -((other.start - self.end) // day) - 1
        return max(least, 1 - self.days) <= min(most, other.days - 1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be the same as the row.

    ``facts`` shows it beside the row: field name to words, those of ours lazy. Give no more
    than the person who imports may see.
    """

    reference: str
    title: Any
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class New:
    """To be added. ``data`` reaches ``apply`` untouched; a ``remark`` is put in the report."""

    data: Any = None
    remark: Any = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It is there already, exactly so."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It may be there already: a person decides. ``may_differ`` False: only merge or skip."""

    reason: Any
    candidates: Sequence[Candidate]
    may_differ: bool = True


@dataclass(frozen=True, slots=True)
class Bad:
    """It cannot be taken; ``reason`` is a sentence that says what to mend in the file."""

    reason: Any
    field: str = ""


Outcome = New | Unchanged | Duplicate | Bad


@dataclass(frozen=True, slots=True)
class Entry:
    """What ``apply`` gets: a row and the ``data`` that ``prepare`` gave it."""

    row: Row
    data: Any = None


class Importer(ABC):
    """Takes rows of one kind. Stateless: one object serves every run of every process."""

    kind: ClassVar[str]
    title: Any  # translatable: "Volunteers"
    explanation: Any = ""  # translatable: what the file should hold
    fields: Sequence[Field]
    by_day: ClassVar[ByDay | None] = None  # if a sheet of this kind may have a column a day

    @abstractmethod
    def bodies_for(self, person, *, at: datetime) -> Sequence[ActingBody]:
        """On whose behalf this person may import this kind today, asked before every step.

        None of them: the person may not at all.
        """

    def may_read_all(self, person, *, at: datetime) -> bool:  # noqa: ARG002
        """Whether the person reads the runs of every body, and changes none."""
        return False

    def body_for_code(self, code: str) -> str:
        """The command line's ``--body CODE`` as a reference; "" when the code is empty.

        :raises DomainError: if no body has the code, or one is needed and none was given.
        """
        if code:
            raise DomainError(Saying(_("No body has the code “%(code)s”."), code=code))
        return ""

    def get_ready(self, *, at: datetime) -> None:  # noqa: B027 — may be left empty
        """Put in place what must be there before a first row: the command line asks for it."""

    def check(self, values: Mapping[str, Any]) -> None:  # noqa: B027 — may be left empty
        """A rule across the cells of one row that needs no database.

        :raises CellProblem: if the row breaks it.
        """

    def understood(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is kept of a row that passed ``check``, for the preview: its cells, completed
        or corrected by one another. Pure.
        """
        return values

    def keys(self, values: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002
        """By what two rows of one file are taken for the same thing. Pure; may be empty."""
        return ()

    def namesake(self, values: Mapping[str, Any]) -> tuple[str, str] | None:  # noqa: ARG002
        """A name, by whose likeness two rows of one file are taken for the same where no key
        says it, and before it what both must share to the letter. Pure.

        Needed where ``prepare`` compares names: else it would depend on what was taken by
        then which rows of one file are alike.
        """
        return None

    def stretch(self, values: Mapping[str, Any]) -> Stretch | None:  # noqa: ARG002
        """When and of whom the row tells, where nobody can be at two things at once. Pure."""
        return None

    @abstractmethod
    def prepare(self, rows: Sequence[Row], run: RunContext) -> Sequence[Outcome]:
        """An outcome for each row, in order. Changes nothing; a fixed number of queries."""

    @abstractmethod
    def apply(self, entries: Sequence[Entry], run: RunContext) -> Sequence[str]:
        """Add the rows and answer a reference for each, in order. Inside a transaction.

        :raises DomainError: only when called for one entry, after a person decided. Where it
            refuses a row of a chunk, its message is kept like a reason.
        """

    @abstractmethod
    def merge(self, row: Row, reference: str, run: RunContext) -> str:
        """The row is that thing: complete what is missing there and answer its reference.

        :raises DomainError: if it cannot be merged.
        """

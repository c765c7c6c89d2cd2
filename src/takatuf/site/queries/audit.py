"""The log of changes, for auditors: of everything, and of one object with its seals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from takatuf.accounts import queries as accounts
from takatuf.attendance import commands as attendance_commands
from takatuf.attendance import queries as attendance
from takatuf.kernel import traces, transitions
from takatuf.kernel.models import Transition
from takatuf.kernel.references import resolve
from takatuf.kernel.sayings import read_out
from takatuf.kernel.typography import when
from takatuf.opportunities.enums import Support
from takatuf.site.audit_words import ACTIONS, FIELDS, KINDS, RELATIONS, UNTOLD
from takatuf.site.queries.subjects import titles_of

PAGE = 50
HOURS = "attendance.hourclaim"
MERGED_WITH = "merged_with"  # changes of a merge: the reference of the other record
NAMES = ("code", "serial", "number", "title", "work", "name", "original_name")
LISTS = {"support": Support.choices}  # columns that hold several of these
OWN_PAGES = {
    "needs.need": "needs:detail",
    "opportunities.opportunity": "site:opportunity",
    "registry.body": "registry:body",
    "registry.team": "registry:team",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened, as it is shown."""

    subject: str
    words: str
    at: datetime
    who: str
    before: str = ""
    after: str = ""
    told: str = ""  # the state it came to, where the words do not say it already
    why: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kind: str = ""
    title: str = ""
    seal: str = ""


class Link(NamedTuple):
    """Another object that one is linked with: how, and which."""

    relation: str
    kind: str
    title: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything that happened to one object, oldest first."""

    subject: str
    kind: str
    titles: list[str]
    url: str
    lines: list[Line]
    links: list[Link]

    @property
    def broken(self) -> list[Line]:
        return [line for line in self.lines if line.faults]


def story_of(subject: str) -> Story | None:
    """None if there is no such object; what came in bulk has a story without lines."""
    if "\0" in subject:  # PostgreSQL stores none, and refuses to look for one
        return None
    found = _object(subject)
    if subject.partition(":")[0] == HOURS and found is not None:
        entries: list[Any] = attendance.lines_of(found.pk)
        faults_of: Any = attendance_commands.faults_of
    else:
        rows = Transition.objects.filter(subject=subject).select_related("note")
        entries, faults_of = list(rows.order_by("position")), transitions.faults_of
    if not entries and (found is None or subject.partition(":")[0] not in KINDS):
        return None
    before = [None, *entries][: len(entries)]
    names = accounts.names_of(_people_in(entries))
    lines = [
        _line(
            entry,
            names,
            subject=subject,
            faults=faults_of(entry, previous),
            changes=_changes(_model(subject), entry, names),
        )
        for entry, previous in zip(entries, before, strict=True)
    ]
    kind = kind_of(subject)
    return Story(
        subject=subject, kind=kind, titles=_titles(found), url=_page(subject, found),
        lines=lines, links=_links(subject),
    )  # fmt: skip


def latest(*, kind: str = "", before: int = 0) -> tuple[list[Line], int]:
    """A page of the log, newest first, and what the next page is asked for with; no next: 0."""
    rows = Transition.objects.select_related("note")
    if kind:
        rows = rows.filter(subject__startswith=f"{kind}:")
    if before:
        rows = rows.filter(pk__lt=before)
    entries = list(rows.order_by("-pk")[: PAGE + 1])
    names = accounts.names_of(_people_in(entries))
    titles = titles_of(entry.subject for entry in entries)
    lines = [
        _line(entry, names, subject=entry.subject, title=titles.get(entry.subject, ""))
        for entry in entries[:PAGE]
    ]
    return lines, entries[PAGE - 1].pk if len(entries) > PAGE else 0


def _links(subject: str) -> list[Link]:
    found = [each for each in traces.around(subject) if each[0] in RELATIONS]
    titles = titles_of(other for _relation, _away, other in found)
    return [
        Link(str(RELATIONS[relation][0 if away else 1]), kind_of(other),
             titles.get(other, ""), other)
        for relation, away, other in found
    ]  # fmt: skip


def kind_of(subject: str) -> str:
    label = subject.partition(":")[0]
    return str(KINDS.get(label, label))


def _line(
    entry, names: dict[UUID, str], *, subject: str, title: str = "", faults: Iterable[str] = (),
    changes: Iterable[tuple[str, str, str]] = (),
) -> Line:  # fmt: skip
    model = _model(subject)
    note = getattr(entry, "note", None)
    action = getattr(entry, "action", None) or entry.state
    after = str(getattr(entry, "to_state", "") or getattr(entry, "state", ""))
    words, state = str(ACTIONS.get(action, action)), _state(model, after)
    return Line(
        subject=subject, kind=kind_of(subject), title=title,
        words=words, told="" if after == action or state == words else state,
        at=entry.at, who=_who(entry.actor, names),
        before=_state(model, getattr(entry, "from_state", "")), after=state,
        why=read_out(getattr(note, "reason", "")), faults=[_(fault) for fault in faults],
        changes=list(changes),
        seal=entry.digest[:12],
    )  # fmt: skip


def _who(actor: UUID | None, names: dict[UUID, str]) -> str:
    if actor is None:
        return _("Takatuf itself, or a visitor")
    return names.get(actor) or _("Somebody whose account is gone")


def _people_in(entries: Iterable[Any]) -> list[UUID | None]:
    """Who did each, and with whom somebody was made one: one query names them all."""
    named = [entry.actor for entry in entries]
    for entry in entries:
        pair = (getattr(getattr(entry, "note", None), "changes", None) or {}).get(MERGED_WITH)
        if pair:
            named.append(UUID(pair[1]))
    return named


def _changes(model, entry, names: dict[UUID, str]) -> list[tuple[str, str, str]]:
    """Name of each column, what it held, what it holds, as the reader's language has them."""
    found = []
    for name, pair in (getattr(getattr(entry, "note", None), "changes", None) or {}).items():
        if isinstance(pair, list) and len(pair) == 2 and name not in UNTOLD:  # noqa: PLR2004
            column = _column(model, name)
            old, new = (_told(column, value) for value in pair)
            if name == MERGED_WITH:
                new = names.get(UUID(new)) or _("Somebody whose account is gone")
            found.append((_field(column, name), old, new))
    return found


def _column(model, name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None


def _field(column: models.Field | None, name: str) -> str:
    if name == MERGED_WITH:
        return _("one with")
    words = FIELDS.get(name.removesuffix("_id"))
    return str(words or (column.verbose_name if column else name))


def _told(column: models.Field | None, value: Any) -> str:
    """What a column held, which is kept as it is stored."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return _(", ").join(_told(column, each) for each in value)
    if isinstance(column, models.ForeignKey) and str(value).isdecimal():
        row = column.related_model._base_manager.filter(pk=value).first()
        return str(row or value)
    if isinstance(column, models.BooleanField):
        return _("Yes") if str(value) == "True" else _("No")
    parse = parse_datetime if isinstance(column, models.DateTimeField) else parse_date
    if isinstance(column, models.DateField) and (written := parse(str(value))):
        return when(written)
    choices: Any = getattr(column, "flatchoices", None)
    choices = choices or LISTS.get(getattr(column, "name", ""), ())
    return str(dict(choices).get(str(value), value))


def _state(model, value: str) -> str:
    """Its state in words; what is no state of its life may be a word of what happened."""
    for name in ("status", "state"):
        try:
            choices = dict(model._meta.get_field(name).flatchoices) if model else {}
        except FieldDoesNotExist:
            continue
        if value in choices:
            return str(choices[value])
    return str(ACTIONS.get(value, ""))


def _model(subject: str):
    try:
        return apps.get_model(subject.partition(":")[0])
    except (LookupError, ValueError):
        return None


def _object(subject: str):
    try:
        return resolve(subject)
    except (LookupError, ValueError, ValidationError):
        return None


def _titles(found) -> list[str]:
    """What it is called, and whose it is; nothing that is not on its own pages."""
    if found is None:
        return [_("It is no longer there.")]
    parts = [str(value) for name in NAMES if isinstance(value := getattr(found, name, ""), str)]
    if opportunity := getattr(found, "opportunity", None):
        parts.append(opportunity.title)
    if person := getattr(found, "person", None) or getattr(found, "holder", None):
        parts.append(str(person))
    if found._meta.label_lower == "accounts.person":
        parts.append(str(found))
    return [part for part in dict.fromkeys(parts) if part]


def _page(subject: str, found) -> str:
    name = OWN_PAGES.get(subject.partition(":")[0])
    return reverse(name, args=[found.code]) if name and found is not None else ""

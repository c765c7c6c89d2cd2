"""Changing a state, and remembering every change: who, when, from, to, why."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Transition, TransitionNote
from takatuf.kernel.references import reference
from takatuf.kernel.registries import invariants

# status -> the states that may follow
LOOKS = 3  # at an object that others are changing, before it is called broken
Table = Mapping[Any, Collection[Any]]


class WrongState(DomainError):
    """The object is not in a state from which this can happen."""


def record(
    *,
    subject: models.Model,
    action: str,
    by,
    at: datetime,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    changes: dict | None = None,
    about=None,
    acting_body: models.Model | None = None,
    fresh: bool = False,
) -> Transition:
    """Append one entry to the subject's chain. Call inside the command's transaction.

    :param by: the acting Person, or None for the system.
    :param about: the Person whose data ``reason`` and ``changes`` contain, if any.
    :param fresh: the subject was made in this transaction, so there is nothing to follow.
    """
    ref = reference(subject)
    last = None if fresh else _last(ref)
    entry = Transition(
        subject=ref,
        position=last.position + 1 if last else 1,
        action=action,
        from_state=from_state,
        to_state=to_state,
        actor=by.ref if by else None,
        acting_body=reference(acting_body) if acting_body else "",
        at=at,
        previous_digest=last.digest if last else "",
    )
    note = _note(reason=reason, changes=changes or {}, about=about)
    entry.note_digest = note_digest(note) if note else ""
    entry.digest = digest(entry)
    entry.save(force_insert=True)
    if note:
        note.transition = entry
        note.save(force_insert=True)
    return entry


def _last(ref: str) -> Transition | None:
    return Transition.objects.filter(subject=ref).order_by("-position").first()


@transaction.atomic
def change_state(
    obj: Any,  # a model with a status
    to: str,
    *,
    table: Table,
    by,
    at: datetime,
    action: str,
    reason: str = "",
    about=None,
    acting_body: models.Model | None = None,
    columns: Mapping[str, object] | None = None,
    **fields,
) -> None:
    """Move ``obj.status`` along its transition table, set ``fields`` with it, remember it.

    The write is conditional on the state the object was loaded in: of two people who act
    at once, one is told that the object has moved on.

    :param columns: more fields to set, for names that are also parameters here (``reason``).
    :raises WrongState: if the table has no such step, or the stored state is another.
    """
    fields |= columns or {}
    start = obj.status
    if to not in table.get(start, ()):
        raise WrongState(
            _("This is now “%(state)s”, so that cannot be done any more.")
            % {"state": obj.get_status_display()}
        )
    moved = type(obj)._base_manager.filter(pk=obj.pk, status=start).update(status=to, **fields)
    if not moved:
        raise WrongState(
            _("Somebody has just changed this. Reload the page to see how it stands.")
        )
    obj.status = to
    for name, value in fields.items():
        setattr(obj, name, value)
    record(
        subject=obj,
        action=action,
        by=by,
        at=at,
        from_state=start,
        to_state=to,
        reason=reason,
        about=about,
        acting_body=acting_body,
    )


def history(obj: models.Model) -> models.QuerySet[Transition]:
    """The object's entries, oldest first, with their notes."""
    return (
        Transition.objects.filter(subject=reference(obj))
        .select_related("note")
        .order_by("position")
    )


def digest(entry: Transition) -> str:
    """SHA-256 over every column of the entry but the digest itself."""
    parts = [
        entry.subject, entry.position, entry.action, entry.from_state, entry.to_state,
        str(entry.actor or ""), entry.acting_body, entry.at.astimezone(UTC).isoformat(),
        entry.note_digest, entry.previous_digest,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def note_digest(note: TransitionNote) -> str:
    words = json.dumps([note.reason, note.changes], ensure_ascii=False, sort_keys=True)
    return hmac.new(note.salt.encode(), words.encode(), hashlib.sha256).hexdigest()


def _note(*, reason: str, changes: dict, about) -> TransitionNote | None:
    if not reason and not changes:
        return None
    return TransitionNote(
        reason=reason, changes=changes, salt=secrets.token_hex(16), person=about
    )


OUT_OF_LINE = gettext_noop("it does not follow the entry before it")
ROW_CHANGED = gettext_noop("the row was changed after it was written")
NOTE_CHANGED = gettext_noop("the note was changed after it was written")


def chain_faults(entry: Any, previous: Any, *, digest: str, note_changed: bool) -> list[str]:
    """What is wrong with a line of any chain, in English; nothing if it holds here.

    :param entry: has position, digest and previous_digest.
    :param previous: the line before it in the same chain.
    :param digest: what the line's digest should be.
    :param note_changed: whether there is a note and it is not the one that was sealed.
    """
    expected = (previous.position + 1, previous.digest) if previous else (1, "")
    return [
        words
        for words, wrong in (
            (OUT_OF_LINE, (entry.position, entry.previous_digest) != expected),
            (ROW_CHANGED, entry.digest != digest),
            (NOTE_CHANGED, note_changed),
        )
        if wrong
    ]


def faults_of(entry: Transition, previous: Transition | None) -> list[str]:
    """What is wrong with an entry, given the entry before it on the same subject."""
    note = getattr(entry, "note", None)
    return chain_faults(
        entry, previous, digest=digest(entry),
        note_changed=note is not None and note_digest(note) != entry.note_digest,
    )  # fmt: skip


@invariants.register("transition chains are whole")
def broken_chains() -> Iterator[str]:
    """Every entry's digest is right, follows the one before, and covers its note."""
    previous: Transition | None = None
    rows = Transition.objects.select_related("note").order_by("subject", "position")
    for entry in rows.iterator(chunk_size=2000):
        if previous is None or previous.subject != entry.subject:
            previous = None
        for fault in faults_of(entry, previous):
            yield f"{entry}: {fault}"
        previous = entry


@invariants.register("objects are in the state their log says last")
def states_out_of_step() -> Iterator[str]:
    """A last entry that is cut off leaves a whole chain; the object tells."""
    for label, said in _states_said():
        rows = apps.get_model(label)._base_manager.filter(pk__in=list(said))
        for pk, status in rows.values_list("pk", "status"):
            # The log was read before the row: who changed it meanwhile has broken nothing.
            if status != said[str(pk)] and (now := _state_and_log(label, pk)):
                yield f"{label}:{pk} is {now[0]}, its log says {now[1]}"


def _state_and_log(label: str, pk: Any) -> tuple[str, str] | None:
    """Both read anew, the log before and after the row; None where they agree after all."""
    said = status = ""
    for _look in range(LOOKS):
        before = _last_state(label, pk)
        row = apps.get_model(label)._base_manager.filter(pk=pk).values_list("status").first()
        said, status = _last_state(label, pk), row[0] if row else ""
        if row is None or status == said:
            return None
        if before == said:
            break
    return status, said


def _last_state(label: str, pk: Any) -> str:
    entries = Transition.objects.filter(subject=f"{label}:{pk}").exclude(to_state="")
    return entries.order_by("-position").values_list("to_state", flat=True).first() or ""


def _states_said(batch: int = 1000) -> Iterator[tuple[str, dict[str, str]]]:
    """For each kind of object that has a status: key -> the state its log says last."""
    rows = Transition.objects.exclude(to_state="").order_by("subject", "position")
    said: dict[str, str] = {}
    before = ""
    for subject, state in rows.values_list("subject", "to_state").iterator(chunk_size=2000):
        label, _colon, key = subject.partition(":")
        if said and (label != before or (len(said) >= batch and key not in said)):
            yield before, said
            said = {}
        before = label
        if _has_status(label):
            said[key] = state
    if said:
        yield before, said


@cache
def _has_status(label: str) -> bool:
    return any(field.name == "status" for field in apps.get_model(label)._meta.get_fields())

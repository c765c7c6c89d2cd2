"""Telling whoever holds an office: what came in, what is due today, what is late.

Each floor adds to ``office_queues`` what waits for an office and who may not answer it; the
words, the clock and the choice of people are here, once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from takatuf.kernel import outbox
from takatuf.kernel.jobs import task
from takatuf.kernel.links import absolute
from takatuf.kernel.registries import Registry
from takatuf.kernel.typography import when
from takatuf.kernel.working_days import is_working_day
from takatuf.registry import queries
from takatuf.registry.enums import Role
from takatuf.registry.models import Body, OfficeReminder

GATHER = timedelta(minutes=20)  # ten applications in one evening make one message
DUE, LATE = "due", "late"
LONGEST_WEEKEND = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits for the holders of an office.

    :param ref: what is reminded of once: ``placement.application:42``.
    :param body: whose office answers it; None: the region's.
    :param page: name and arguments of the page that answers it.
    :param barred: ``pk`` or ``ref`` of people who may not: it is theirs, or about them.
    """

    ref: str
    title: str
    body: Body | None
    page: tuple[str, tuple]
    due_at: datetime | None = None
    barred: frozenset[int | UUID] = frozenset()

    def is_for(self, person) -> bool:
        return not self.barred & {person.pk, person.ref}


@dataclass(frozen=True, kw_only=True)
class OfficeQueue:
    """A kind of thing that waits.

    :param roles: asked in this order, until one of them has somebody who may answer.
    :param words: how many wait, as a sentence, in the language of the moment.
    :param page: the page for several at once; by default that of the first.
    :param find: what waits now, the first due first: of one body, or everywhere what is due
        by a moment.
    """

    roles: Sequence[str]
    words: Callable[[int], str]
    find: Callable[[Body | None, datetime | None], Iterable[Waiting]]
    page: str = ""
    urgent: bool = False


office_queues: Registry[OfficeQueue] = Registry("office queues")


def tell_office(
    *, body: Body, roles: Sequence[str], template: str, context: dict[str, Any], by,
    at: datetime, also: Iterable = (), own: Callable[[Any], dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    """Write to the holders of an office and to ``also``, each once; never to who did it.

    :param own: what each alone may read, such as a link that answers for them.
    """
    people = {person.pk: person for person in [*_holders(body, roles, at), *also] if person}
    for person in people.values():
        if by is None or person.pk != by.pk:
            more = own(person) if own else {}
            outbox.send(template=template, to=person, at=at, context=context | more)


def call_office(*, queue: str, by, body: Body | None = None) -> None:
    """Something came into the queue: its office is told soon, in one message with the rest.

    One job row in the command's transaction; who is told, and of how many, is found later.

    :param by: who brought it in, and hears nothing; None: the system, or a visitor.
    """
    office_queues[queue]  # a name nobody registered fails here, not in the worker
    tell_of_news.enqueue(queue, body.pk if body else None, by.pk if by else None)


@task()
def tell_of_news(queue: str, body_id: int | None, by_id: int | None) -> None:
    """The job behind ``call_office``."""
    body = Body.objects.filter(pk=body_id).first() if body_id else None
    found = list(office_queues[queue].find(body, None))
    _tell("registry.office_news", queue, found, at=timezone.now(), but=by_id)


def remind_offices(*, at: datetime) -> int:
    """Once on the due day, or the working day before; once to the desk when it is too late."""
    last = timezone.localtime(at).replace(hour=23, minute=59) + LONGEST_WEEKEND
    told = 0
    for name, queue in office_queues:
        stages: dict[tuple, list[Waiting]] = {}
        for one in queue.find(None, last):
            if stage := _stage(one, at):
                body_id = one.body.pk if one.body else None
                stages.setdefault((stage, body_id), []).append(one)
        told += sum(_remind(stage, name, rows, at=at) for (stage, _), rows in stages.items())
    return told


def reminder_day(due_at: datetime) -> date:
    """The due day itself, or the last working day before it."""
    day = timezone.localdate(due_at)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _stage(one: Waiting, at: datetime) -> str:
    if one.due_at is None:
        return ""
    if one.due_at <= at:
        return LATE
    return DUE if reminder_day(one.due_at) <= timezone.localdate(at) else ""


@transaction.atomic
def _remind(stage: str, queue: str, rows: list[Waiting], *, at: datetime) -> int:
    """Of those nobody was reminded of yet; how many that were."""
    done = OfficeReminder.objects.filter(stage=stage, subject__in=[one.ref for one in rows])
    known = set(done.values_list("subject", "due_at"))
    new = [one for one in rows if (one.ref, one.due_at) not in known]
    if not new:
        return 0
    OfficeReminder.objects.bulk_create(
        [
            OfficeReminder(subject=ref, stage=stage, due_at=due_at, told_at=at)
            for ref, due_at in dict.fromkeys((one.ref, one.due_at) for one in new)
            if due_at
        ],
        ignore_conflicts=True,
    )
    _tell(f"registry.office_{stage}", queue, new, at=at)
    return len(new)


def _tell(
    template: str, queue: str, found: list[Waiting], *, at: datetime, but: int | None = None
) -> None:
    """Each thing to the first of the roles in which somebody may answer it."""
    if not found:
        return
    kind, body = office_queues[queue], found[0].body
    late = template.endswith(LATE)
    office = queries.desk_body() if body is None or late else body
    if office is None:
        return
    roles = [Role.DESK] if late and body else list(kind.roles)
    for role in roles:
        people = _holders(office, [role], at)
        for person in people:
            theirs = [one for one in found if one.is_for(person)]
            if theirs and person.pk != but:
                _write(template, queue, theirs, to=person, at=at)
        found = [one for one in found if not any(one.is_for(person) for person in people)]


def _holders(body: Body, roles: Sequence[str], at: datetime) -> list:
    held = queries.holders_of(body, roles, timezone.localdate(at))
    return list({office.person_id: office.person for office in held}.values())


def _write(template: str, queue: str, theirs: list[Waiting], *, to, at: datetime) -> None:
    kind, first = office_queues[queue], theirs[0]
    name, args = first.page
    if kind.page and len({one.page for one in theirs}) > 1:
        name, args = kind.page, ()
    if first.body and template.endswith(LATE):  # the desk asks the body; it has no such page
        name, args = "registry:body", (first.body.code,)
    with translation.override(to.language):
        context = {
            "what": kind.words(len(theirs)),
            "first": first.title,
            "more": len(theirs) > 1,
            "body": first.body.name if first.body else "",
            "due": when(first.due_at) if first.due_at else "",
            "link": absolute(name, *args, language=to.language),
        }
    body = first.body.pk if first.body else ""
    outbox.send(
        template=template, to=to, at=at, context=context,
        urgent=kind.urgent and template.endswith("news"),
        collapse_key=f"{template}:{queue}:{body}"[:120], gather=GATHER,
    )  # fmt: skip

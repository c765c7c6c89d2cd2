"""Reading needs."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.functions import Cast, Least
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from takatuf.kernel import search, traces
from takatuf.kernel.models import SearchDocument
from takatuf.kernel.references import reference
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.transitions import history
from takatuf.needs.enums import ACTION_WORDS, OPEN_NEEDS, NeedStatus, Urgency
from takatuf.needs.models import Need
from takatuf.registry import policies as registry

PAGE = 20
SECOND_PRESS = timedelta(minutes=10)
# To everybody; of two that were joined the one that stands, for the desk read the other's
# words to tell that they mean the same and not to publish them.
SHOWN = (*OPEN_NEEDS, NeedStatus.CLOSED)
CURSOR = re.compile(r"([1-3])\.([0-9]{1,18})")
ANSWERED = Q(people_estimate__isnull=False, people_served__gte=F("people_estimate"))
COLUMNS = {"field": "field__code", "governorate": "governorate__code", "group": "target_group"}


def needs_visible_to(person) -> QuerySet[Need]:
    """Validated needs are everyone's; the desk sees all; reporters see their own."""
    rows = Need.objects.select_related("field", "governorate", "body")
    if not person.is_authenticated:
        return rows.filter(status__in=SHOWN)
    if registry.may_act_for_desk(person) or registry.may_audit(person):
        return rows
    return rows.filter(Q(status__in=SHOWN) | Q(reporter=person))


def need_visible_to(person, code: str) -> Need:
    """One query for what is everybody's.

    :raises Need.DoesNotExist: missing and not for these eyes look alike.
    """
    rows = Need.objects.select_related("field", "governorate", "body", "merged_into")
    need = rows.get(code=code)
    if need.status not in SHOWN and not needs_visible_to(person).filter(pk=need.pk).exists():
        raise Need.DoesNotExist
    return need


def joined_to(code: str) -> Need | None:
    """The need everybody reads in place of one that was joined to it."""
    return Need.objects.filter(merged_needs__code=code, status__in=SHOWN).first()


def need_for_link(pk: int) -> Need:
    """For the holder of a signed link, which is its own permission.

    :raises Need.DoesNotExist: if there is none.
    """
    return Need.objects.select_related("field", "governorate", "merged_into").get(pk=pk)


def submission_of(who: object, values: dict) -> str:
    """What a report is known by when it is sent again: who sends it, and every value.

    :param who: the person's key, or a visitor's connection.
    :param values: the arguments of ``commands.report_need``.
    """
    given = {name: getattr(value, "pk", value) for name, value in values.items()}
    text = json.dumps([str(who), given], sort_keys=True)
    return salted_hmac("takatuf.needs.submission", text, algorithm="sha256").hexdigest()


def sent_just_now(at: datetime) -> Q:
    """Sending the same once more can only be a second press: nobody has answered it yet."""
    return Q(status=NeedStatus.REPORTED, reported_at__gt=at - SECOND_PRESS)


def sent_before(submission: str, *, at: datetime) -> Need | None:
    """The need that the same report has become just now."""
    return Need.objects.filter(sent_just_now(at), submission=submission).first()


def listed(*, filters: dict, after: str = "") -> list[Need]:
    """Open needs of a kind, the most urgent first, then the newest; one more than a page.

    :param filters: ``field``, ``governorate``, ``group`` codes, ``q`` words and ``state``, all
        optional. ``state`` "answered": only those whose people are all served; else without.
    :param after: ``cursor`` of the last need of the page before; nonsense gives the first page.
    """
    rows = _filtered(_open(filters).select_related("field", "governorate"), filters)
    if found := CURSOR.fullmatch(after):
        urgency, pk = int(found[1]), int(found[2])
        rows = rows.filter(Q(urgency__lt=urgency) | Q(urgency=urgency, pk__lt=pk))
    return list(rows.order_by("-urgency", "-pk")[: PAGE + 1])


def _open(filters: dict) -> QuerySet[Need]:
    """Needs of the open tab, or of the one of those whose people are all served."""
    rows = Need.objects.filter(status__in=OPEN_NEEDS)
    return (
        rows.filter(ANSWERED) if filters.get("state") == "answered" else rows.exclude(ANSWERED)
    )


def cursor(need: Need) -> str:
    return f"{need.urgency}.{need.pk}"


def _filtered(rows: QuerySet[Need], filters: dict, *, apart_from: str = "") -> QuerySet[Need]:
    for name, column in COLUMNS.items():
        if name != apart_from and filters.get(name):
            rows = rows.filter(**{column: filters[name]})
    for word in normalise(filters.get("q", "")).split()[:6]:
        rows = rows.filter(search_text__contains=word)
    return rows


def facets(*, filters: dict) -> dict[str, dict[str, int]]:
    """How many open needs each choice of each filter would leave."""
    counted = {}
    for name, column in COLUMNS.items():
        rows = _filtered(_open(filters), filters, apart_from=name)
        counted[name] = dict(rows.order_by().values_list(column).annotate(count=Count("pk")))
    return counted


def urgent() -> QuerySet[Need]:
    """Open needs of within days whose people are not all served yet."""
    return Need.objects.filter(status__in=OPEN_NEEDS, urgency=Urgency.HIGH).exclude(ANSWERED)


def waiting_for_desk(due_by: datetime | None = None) -> QuerySet[Need]:
    """Reported needs nobody has answered yet, the one due first on top."""
    in_time = Q(due_at__lte=due_by) if due_by else Q()
    return (
        Need.objects.filter(in_time, status=NeedStatus.REPORTED)
        .select_related("field", "governorate", "body", "reporter")
        .order_by("due_at", "pk")
    )


def alike(need: Need, *, limit: int = 8) -> Sequence[Need]:
    """What it can be joined to: of the same governorate and group or field, or the same need
    recorded again, wherever that puts it.

    Recorded again first, then those alike in both, and of these the open before the waiting.
    """
    rows = Need.objects.filter(status__in=may_lead_to(need)).exclude(pk=need.pk)
    near = Q(field_id=need.field_id) | Q(target_group=need.target_group)
    again = Q(title=need.title)
    if need.reporter_id:
        again |= Q(reporter_id=need.reporter_id)
    if need.reporter_contact:
        again |= Q(reporter_contact=need.reporter_contact)
    again &= Q(status=NeedStatus.REPORTED)
    here = Q(near, governorate_id=need.governorate_id)
    rows = rows.annotate(again=Case(When(again, then=True), default=False))
    found = list(rows.filter(here | again).order_by("-again", "-pk")[:100])
    found.sort(
        key=lambda row: (
            not row.again,
            (row.field_id != need.field_id) + (row.target_group != need.target_group),
            row.waits,
        )
    )
    return found[:limit]


def may_lead_to(need: Need) -> tuple[str, ...]:
    """States of what a need can be joined to: what is public leads to nothing that waits."""
    waits = need.status == NeedStatus.REPORTED
    return (*OPEN_NEEDS, NeedStatus.REPORTED) if waits else OPEN_NEEDS


def least_covered(*, limit: int = 3) -> list[Need]:
    """Open needs with the smallest share of people served, for the home page."""
    rows = Need.objects.filter(status__in=OPEN_NEEDS, people_estimate__isnull=False)
    # Not in whole numbers: a few crowds would be more than PostgreSQL's integer holds.
    rows = rows.annotate(share=Cast("people_served", FloatField()) / F("people_estimate"))
    return list(
        rows.select_related("governorate", "field").order_by("share", "-urgency", "pk")[:limit]
    )


def answerable_by(body, *, limit: int = 4) -> list[Need]:
    """Open needs of a body's governorate in fields it has worked in, then any there.

    A body works in the fields of its opportunities; one that has none yet sees all of its
    governorate. What is fully covered is left out; the most urgent first.
    """
    fields = body.opportunities.exclude(field=None).values("field")
    rows = Need.objects.filter(status__in=OPEN_NEEDS, governorate_id=body.governorate_id)
    rows = rows.exclude(ANSWERED).annotate(own=Exists(fields.filter(field=OuterRef("field"))))
    order = ("-own", "-urgency", "people_served", "pk")
    return list(rows.select_related("governorate", "field").order_by(*order)[:limit])


def open_need(code: str) -> Need | None:
    """An open need by its code, or None."""
    rows = Need.objects.select_related("field", "governorate")
    return rows.filter(code=code, status__in=OPEN_NEEDS).first()


def story(need: Need) -> list[dict]:
    """What happened to a need, oldest first, in words.

    People served are confirmed shift by shift: of each run the latest time is told.
    """
    runs = groupby(history(need), key=lambda entry: entry.action)
    return [
        {"words": str(ACTION_WORDS.get(action, action)), "at": list(entries)[-1].at}
        for action, entries in runs
    ]


def linked_with(need: Need, person) -> tuple[list[traces.Linked], list[Need]]:
    """The opportunities that answer it, the newest first, as the floors above describe them;
    and the needs joined to it that are for these eyes, oldest first.
    """
    to_it: dict[str, list[str]] = {}
    for relation, away, ref in traces.around(reference(need)):
        if not away:
            to_it.setdefault(relation, []).append(ref)
    answers = traces.described(reversed(to_it.get(traces.Relation.ANSWERS, [])))
    keys = [ref.partition(":")[2] for ref in to_it.get(traces.Relation.DUPLICATES, [])]
    joined = needs_visible_to(person).filter(pk__in=keys).order_by("pk") if keys else []
    return answers, list(joined)


def lock_need(pk: int) -> Need:
    """:raises Need.DoesNotExist: if there is none."""
    rows = Need.objects.select_for_update(of=("self",))
    return rows.select_related("field", "governorate", "reporter").get(pk=pk)


def lock_two(pk: int, other: int) -> tuple[Need, Need]:
    """In one order, so that of two who join two needs crosswise neither waits for ever.

    :raises Need.DoesNotExist: if there is not both.
    """
    found = {key: lock_need(key) for key in sorted({pk, other})}
    return found[pk], found[other]


def reported_by(person) -> QuerySet[Need]:
    return (
        Need.objects.filter(reporter=person)
        .select_related("field", "governorate")
        .order_by("-pk")
    )


def merged_into(need: Need) -> QuerySet[Need]:
    return Need.objects.filter(merged_into=need).select_related("reporter").order_by("pk")


def covered_share(_at: datetime) -> dict[str, Decimal]:
    """Of the people estimated in open needs, the share confirmed as served; by governorate.

    Nothing where no need was estimated: a share of nothing is not 0.
    """
    rows = Need.objects.filter(status__in=OPEN_NEEDS, people_estimate__isnull=False).order_by()
    sums = list(
        rows.values_list("governorate__code").annotate(
            served=Sum(Least("people_served", "people_estimate")), asked=Sum("people_estimate")
        )
    )
    shares = {code: _share(part, whole) for code, part, whole in sums}
    whole = sum(row[2] for row in sums)
    return shares | ({"": _share(sum(row[1] for row in sums), whole)} if whole else {})


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.001"))


def waiting_by_governorate(_at: datetime) -> dict[str, int]:
    """Open needs no opportunity was published for yet, by governorate code."""
    rows = _open({}).exclude(status=NeedStatus.IN_PLAN)
    return dict(rows.order_by().values_list("governorate__code").annotate(count=Count("pk")))


# ---------------------------------------------------------------- search


def search_row(need: Need) -> dict:
    """What ``kernel.search.build`` takes."""
    with translation.override("ar"):
        url = reverse("needs:detail", args=[need.code])
    names = [need.field.name_ar, need.field.name_en]
    names += [need.governorate.name_ar, need.governorate.name_en]
    return {
        "kind": "need", "title": need.title, "summary": need.description[:200], "url": url,
        "place": need.governorate.code, "at": need.decided_at or need.reported_at,
        "text": " ".join([need.description, need.place, need.code, *names]),
    }  # fmt: skip


def search_documents() -> Iterator[SearchDocument]:
    rows = Need.objects.filter(status__in=OPEN_NEEDS).select_related("field", "governorate")
    for need in rows.order_by("pk").iterator(chunk_size=500):
        yield search.build(need, **search_row(need))


def open_by_governorate(_at: datetime) -> dict[str, int]:
    """Open needs by governorate code, for the public figures: as many as the list shows."""
    rows = _open({}).order_by()
    return dict(rows.values_list("governorate__code").annotate(count=Count("pk")))


def merged_without_target() -> QuerySet[Need]:
    """Invariant: a merged need leads to one that was not itself merged or refused."""
    return Need.objects.filter(status=NeedStatus.MERGED).filter(
        merged_into__status__in=[NeedStatus.MERGED, NeedStatus.REJECTED]
    )

"""Reading needs."""

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.transitions import history
from takatuf.needs.enums import ACTION_WORDS, OPEN_NEEDS, NeedStatus
from takatuf.needs.models import Need
from takatuf.registry import policies as registry

PAGE = 20


def needs_visible_to(person) -> QuerySet[Need]:
    """Validated needs are everyone's; the desk sees all; reporters see their own."""
    rows = Need.objects.select_related("field", "governorate", "body")
    if not person.is_authenticated:
        return rows.filter(status__in=[*OPEN_NEEDS, NeedStatus.CLOSED, NeedStatus.MERGED])
    if registry.may_act_for_desk(person) or registry.may_audit(person):
        return rows
    return rows.filter(
        Q(status__in=[*OPEN_NEEDS, NeedStatus.CLOSED, NeedStatus.MERGED]) | Q(reporter=person)
    )


def need_visible_to(person, code: str) -> Need:
    """:raises Need.DoesNotExist: missing and not for these eyes look alike."""
    return needs_visible_to(person).select_related("merged_into").get(code=code)


def listed(person, *, filters: dict, after: int | None = None) -> QuerySet[Need]:
    """Open needs of a kind, the least covered first within the most urgent.

    :param filters: ``field``, ``governorate``, ``group`` codes and ``q`` words, all optional.
    :param after: pk of the last need of the page before.
    """
    rows = _filtered(needs_visible_to(person).filter(status__in=OPEN_NEEDS), filters)
    if after is not None:
        rows = _beyond(rows, after)
    return rows.order_by("-urgency", "-pk")[: PAGE + 1]


def _beyond(rows: QuerySet[Need], after: int) -> QuerySet[Need]:
    last = Need.objects.filter(pk=after).values("urgency", "pk").first()
    if last is None:
        return rows
    return rows.filter(
        Q(urgency__lt=last["urgency"]) | Q(urgency=last["urgency"], pk__lt=last["pk"])
    )


def _filtered(rows: QuerySet[Need], filters: dict, *, apart_from: str = "") -> QuerySet[Need]:
    columns = {"field": "field__code", "governorate": "governorate__code", "group": "target_group"}
    for name, column in columns.items():
        if name != apart_from and filters.get(name):
            rows = rows.filter(**{column: filters[name]})
    for word in normalise(filters.get("q", "")).split()[:6]:
        rows = rows.filter(search_text__contains=word)
    return rows


def facets(person, *, filters: dict) -> dict[str, dict[str, int]]:
    """How many open needs each choice of each filter would leave."""
    counted = {}
    columns = {"field": "field__code", "governorate": "governorate__code", "group": "target_group"}
    for name, column in columns.items():
        rows = _filtered(
            needs_visible_to(person).filter(status__in=OPEN_NEEDS), filters, apart_from=name
        )
        pairs = rows.order_by().values_list(column).annotate(count=Count("pk"))
        counted[name] = dict(pairs)
    return counted


def waiting_for_desk() -> QuerySet[Need]:
    """Reported needs nobody has answered yet, the one due first on top."""
    return (
        Need.objects.filter(status=NeedStatus.REPORTED)
        .select_related("field", "governorate", "body", "reporter")
        .order_by("due_at", "pk")
    )


def alike(need: Need, *, limit: int = 5) -> list[Need]:
    """Needs of the same field and governorate the desk may merge this one into."""
    return list(
        Need.objects.filter(
            field_id=need.field_id, governorate_id=need.governorate_id, status__in=OPEN_NEEDS
        )
        .exclude(pk=need.pk)
        .order_by("-pk")[:limit]
    )


def least_covered(*, limit: int = 3) -> list[Need]:
    """Open needs with the smallest share of people served, for the home page."""
    rows = Need.objects.filter(status__in=OPEN_NEEDS, people_estimate__isnull=False)
    rows = rows.annotate(share=F("people_served") * 1000 / F("people_estimate"))
    return list(
        rows.select_related("governorate", "field").order_by("share", "-urgency", "pk")[:limit]
    )


def answerable(*, field_code: str = "", governorate_code: str = "", limit: int = 8) -> list[Need]:
    """Open needs a new opportunity could answer, the least covered first."""
    rows = Need.objects.filter(status__in=OPEN_NEEDS)
    if field_code:
        rows = rows.filter(field__code=field_code)
    if governorate_code:
        rows = rows.filter(governorate__code=governorate_code)
    return list(rows.select_related("governorate", "field").order_by("-urgency", "pk")[:limit])


def open_need(code: str) -> Need | None:
    """An open need by its code, or None."""
    rows = Need.objects.select_related("field", "governorate")
    return rows.filter(code=code, status__in=OPEN_NEEDS).first()


def story(need: Need) -> list[dict]:
    """What happened to a need, oldest first, in words."""
    return [
        {"words": ACTION_WORDS.get(entry.action, entry.action), "at": entry.at}
        for entry in history(need)
    ]


def lock_need(pk: int) -> Need:
    """:raises Need.DoesNotExist: if there is none."""
    return Need.objects.select_for_update().get(pk=pk)


def reported_by(person) -> QuerySet[Need]:
    return (
        Need.objects.filter(reporter=person)
        .select_related("field", "governorate")
        .order_by("-pk")
    )


def open_by_governorate(_at: datetime) -> dict[str, int]:
    """Open needs by governorate code, for the public figures."""
    rows = Need.objects.filter(status__in=OPEN_NEEDS).order_by()
    return dict(rows.values_list("governorate__code").annotate(count=Count("pk")))


def merged_without_target() -> QuerySet[Need]:
    """Invariant: a merged need leads to one that was not itself merged or refused."""
    return Need.objects.filter(status=NeedStatus.MERGED).filter(
        merged_into__status__in=[NeedStatus.MERGED, NeedStatus.REJECTED]
    )

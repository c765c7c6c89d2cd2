"""Wishes: somebody is told when an opportunity like this is published."""

from datetime import datetime, timedelta

from django.db import transaction

from takatuf.kernel import outbox, signed_links
from takatuf.kernel.links import absolute
from takatuf.opportunities import queries
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.models import Opportunity, Wish

CONFIRM, STOP = "opportunities.wish_confirm", "opportunities.wish_stop"
YEAR = timedelta(days=365)
MOST_TOLD = 5_000  # by one publication


@transaction.atomic
def make_wish(*, filters: Filters, by, contact: str, language: str, at: datetime) -> Wish:
    """Keep a wish; the same one twice is one. An address is asked to confirm first."""
    asked = filters.as_dict()
    contact = "" if by else contact.strip().lower()
    live = Wish.objects.filter(person=by, contact=contact, ended_at=None)
    wish = next((row for row in live if row.filters == asked), None)
    if wish is None:
        wish = Wish.objects.create(
            person=by, contact=contact, language=language, filters=asked, created_at=at,
            confirmed_at=at if by else None,
        )  # fmt: skip
    if wish.confirmed_at is None:
        link = _link("wish_confirm", wish, CONFIRM, at=at)
        outbox.send(
            template="opportunities.wish_confirm", address=contact, language=language, at=at,
            context={"link": link}, collapse_key=f"wish:{wish.pk}",
        )  # fmt: skip
    return wish


@transaction.atomic
def confirm_wish(*, wish_id: int, at: datetime) -> None:
    """The address answered. Twice is once."""
    Wish.objects.filter(pk=wish_id, confirmed_at=None, ended_at=None).update(confirmed_at=at)


@transaction.atomic
def end_wish(*, wish_id: int, at: datetime) -> None:
    """Nobody is told any more. Twice is once."""
    Wish.objects.filter(pk=wish_id, ended_at=None).update(ended_at=at)


@transaction.atomic
def tell_wishers(*, opportunity_id: int, at: datetime) -> int:
    """Tell whoever wished for an opportunity like this one; how many were told."""
    opportunity = Opportunity.objects.select_related("body").get(pk=opportunity_id)
    if not opportunity.listed:
        return 0
    wishes = list(
        Wish.objects.filter(confirmed_at__isnull=False, ended_at=None)
        .select_related("person")
        .order_by("pk")
    )
    asked = [Filters.read(wish.filters) for wish in wishes]
    fits = queries.matches(opportunity_id, asked, at=at)
    told = [wish for wish, fit in zip(wishes, fits, strict=True) if fit][:MOST_TOLD]
    for wish in told:
        _tell(wish, opportunity, at=at)
    Wish.objects.filter(pk__in=[wish.pk for wish in told]).update(told_at=at)
    return len(told)


def _tell(wish: Wish, opportunity: Opportunity, *, at: datetime) -> None:
    language = wish.person.language if wish.person else wish.language
    outbox.send(
        template="opportunities.wish_answered", to=wish.person, address=wish.contact, at=at,
        language=language,
        context={
            "title": opportunity.title, "body": opportunity.body.name_ar,
            "link": absolute("site:opportunity", opportunity.code, language=language),
            "stop": _link("wish_stop", wish, STOP, at=at),
        },
    )  # fmt: skip


def _link(name: str, wish: Wish, purpose: str, *, at: datetime) -> str:
    token = signed_links.make(purpose, {"wish": wish.pk}, YEAR, at=at)
    return absolute(f"opportunities:{name}", token, language=wish.language)

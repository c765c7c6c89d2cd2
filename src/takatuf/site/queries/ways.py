"""Ways straight to what was meant: a code, a place, a field, what the region announced."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.kernel.text.arabic import tokens
from takatuf.kernel.text.digits import western
from takatuf.kernel.text.stemming import stems
from takatuf.kernel.verify_codes import ALPHABET, LENGTH, grouped, normalise
from takatuf.opportunities import queries as opportunities
from takatuf.registry import queries as registry

STRAIGHT = gettext_lazy("Straight to it")
ANNOUNCED = gettext_lazy("Announced in the region")
SERIAL = re.compile(r"T[KC]-?[0-9]{4}-?[0-9]{6}")  # printed on certificates and cards
OPPORTUNITY = re.compile(r"[A-Z0-9]{6,12}")
MOST_ANNOUNCED = 6


@dataclass(frozen=True, kw_only=True)
class Way:
    title: str
    summary: str
    href: str


def by_code(typed: str) -> list[Way]:
    """What carries this code; one query, and only where it may be an opportunity's.

    A certificate's code leads to the page that checks it, whether there is one or not: the
    search says nothing about certificates, and the check counts how often it is asked.
    """
    code = western(typed).strip().upper()
    bare = normalise(code)
    if SERIAL.fullmatch(code.replace(" ", "")):
        return [_to_check(_("The serial alone proves nothing: type the code beside it."))]
    found = _opportunity(bare) if OPPORTUNITY.fullmatch(bare) else []
    if len(bare) == LENGTH and set(bare) <= set(ALPHABET):
        words = _("See whether %(code)s is valid.") % {"code": grouped(bare)}
        found.append(_to_check(words, grouped(bare)))
    return found


def _opportunity(code: str) -> list[Way]:
    return [
        Way(title=row.title, summary=row.body.name,
            href=reverse("site:opportunity", args=[row.code]))
        for row in opportunities.public_by_code(code)
    ]  # fmt: skip


def _to_check(words: str, code: str = "") -> Way:
    href = reverse("credentials:check", args=[code]) if code else reverse("credentials:verify")
    return Way(title=_("Check a certificate or card"), summary=words, href=href)


def by_name(query: str, *, places: Iterable, fields: Iterable) -> list[Way]:
    """The list, narrowed to a governorate or a field of work that is called so; no query."""
    asked = _stems(query)
    if not asked:
        return []
    address = reverse("opportunities:list")
    return [
        Way(
            title=_("Opportunities: %(name)s") % {"name": row.name}, summary=words,
            href=f"{address}?{urlencode({name: row.code})}",
        )
        for name, rows, words in (
            ("place", places, _("The list, for this governorate")),
            ("field", fields, _("The list, for this field of work")),
        )
        for row in rows
        if any(_is_called(asked, each) for each in (row.name_ar, row.name_en))
    ]  # fmt: skip


def announced(query: str) -> list[Way]:
    """What was published of the forum, the association and the council; no query."""
    asked = _stems(query)
    if not asked:
        return []
    page = reverse("site:about")
    ways = [
        Way(title=title, summary=words, href=f"{page}#{anchor}")
        for title, words, anchor, more in _published()
        if asked <= _stems(f"{title} {words} {more}")
    ]
    return ways[:MOST_ANNOUNCED]


def _published() -> Iterable[tuple[str, str, str, str]]:
    """Title, words, anchor, and what else it is found by."""
    forum = registry.forum_facts()
    if forum:
        yield forum.title, forum.audience, "forum", " ".join((_("forum"), *forum.axes))
    facts = registry.association_facts()
    if facts:
        told = " ".join(f"{fact.label} {fact.value}" for fact in facts)
        yield _("The association"), facts[0].words, "association", told
    for fact in registry.council_facts():
        yield _("The coordinating council"), f"{fact.label}: {fact.words}", "council", ""
    for place, one in enumerate(registry.announced_recommendations(), start=1):
        title = _("Recommendation %(number)s of the forum") % {"number": one.number.strip()}
        yield title, one.text, f"recommendation-{place}", one.basis
    for source in registry.all_sources():
        yield source.tag, source.title, f"source-{source.tag}", ""


def _is_called(asked: frozenset[str], name: str) -> bool:
    """Every word asked for is one of the name, and together they are half of it or more."""
    own = _stems(name)
    return asked <= own and 2 * len(asked) >= len(own)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(word)[0] for word in tokens(text))

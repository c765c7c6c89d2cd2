"""What is printed, as plain data in both languages."""

import io
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import segno
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takatuf.credentials import links, words
from takatuf.credentials.enums import CredentialStatus
from takatuf.credentials.models import Certificate, IdCard
from takatuf.kernel.text.umm_al_qura import hijri_label
from takatuf.kernel.typography import hours
from takatuf.kernel.verify_codes import grouped

RIGHT_TO_LEFT = {"R", "AL"}
STRONG = RIGHT_TO_LEFT | {"L"}
# Invisible marks that letters need; all others turn the text beside them round, or are printed
# with the glyph of another character, which then can be copied from nowhere on the page.
JOINERS = "\u200c\u200d"
SAME_GLYPH = str.maketrans({"\u2010": "-", "\u2011": "-"})
UNPRINTABLE = {"Cf", "Cs", "Co", "Cn"}
# What surely fits at full size, in letters and lines; beyond it the template measures.
SHORT_NAME, LETTERS_A_LINE, FULL_PAGE = 30, 60, 12
QR_MASK = 3


def certificate_sheet(certificate: Certificate) -> dict[str, Any]:
    said = certificate.snapshot
    return {
        "name": text(certificate.printed_name),
        "nameless": both(lambda: _("Name removed at the holder's request")),
        "body": body_names(said.get("body_ar", ""), said.get("body_en", "")),
        "identity": _last_three(certificate),
        "office": text(said.get("office", "")),
        "team": text(said.get("team", "")),
        "work": text(said.get("work", "")),
        "kind": both(lambda: str(words.class_words(said.get("class", "")))),
        "field": body_names(said.get("field_ar", ""), said.get("field_en", "")),
        "place": text(said.get("place", "")),
        "governorate": body_names(
            said.get("governorate_ar", ""), said.get("governorate_en", "")
        ),
        "tasks": [text(task) for task in said.get("tasks", []) if clean(task)],
        "experience": text(said.get("experience", "")),
        "days": [_day(on) for on in words.days(said)],
        "times": both(lambda: _times(said.get("times", 0))),
        "hours": both(lambda: strip_tags(hours(said.get("minutes", 0)))),
        "evidence": [_evidence(*known) for known in words.by_evidence(said)],
        "serial": certificate.serial,
        "issued": _day(timezone.localdate(certificate.issued_at)),
        "stamp": stamp(certificate.status, is_demo=certificate.is_demo),
        "short_name": 0 < _width(certificate.printed_name) <= SHORT_NAME,
        "few_words": _lines(said) + bool(_last_three(certificate)) <= FULL_PAGE,
        **_check(certificate.code),
    }  # fmt: skip


def card_sheet(card: IdCard) -> dict[str, Any]:
    return {
        "name": text(card.printed_name),
        "nameless": both(lambda: _("Name removed at the holder's request")),
        "body": body_names(card.body.name_ar, card.body.name_en),
        "number": card.number,
        "from": card.valid_from.isoformat(),
        "until": _day(card.valid_until),
        "stamp": stamp(card.status, is_demo=card.is_demo),
        **_check(card.code),
    }


# ---------------------------------------------------------------- parts
def both(say: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language in ("ar", "en"):
        with translation.override(language):
            said[language] = say()
    return said


def clean(value: object) -> str:
    """On one line, without what a printer cannot show or what turns its neighbours round."""
    plain = unicodedata.normalize("NFC", str(value)).translate(SAME_GLYPH)
    kept = (
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in plain
        if c in JOINERS or unicodedata.category(c) not in UNPRINTABLE
    )
    return " ".join("".join(kept).split())


def text(value: object) -> dict[str, Any]:
    """What a person wrote, with the direction of its first strong letter."""
    line = clean(value)
    strong = (unicodedata.bidirectional(c) for c in line)
    first = next((kind for kind in strong if kind in STRONG), "R")
    return {"text": line, "rtl": first in RIGHT_TO_LEFT}


def body_names(arabic: str, english: str) -> dict[str, Any]:
    """Both names; the Arabic one twice where no English one is known."""
    return {"ar": text(arabic or english), "en": text(english or arabic)}


def stamp(status: str, *, is_demo: bool) -> dict[str, str] | None:
    """Across the page of what must not pass for valid."""
    if status == CredentialStatus.REVOKED:
        return both(lambda: _("REVOKED"))
    return both(lambda: _("DEMO")) if is_demo else None


def _check(code: str) -> dict[str, str]:
    address = links.check_page(code)
    drawing = io.BytesIO()
    # Any mask can be read; choosing the best of eight takes longer than all else here.
    segno.make(address, error="m", micro=False, mask=QR_MASK).save(
        drawing,
        kind="svg",
        border=0,
        dark="#07363c",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    shown = address.split("://", 1)[1].rstrip("/").rsplit("/", 1)[0]
    return {"code": grouped(code), "address": shown, "qr": drawing.getvalue().decode()}


def _last_three(certificate: Certificate) -> str:
    """Ties the paper to one of many of a name, while the name itself is printed."""
    if not certificate.printed_name or certificate.holder_id is None:
        return ""
    return certificate.holder.id_last_three


def _day(on: date) -> dict[str, str]:
    return both(lambda: _gregorian(on)) | {
        "hijri_ar": hijri_label(on, "ar"), "hijri_en": hijri_label(on, "en"),
    }  # fmt: skip


def _gregorian(on: date) -> str:
    return date_format(on, "j F Y")


def _width(value: object) -> int:
    """Letters that take room: tashkeel takes none."""
    return sum(unicodedata.category(c) != "Mn" for c in clean(value))


def _lines(said: dict) -> int:
    """How many lines of facts a certificate has at most, at full size."""
    tasks = " • ".join(map(str, said.get("tasks", [])))
    names = ("work", "office", "team", "experience")
    shared = [*(said.get(name, "") for name in names), tasks]
    place = [said.get(name, "") for name in ("place", "governorate_ar", "governorate_en")]
    halves = [2 * _width(said.get(name, "")) + 40 for name in ("field_ar", "field_en")]
    widths = [*map(_width, shared), _width(" • ".join(map(str, place))), max(halves)]
    wrapped = sum(max(1, -(-width // LETTERS_A_LINE)) for width in widths)
    two_dates, hours_worked = 2, 1
    return wrapped + two_dates + hours_worked + len(words.by_evidence(said))


def _times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": count}


def _evidence(code: str, minutes: int) -> dict[str, str]:
    return both(lambda: f"{strip_tags(hours(minutes))} · {words.evidence_words(code)[0]}")

"""Sentences that are stored when they are said and read later, maybe in another language.

What is kept of a sentence is its untranslated text and its values; ``tell`` puts it into the
language of the moment. A plain string is somebody's own words and stays as it is.
"""

import json
import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext

from takatuf.kernel.typography import hours_text

LONGEST_VALUE = 160  # characters of a value somebody typed
# Not Python's ``%``: widths in what somebody typed between braces could ask for any length.
PLACE = re.compile(r"%(?:\((\w+)\)s|%)")

Kept = str | dict[str, Any]


class Saying:
    """A translatable text and the values it names: ``Saying(_("Line %(n)s"), n=4)``.

    The text is lazy. A value may itself be a lazy text, a Saying, or a list of them. ``str()``
    gives the sentence in the language of the moment.
    """

    __slots__ = ("text", "values")

    def __init__(self, text: Any, /, **values: Any):
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return str(self.text) % {n: _listed(value) for n, value in self.values.items()}

    def __repr__(self) -> str:
        return f"Saying({str(self.text)!r}, **{self.values!r})"


class Hours:
    """A length of time, read as "3.5 hours" in the language of the moment."""

    __slots__ = ("minutes",)

    def __init__(self, minutes: int):
        self.minutes = minutes

    def __str__(self) -> str:
        return hours_text(self.minutes)

    def __repr__(self) -> str:
        return f"Hours({self.minutes})"


def in_turn(first: Saying | str, second: Saying | str) -> Saying | str:
    """A sentence after a sentence; of one that is empty nothing is left."""
    if not first or not second:
        return first or second
    return Saying(gettext_lazy("%(first)s %(second)s"), first=first, second=second)


def _listed(value: Any) -> Any:
    return gettext(", ").join(map(str, value)) if isinstance(value, list) else value


def keep(said: Any) -> Any:
    """What fits into JSON of a Saying, a lazy text, a string or a number.

    A translatable one becomes ``{"msgid": …}``, with ``context`` and ``values`` where it has
    them; Hours ``{"minutes": …}``; anything else its own words, cut after LONGEST_VALUE inside
    a sentence.
    """
    if isinstance(said, Saying):
        values = {name: _short(keep(value)) for name, value in said.values.items()}
        kept = keep(said.text)
        return kept | {"values": values} if isinstance(kept, dict) else str(said)
    if isinstance(said, Hours):
        return {"minutes": said.minutes}
    if isinstance(said, Promise):
        return _untranslated(said)
    if isinstance(said, list):
        return [keep(each) for each in said]
    return said if isinstance(said, int) else str(said)


def tell(kept: Any) -> str:
    """The sentence of ``keep`` in the language of the moment."""
    if isinstance(kept, list):
        return _listed([tell(each) for each in kept])
    if not isinstance(kept, dict):
        return str(kept)
    if "minutes" in kept:
        return hours_text(kept["minutes"])
    msgid, context = kept["msgid"], kept.get("context")
    text = pgettext(context, msgid) if context else gettext(msgid)
    values = kept.get("values")
    return PLACE.sub(lambda found: _value(found, values), text) if values else text


def _value(found: re.Match[str], values: dict[str, Any]) -> str:
    return tell(values[found[1]]) if found[1] else "%"


# ---------------------------------------------------------------- beside people's own words
def write_down(said: Any) -> str:
    """One line for a column of text that also holds what people write themselves."""
    kept = keep(said)
    if isinstance(kept, dict) and (kept.keys() != {"msgid"} or "\n" in kept["msgid"]):
        return json.dumps(kept, ensure_ascii=False)
    return kept["msgid"] if isinstance(kept, dict) else str(kept)


def read_out(text: str) -> str:
    """Such a text, each line that is ours in the language of the moment."""
    return "\n".join(map(_read_line, text.split("\n")))


def _read_line(line: str) -> str:
    if line.startswith('{"'):
        try:
            return tell(json.loads(line))
        except (ValueError, TypeError, LookupError, AttributeError):
            return line  # somebody's own braces
    return gettext(line) if line else ""


# ---------------------------------------------------------------- inside
def _untranslated(text: Promise) -> Kept:
    """A lazy text is a function and its arguments, as its pickled form tells."""
    _unpickle, (function, args, *_rest) = text.__reduce__()  # type: ignore[misc]
    if function is gettext:
        return {"msgid": args[0]}
    if function is pgettext:
        return {"context": args[0], "msgid": args[1]}
    return str(text)  # made of pieces: only this language has it


def _short(kept: Any) -> Any:
    if isinstance(kept, str) and len(kept) > LONGEST_VALUE:
        return kept[: LONGEST_VALUE - 1] + "…"
    return kept

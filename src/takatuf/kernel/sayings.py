"""Sentences that are stored when they are said and read later, maybe in another language.

What is kept of a sentence is its untranslated text and its values; ``tell`` puts it into the
language of the moment. A plain string is somebody's own words and stays as it is.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

LONGEST_VALUE = 160  # characters of a value somebody typed

Kept = str | dict[str, Any]


class Saying:
    """A translatable text and the values it names: ``Saying(_("Line %(n)s"), n=4)``.

    The text is lazy. A value may itself be a lazy text or a Saying. ``str()`` gives the
    sentence in the language of the moment.
    """

    __slots__ = ("text", "values")

    def __init__(self, text: Any, /, **values: Any):
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return str(self.text) % self.values

    def __repr__(self) -> str:
        return f"Saying({str(self.text)!r}, **{self.values!r})"


def keep(said: Any) -> Any:
    """What fits into JSON of a Saying, a lazy text, a string or a number.

    A translatable one becomes ``{"msgid": …}``, with ``context`` and ``values`` where it has
    them; anything else its own words, cut after LONGEST_VALUE inside a sentence.
    """
    if isinstance(said, Saying):
        values = {name: _short(keep(value)) for name, value in said.values.items()}
        kept = keep(said.text)
        return kept | {"values": values} if isinstance(kept, dict) else str(said)
    if isinstance(said, Promise):
        return _untranslated(said)
    return said if isinstance(said, int) else str(said)


def tell(kept: Any) -> str:
    """The sentence of ``keep`` in the language of the moment."""
    if not isinstance(kept, dict):
        return str(kept)
    msgid, context = kept["msgid"], kept.get("context")
    text = pgettext(context, msgid) if context else gettext(msgid)
    if values := kept.get("values"):
        return text % {name: tell(value) for name, value in values.items()}
    return text


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

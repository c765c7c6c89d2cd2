"""What whoever opens a round may set, each with its reason in plain words.

Points are the engine's tenths: they only weigh one thing against another.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from takatuf.kernel.errors import DomainError
from takatuf.placement import ways


class BadSetting(DomainError):
    """A setting that does not exist, or lies outside its bounds."""


class Setting(NamedTuple):
    """One number of a round. ``unit`` names what it counts: points, minutes, seconds, ‰."""

    title: Any
    explanation: Any
    default: int
    least: int
    most: int
    unit: str


POINTS, MINUTES, SECONDS, PER_MILLE = "points", "minutes", "seconds", "per_mille"

SETTINGS: dict[str, Setting] = {
    "applied": Setting(
        gettext_lazy("Asked for it"),
        gettext_lazy(
            "Whoever asked for the place comes before those who only agreed to be proposed."
        ),
        1000, 0, 5000, POINTS,
    ),
    "cause": Setting(
        gettext_lazy("Cares for the field"),
        gettext_lazy("The work is in a field the volunteer chose."), 200, 0, 2000, POINTS,
    ),
    "fit": Setting(
        gettext_lazy("Skill at the level asked for"),
        gettext_lazy("Exactly the level the role asks for is worth most."),
        150, 0, 2000, POINTS,
    ),
    "surplus": Setting(
        gettext_lazy("More skill than needed"),
        gettext_lazy("Lost for each level beyond, so that experts stay free for harder work."),
        40, 0, 500, POINTS,
    ),
    "away": Setting(
        gettext_lazy("Each kilometre"),
        gettext_lazy("Lost for the way: the higher, the nearer to home people are placed."),
        4, 0, 100, POINTS,
    ),
    "rest": Setting(
        gettext_lazy("Few hours lately"),
        gettext_lazy(
            "Whoever gave few hours in the last eight weeks comes before those who gave many."
        ),
        150, 0, 2000, POINTS,
    ),
    "priority": Setting(
        gettext_lazy("Answers an urgent need"),
        gettext_lazy(
            "The opportunity answers a need of within days whose people are not all served yet."
        ),
        300, 0, 2000, POINTS,
    ),
    "spread": Setting(
        gettext_lazy("Spread"),
        gettext_lazy(
            "Lost for each further place of the same person in a week: the higher, the more "
            "people have one."
        ),
        100, 0, 2000, POINTS,
    ),
    "stay": Setting(
        gettext_lazy("Stability"),
        gettext_lazy(
            "Whoever was proposed for the place before keeps it unless much is gained."
        ),
        30, 0, 2000, POINTS,
    ),
    "missing": Setting(
        gettext_lazy("Each person too few"),
        gettext_lazy(
            "Lost for each head below a role's minimum: the higher, the sooner shifts can run."
        ),
        1500, 0, 9000, POINTS,
    ),
    "buffer": Setting(
        gettext_lazy("Between two shifts"),
        gettext_lazy(
            "Minutes that lie at least between one and the next at the same place; the way "
            "comes on top."
        ),
        ways.BUFFER, ways.BUFFER, 600, MINUTES,
    ),
    "pace": Setting(
        gettext_lazy("The way between two shifts"),
        gettext_lazy(
            "Minutes each kilometre takes in a straight line. 1 suits most roads here (about "
            "80 km an hour); where roads wind, set more. Work from anywhere needs no way."
        ),
        ways.PACE, ways.PACE, 3, MINUTES,
    ),
    "day": Setting(
        gettext_lazy("At most in a day"),
        gettext_lazy("Minutes one person is placed in a day; 0 sets no limit."),
        0, 0, 1440, MINUTES,
    ),
    "pause": Setting(
        gettext_lazy("Rest between two days"),
        gettext_lazy(
            "Minutes of rest between a shift and one of another day; 0 sets no limit."
        ),
        0, 0, 1440, MINUTES,
    ),
    "gap": Setting(
        gettext_lazy("Proven closeness"),
        gettext_lazy("Work ends once the plan is proven this near to the best possible."),
        5, 0, 100, PER_MILLE,
    ),
    "gain": Setting(
        gettext_lazy("Least gain of a change"),
        gettext_lazy(
            "After a seat was given up, what is undecided is worked out again; the new plan is "
            "taken only if it gains at least so much."
        ),
        300, 1, 9000, POINTS,
    ),
    "seconds": Setting(
        gettext_lazy("Longest working time"),
        gettext_lazy("After it the best plan found so far is taken."), 120, 5, 3600, SECONDS,
    ),
}  # fmt: skip


# The way is not among them: what is proposed must pass the rules of today.
BEFORE = {"priority": 0}


class Plain(NamedTuple):
    """A setting as people choose it: a question, and values with a word each."""

    title: Any
    question: Any
    choices: tuple[tuple[int, Any], ...]


def _weight(nothing: int, little: int, usual: int, much: int, most: int) -> tuple:
    words = (
        pgettext_lazy("weight", "Does not count"),
        pgettext_lazy("weight", "Counts a little"),
        pgettext_lazy("weight", "Counts as usual"),
        pgettext_lazy("weight", "Counts much"),
        pgettext_lazy("weight", "Counts most of all"),
    )
    return tuple(zip((nothing, little, usual, much, most), words, strict=True))


# What everybody is asked; the other settings stand behind "more".
PLAIN: dict[str, Plain] = {
    "spread": Plain(
        gettext_lazy("Sharing out"),
        gettext_lazy("That many people get a place each, rather than a few people several."),
        _weight(0, 30, 100, 300, 1000),
    ),
    "stay": Plain(
        gettext_lazy("Stability"),
        gettext_lazy(
            "That whoever was proposed before keeps the place when it is worked out again."
        ),
        _weight(0, 10, 30, 100, 500),
    ),
    "away": Plain(
        gettext_lazy("Near to home"),
        gettext_lazy("That the way from home to the place is short."),
        _weight(0, 2, 4, 12, 40),
    ),
    "gap": Plain(
        gettext_lazy("How near to the best possible"),
        gettext_lazy(
            "The work ends once it is proven that no plan at all could be better by more "
            "than this."
        ),
        (
            (1, gettext_lazy("0.1% – takes longest")),
            (5, gettext_lazy("0.5% – as usual")),
            (10, gettext_lazy("1%")),
            (20, gettext_lazy("2%")),
            (50, gettext_lazy("5% – a first look")),
        ),
    ),
}


def defaults() -> dict[str, int]:
    return {name: setting.default for name, setting in SETTINGS.items()}


def as_opened(options: Mapping[str, int]) -> dict[str, int]:
    """A round's settings; of those newer than the round, what held before them."""
    return defaults() | BEFORE | dict(options)


def complete(given: Mapping[str, Any]) -> dict[str, int]:
    """The given settings, the rest at their defaults.

    :raises BadSetting: naming the first that does not exist or lies outside its bounds.
    """
    for name, value in given.items():
        setting = SETTINGS.get(name)
        if setting is None:
            raise BadSetting(_("There is no setting of this name: %(name)s.") % {"name": name})
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not setting.least <= value <= setting.most:
            raise BadSetting(
                _("“%(title)s” must be a whole number from %(least)s to %(most)s.")
                % {"title": setting.title, "least": setting.least, "most": setting.most},
                field=name,
            )
    return defaults() | dict(given)


def in_words(options: Mapping[str, int]) -> list[tuple[Any, Any]]:
    """The title of each plain setting with the word for its value, or the figure itself."""
    return [
        (plain.title, dict(plain.choices).get(options[name], options[name]))
        for name, plain in PLAIN.items()
        if name in options
    ]

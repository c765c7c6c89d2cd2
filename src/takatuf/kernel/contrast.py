"""The palette in figures: reads the tokens from the stylesheet and computes contrast.

The stylesheet is the one place where colours stand; the `/ui/` page and a test read it here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STYLESHEET = Path(__file__).parent / "static" / "kernel" / "ui" / "foundation.css"
THEMES = {
    "light": ':root, [data-theme="light"]',
    "dark": '[data-theme="dark"]',
    "system dark": ":root:not([data-theme])",
}
TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")
FOR_TEXT, FOR_SHAPES = 4.5, 3.0

# What stands on what. Text on tinted grounds counts as text on every ground it may meet.
TEXT_PAIRS = (
    *((text, ground)
      for text in ("ink", "ink-soft", "teal-700", "teal-800", "clay-700", "good", "warn", "bad")
      for ground in ("paper", "ground", "teal-50", "sand-100")),
    ("ink", "teal-100"), ("teal-800", "teal-100"), ("teal-900", "teal-100"),
    ("clay-700", "clay-100"), ("ink", "clay-100"), ("good", "good-100"), ("ink", "good-100"),
    ("warn", "warn-100"), ("ink", "warn-100"), ("bad", "bad-100"), ("ink", "bad-100"),
    ("on-fill", "fill"), ("on-fill", "fill-hover"), ("on-band", "band"), ("on-band", "band-2"),
    ("on-band-soft", "band"), ("on-band-soft", "band-2"),
)  # fmt: skip
# Edges of inputs, and bars on their track.
SHAPE_PAIRS = (
    ("line-strong", "paper"), ("line-strong", "ground"), ("teal-700", "sand-200"),
    ("clay-700", "sand-200"), ("clay-700", "paper"), ("clay-700", "ground"),
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    theme: str
    text: str
    ground: str
    text_hex: str
    ground_hex: str
    needed: float

    @property
    def ratio(self) -> float:
        return contrast(self.text_hex, self.ground_hex)

    @property
    def enough(self) -> bool:
        return self.ratio >= self.needed


def themes(css: str | None = None) -> dict[str, dict[str, str]]:
    """Theme → token → hex, as the stylesheet says."""
    css = STYLESHEET.read_text() if css is None else css
    return {
        theme: dict(TOKEN.findall(_block(css, selector))) for theme, selector in THEMES.items()
    }


def pairs(theme: str) -> Iterator[Pair]:
    """Every pair the parts use, in one theme, text first."""
    tokens = themes()[theme]
    for needed, known in ((FOR_TEXT, TEXT_PAIRS), (FOR_SHAPES, SHAPE_PAIRS)):
        for text, ground in known:
            yield Pair(theme, text, ground, tokens[text], tokens[ground], needed)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two hex colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _block(css: str, selector: str) -> str:
    start = css.index(selector + " {")
    return css[start : css.index("}", start)]

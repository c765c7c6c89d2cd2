"""The stylesheets keep their promises: contrast, one direction for both, weight."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from takatuf.kernel import contrast
from takatuf.kernel.templatetags.ui import NOTICE_ICONS
from takatuf.kernel.views_ui import _icons

FOLDER = contrast.STYLESHEET.parent
STYLES = sorted(FOLDER.glob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)"
    r"|(left|right|top|bottom)\s*:|(min-|max-)?(width|height)\s*:\s|float\s*:|"
    r"text-align\s*:\s*(left|right))"
)
CSS_LIMIT, SCRIPT_LIMIT, OWN_SCRIPT_LIMIT = 12 * 1024, 40 * 1024, 6 * 1024


def rules_only(css):
    """Without comments and media conditions, which may speak of width."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"@media[^{]*\{", "{", css)


@pytest.mark.parametrize("theme", contrast.THEMES)
def test_every_text_pair_can_be_read(theme):
    faint = [
        (p.text, p.ground, round(p.ratio, 2)) for p in contrast.pairs(theme) if not p.enough
    ]

    assert faint == []


def test_the_figure_for_contrast_is_the_standards():
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_ways_into_the_dark_lead_to_the_same_colours():
    themes = contrast.themes()

    assert themes["dark"] == themes["system dark"]
    assert themes["dark"].keys() == themes["light"].keys()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_logical_properties_only(path):
    assert [hit.group() for hit in PHYSICAL.finditer(rules_only(path.read_text()))] == []


def test_the_search_for_physical_properties_can_find_some():
    for planted in (
        "margin-left: 1px",
        "left: 0",
        "text-align: right",
        "float: left",
        "width: 2px",
    ):
        assert PHYSICAL.search(f"a {{ {planted}; }}"), planted


@pytest.mark.parametrize("path", [FOLDER / "components.css"], ids=lambda path: path.name)
def test_colours_stand_in_the_tokens_alone(path):
    outside_print = rules_only(path.read_text()).split("@layer utilities")[0]

    assert set(re.findall(r"#[0-9a-f]{3,6}\b", outside_print)) == {
        "#e79a77"
    }  # the mark on the band


def test_every_token_that_is_used_is_defined():
    css = "".join(path.read_text() for path in STYLES)
    used = set(re.findall(r"var\(--([a-z0-9-]+)", css))
    defined = set(re.findall(r"--([a-z0-9-]+):", css))

    assert used <= defined


def test_the_weight_stays_within_what_a_phone_bears():
    styles = sum(len(gzip.compress(path.read_bytes())) for path in STYLES)
    own = (FOLDER.parent / "app.js").read_bytes()
    library = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()

    assert styles <= CSS_LIMIT
    assert len(own) <= OWN_SCRIPT_LIMIT
    assert len(gzip.compress(own)) + len(gzip.compress(library)) <= SCRIPT_LIMIT


def test_every_icon_a_notice_uses_is_drawn():
    drawn = _icons()

    assert set(NOTICE_ICONS.values()) <= set(drawn)
    assert len(drawn) == len(set(drawn))

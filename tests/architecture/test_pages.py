"""What pages and style sheets may not hold: inline code, and sides that do not turn round."""

import re
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from tests.architecture.source import name_of, product_files

INLINE = re.compile(
    r"""<style\b | \sstyle\s*= | \son[a-z]+\s*=\s*["'] | javascript: |
        <script\b(?![^>]*\bsrc=)(?![^>]*\btype="application/(ld\+)?json")""",
    re.VERBOSE | re.IGNORECASE,
)
SIDES = re.compile(
    r"""(?<![\w-]) (?:
        (?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b |
        (?:left|right)\s*: |
        border-(?:top|bottom)-(?:left|right)-radius |
        (?:text-align|float|clear)\s*:\s*(?:left|right)\b
    )""",
    re.VERBOSE,
)
COMMENTS = re.compile(r"/\*.*?\*/|\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
WAYS_ON = re.compile(r"""class="pages"|rel="(next|prev)\"""")
OTHERS = "vendor"  # libraries shipped as they are


def lines_with(pattern: re.Pattern, text: str) -> list[int]:
    plain = COMMENTS.sub(lambda match: "\n" * match.group().count("\n"), text)
    return [plain.count("\n", 0, match.start()) + 1 for match in pattern.finditer(plain)]


def found_in(files: str, pattern: re.Pattern) -> list[str]:
    return [
        f"{name_of(path)}:{line}"
        for path in product_files(files)
        if OTHERS not in path.parts
        # Mail programs read no style sheet; no browser ever shows this one.
        if path.name != "mail.html"
        for line in lines_with(pattern, path.read_text())
    ]


def test_templates_hold_no_inline_style_or_script():
    found = found_in("*.html", INLINE)
    assert not found, "\n".join(found)


def test_the_ways_through_a_list_are_one_component():
    """By hand they were called otherwise on every other page."""
    places = {place.rpartition(":")[0] for place in found_in("*.html", WAYS_ON)}
    assert {Path(place).name for place in places} == {"pagination.html"}


def test_style_sheets_name_no_side():
    found = found_in("*.css", SIDES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<a onclick="go()">',
        "<script>go()</script>",
        '<script nonce="x">go()</script>',
    ],
)
def test_inline_code_is_seen(line):
    assert lines_with(INLINE, line) == [1]


@pytest.mark.parametrize(
    "line",
    ['<script src="{% static "x.js" %}" defer></script>', '<p data-style="x" class="on">'],
)
def test_plain_markup_is_not_inline_code(line):
    assert not lines_with(INLINE, line)


@pytest.mark.parametrize(
    "line", ["margin-left: 1px", "a { left: 0 }", "text-align: right", "float:left"]
)
def test_a_side_is_seen(line):
    assert lines_with(SIDES, line) == [1]


@pytest.mark.parametrize(
    "line", ["margin-inline-start: 1px", "inset-inline-end: 0", "/* left: 0 */", "--left: 1px"]
)
def test_a_direction_is_no_side(line):
    assert not lines_with(SIDES, line)


FORMS = re.compile(r'<form\b[^>]*\bclass="(?:form|form [^"]*)"[^>]*>')


def test_forms_are_judged_by_the_site_in_the_readers_language():
    """A browser would speak its own language, and stop before the site can say a word."""
    judged_by_the_browser = [
        f"{name_of(path)}: {form}"
        for path in product_files("*.html")
        for form in FORMS.findall(path.read_text())
        if 'method="post"' in form and "novalidate" not in form
    ]
    assert not judged_by_the_browser, "\n".join(judged_by_the_browser)


NAMED = re.compile(r"""{% url ["']([\w:-]+)["']""")


def test_every_address_a_page_names_exists():
    """`{% url … as way %}` is silent about a name nobody has: the way would never be shown."""
    known = set(_names(get_resolver()))
    unknown = [
        f"{name_of(path)}: {name}"
        for path in product_files("*.html")
        for name in NAMED.findall(path.read_text())
        if name not in known
    ]
    assert not unknown, "\n".join(unknown)


def _names(resolver: URLResolver, space: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            yield space + entry.name

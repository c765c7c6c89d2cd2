"""The drawing of the governorates: in place, to scale, and no word on top of another."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.site.region_map import LARGEST, LETTER, LINE, SMALLEST, Box, Spot, draw

TABUK = [
    ("tabuk", "تبوك", 28.415, 36.534, 214), ("umluj", "أملج", 25.039, 37.259, 41),
    ("al-wajh", "الوجه", 26.240, 36.473, 22), ("duba", "ضباء", 27.362, 35.682, 27),
    ("tayma", "تيماء", 27.635, 38.551, 25), ("haql", "حقل", 29.301, 34.949, 18),
    ("al-bad", "البدع", 28.511, 35.008, 0),
]  # fmt: skip


def boxes(drawing):
    for dot in drawing.dots:
        size = len(dot.spot.name) * LETTER
        start = {"start": 0, "middle": -size / 2, "end": -size}[dot.anchor]
        yield Box(dot.label_x + start, dot.label_y - LINE * 0.75, size, LINE)
        yield Box(dot.x - dot.r, dot.y - dot.r, 2 * dot.r, 2 * dot.r)


def test_north_is_up_east_is_on_the_right_and_both_measure_alike():
    dots = {dot.spot.code: dot for dot in draw([Spot(*row) for row in TABUK]).dots}

    assert dots["haql"].y < dots["tabuk"].y < dots["umluj"].y
    assert dots["haql"].x < dots["tabuk"].x < dots["tayma"].x
    degree_north = (dots["umluj"].y - dots["haql"].y) / (29.301 - 25.039)
    degree_east = (dots["tayma"].x - dots["haql"].x) / (38.551 - 34.949)
    middle = math.radians((29.301 + 25.039) / 2)
    assert degree_east / degree_north == pytest.approx(math.cos(middle), abs=0.01)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_word_lies_on_a_dot_or_another_word(language):
    english = {"al-bad": "Al-Bad'", "al-wajh": "Al-Wajh", "tabuk": "Tabuk", "duba": "Duba",
               "umluj": "Umluj", "tayma": "Tayma", "haql": "Haql"}  # fmt: skip
    rows = [
        Spot(code, name if language == "ar" else english[code], *rest)
        for code, name, *rest in TABUK
    ]
    shapes = list(boxes(draw(rows)))

    for number, box in enumerate(shapes):
        for other in shapes[:number]:
            assert box.overlap(other) < 1


def test_nothing_is_drawn_of_nothing():
    assert draw([]) is None


def test_one_place_alone_stands_in_the_middle():
    drawing = draw([Spot("tabuk", "تبوك", 28.4, 36.5, 0)])

    assert drawing.dots[0].x == pytest.approx(drawing.width / 2, abs=0.2)
    assert drawing.dots[0].r == SMALLEST


spots = st.lists(
    st.builds(
        Spot, code=st.uuids().map(str), name=st.text(min_size=1, max_size=12),
        latitude=st.floats(16, 33), longitude=st.floats(34, 56), amount=st.integers(0, 10**6),
    ),
    min_size=1, max_size=20, unique_by=lambda spot: spot.code,
)  # fmt: skip


@given(spots)
def test_any_region_fits_its_frame(rows):
    drawing = draw(rows)

    assert [dot.spot for dot in drawing.dots] == rows
    most = max(row.amount for row in rows)
    for dot in drawing.dots:
        assert 0 <= dot.x <= drawing.width
        assert 0 <= dot.y <= drawing.height
        assert SMALLEST <= dot.r <= LARGEST
        assert dot.r == LARGEST or dot.spot.amount < most or most == 0

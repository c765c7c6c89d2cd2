import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.kernel.text.arabic import clean_name, normalise, slug, sort_key, tokens
from takatuf.kernel.text.names import edit_distance, is_full, name_similarity
from takatuf.kernel.text.plurals import FAMILIES
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.text.stemming import bases, stems


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("أحمد إبراهيم آل ٱلحربي", "احمد ابراهيم ال الحربي"),
        ("فاطمة", "فاطمه"),
        ("مصطفى", "مصطفي"),
        ("مسؤول هنيئًا", "مسوول هنييا"),
        ("مُبَادَرَةٌ", "مبادره"),
        ("تـــطـوع", "تطوع"),
        ("\u202bتطوع\u202c\u200f", "تطوع"),
        ("کیف گل", "كيف كل"),
        ("٢٠٢٥ ۱۴۴۶", "2025 1446"),
        ("ﻻﺣﻆ", "لاحظ"),
        ("Ｖolunteer CAFÉ", "volunteer cafe"),
        ("  a\n\tb\u00a0c ", "a b c"),
    ],
)
def test_spellings_people_read_as_one_become_one(typed, same_as):
    assert normalise(typed) == same_as


def test_folding_any_character_twice_changes_nothing_more():
    twice = [
        c
        for c in map(chr, range(sys.maxunicode + 1))
        if normalise(normalise(c)) != normalise(c)
    ]

    assert twice == []


@given(st.text())
def test_normalising_is_idempotent_and_leaves_no_marks(text):
    once = normalise(text)

    assert normalise(once) == once
    assert not any(unicodedata.category(c) in ("Mn", "Me", "Cf", "Cc", "Cs") for c in once)


@given(st.text(), st.text())
def test_normalising_parts_is_normalising_the_whole(a, b):
    assert normalise(f"{a} {b}") == f"{normalise(a)} {normalise(b)}".strip()


@given(st.text())
def test_tokens_hold_letters_and_digits_alone_and_fit_the_index(text):
    for token in tokens(text):
        assert token.isalnum()
        assert len(token) <= 40


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("والفرص", "فرص"), ("الفرصة", "فرص"), ("بالتطوع", "تطوع"), ("للمتطوعين", "متطوع"),
        ("متطوعات", "متطوع"), ("ومبادراتهم", "مبادر"), ("مبادرتهم", "مبادر"),
        ("جمعيات", "جمع"), ("الجمعية", "جمع"), ("مدارس", "مدرس"), ("المدرسة", "مدرس"),
        ("ورشة", "ورش"), ("والد", "والد"), ("الصحية", "صح"), ("صحة", "صح"),
        ("غذائية", "غذا"), ("غذاء", "غذا"), ("ضباء", "ضبا"), ("ضبا", "ضبا"),
        ("الألعاب", "عاب"), ("ألعاب", "عاب"), ("شئون", "شان"), ("شؤون", "شان"),
        ("volunteers", "volunteer"), ("Volunteering", "volunteer"), ("activities", "activity"),
    ],
)  # fmt: skip
def test_a_word_meets_its_other_forms_at_one_stem(word, stem):
    assert stem in stems(normalise(word))


def test_a_doubtful_clitic_keeps_both_readings():
    assert bases("بتبوك") == ("بتبوك", "تبوك")
    assert bases("كتاب")[0] == "كتاب"
    assert set(stems("للجنه")) >= {"لجن"}


@given(st.text())
def test_stemming_takes_any_text_and_never_empties_a_word(text):
    for word in tokens(text):
        assert all(stems(word))
        assert all(bases(word))


def test_a_broken_plural_stands_in_one_family():
    forms = [normalise(form) for line in FAMILIES.splitlines() for form in line.split()[1:]]

    assert len(forms) == len(set(forms))


# ---------------------------------------------------------------- order
def test_names_sort_as_an_arabic_reader_expects():
    names = ["وحدة", "الهدى", "إحسان", "ألعاب", "تطوعي", "فريق ١٠", "فريق 2", "أثر"]

    assert sorted(names, key=sort_key) == [
        "أثر", "إحسان", "ألعاب", "تطوعي", "فريق 2", "فريق ١٠", "الهدى", "وحدة",
    ]  # fmt: skip


def test_titles_can_be_left_out_of_the_order():
    assert sort_key("د. أحمد العنزي", ignore_titles=True) == sort_key("احمد العنزي")
    assert sort_key("الأستاذة نورة", ignore_titles=True) == "نوره"
    assert sort_key("د.", ignore_titles=True) == "د"


@given(st.text(), st.text())
def test_a_sort_key_is_the_same_for_the_same_reading_and_fits_its_column(a, b):
    assert len(sort_key(a)) <= 140
    assert len(sort_key(a, length=10)) <= 10
    assert (sort_key(a) <= sort_key(b)) or (sort_key(b) <= sort_key(a))
    assert sort_key(f" {a}  {b} ") == sort_key(f"{a} {b}")


# ---------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("سارة العطوي", True), ("عبد الله العنزي", True), ("سيد أحمد", True),
        ("محمد بن سالم", True), ("Sara Al-Harbi", True), ("李 明", True),
        ("سارة", False), ("عبد الله", False), ("عبدالله", False), ("أم كلثوم", False),
        ("بنت سالم", False), ("ال سعود", False), ("Sara", False), ("Sara 2", False), ("", False),
    ],
)  # fmt: skip
def test_a_full_name_has_more_than_a_first_name(name, full):
    assert is_full(name) is full


def test_a_name_is_cleaned_for_showing():
    assert clean_name(" \u200fنورة   سعود\u202e ") == "نورة سعود"
    assert clean_name("O'Neill-Smith") == "O'Neill-Smith"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "empty"), (" \u200f ", "empty"), ("0551234567", "no_letters"), ("؟؟", "no_letters"),
        ("<b>ريم</b>", "symbols"), ("=HYPERLINK(1)", "symbols"), ("ريم 😀", "symbols"),
        ("a\x00b", "control_characters"), ("a" * 121, "too_long"),
    ],
)  # fmt: skip
def test_what_is_not_a_name_is_refused(typed, kind):
    with pytest.raises(Unreadable) as refusal:
        clean_name(typed)
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("نايف سلطان بن أحمد الغامدي", "نايف سلطان احمد الغامدى"),
        ("عبدالله العنزي", "عبد اللة عنزي"),
        ("عبد الرحمن نايف", "عبدالرحمن نايف"),
        ("د. فاطمة فهد", "فاطمه فهد"),
        ("ضياء أبو بكر", "ضيا ابوبكر"),
    ],
)
def test_spellings_of_one_name_are_one(a, b):
    assert name_similarity(a, b) == 1.0


def test_brothers_are_not_one_and_a_short_form_is_worth_a_look():
    assert name_similarity("أحمد محمد علي البلوي", "سارة محمد علي البلوي") <= 0.5
    assert name_similarity("نورة الغامدي", "نورة سعود ماجد الغامدي") >= 0.8
    assert name_similarity("سارة خالد", "منى بدر") < 0.4
    assert name_similarity("", "منى") == 0.0
    assert name_similarity("محمد القحطاني", "محمد القحطانى") == 1.0
    assert name_similarity("منى", "منى") == 1.0


@given(st.text(), st.text())
def test_likeness_of_names_is_symmetric_and_bounded(a, b):
    likeness = name_similarity(a, b)

    assert likeness == name_similarity(b, a)
    assert 0 <= likeness <= 1


@given(st.text(max_size=12), st.text(max_size=12))
def test_edit_distance_is_a_distance(a, b):
    assert (edit_distance(a, b) == 0) == (a == b)
    assert edit_distance(a, b) == edit_distance(b, a) <= max(len(a), len(b))


def test_neighbours_that_changed_places_are_one_edit():
    assert edit_distance("تطوع", "تطعو") == 1


# ---------------------------------------------------------------- addresses
def test_a_slug_keeps_arabic_letters():
    assert slug("حملة «تبوك الخضراء» ٢") == "حملة-تبوك-الخضراء-2"
    assert slug("الإسعافات الأوّلية") == "الإسعافات-الأولية"
    assert slug("!؟") == ""


@given(st.text())
def test_a_slug_is_safe_in_an_address_and_stays_a_slug(text):
    made = slug(text)

    assert len(made) <= 60
    assert not set(made) & set(" /?#%&\"'<>\\")
    assert slug(made) == made

from datetime import date, time
from decimal import Decimal

import pytest
from django import forms
from django.test import override_settings
from django.utils import translation

from takatuf.kernel import fields
from takatuf.kernel.explain import SENTENCES, explain
from takatuf.kernel.identities import possible_hashes, stored_id
from takatuf.kernel.text.problems import Unreadable


class Everything(forms.Form):
    code = fields.WesternCharField(required=False)
    seats = fields.WesternIntegerField(required=False, min_value=1, max_value=500)
    weight = fields.WesternDecimalField(required=False, max_digits=6, decimal_places=2)
    phone = fields.PhoneField(required=False)
    landline = fields.PhoneField(required=False, mobile=False)
    identity = fields.SaudiIdField(required=False)
    day = fields.DateField(required=False)
    starts = fields.TimeField(required=False)
    name = fields.NameField(required=False)


CLEAN = [
    ("code", "AB-١٢", "AB-12"), ("seats", "٢٠", 20), ("weight", "٣٫٥", Decimal("3.5")),
    ("phone", "٠٥٥ ٣٦٤ ٠٥٢٥", "+966553640525"), ("landline", "0144221234", "+966144221234"),
    ("identity", "١٠٠٠٠٠٠٠٠٨", "1000000008"), ("day", "15 رجب 1446", date(2025, 1, 15)),
    ("starts", "٤:٣٠ م", time(16, 30)), ("name", "  نورة \u200f سعود ", "نورة سعود"),
]  # fmt: skip
EMPTY = {"code": "", "name": ""}


@pytest.mark.parametrize(("field", "typed", "value"), CLEAN)
def test_what_people_type_becomes_a_value(field, typed, value):
    form = Everything({field: typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == value


@pytest.mark.parametrize("field", Everything.base_fields)
@pytest.mark.parametrize("typed", ["", "   ", None])
def test_an_optional_field_may_be_empty(field, typed):
    form = Everything({} if typed is None else {field: typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == EMPTY.get(field)


WRONG = [
    ("seats", "3.5", "not_whole"), ("weight", "x", "not_a_number"),
    ("phone", "123", "phone_too_short"), ("phone", "0144221234", "phone_not_mobile"),
    ("identity", "1000000009", "id_check_digit"), ("day", "31/02/1999", "impossible_date"),
    ("day", "١٢/١٣/١٤١٥", "impossible_month"),
    ("starts", "25:00", "impossible_time"), ("name", "123", "no_letters"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "typed", "code"), WRONG)
def test_a_refusal_says_what_to_change_and_keeps_what_was_typed(field, typed, code):
    form = Everything({field: typed})

    assert [(error.code, str(error.message)) for error in form.errors.as_data()[field]] == [
        (code, str(SENTENCES[code]))
    ]
    assert typed in str(form[field])


def test_where_only_whole_numbers_are_taken_no_broken_one_is_the_example():
    form = Everything({"seats": "عشرون"})

    [error] = form.errors.as_data()["seats"]
    assert (error.code, "3.5" in str(error.message)) == ("not_a_number", False)
    assert "عشرون" in str(form["seats"])


def test_limits_of_django_still_hold():
    assert "seats" in Everything({"seats": "٥٠١"}).errors
    assert "weight" in Everything({"weight": "٣٫٥٥٥"}).errors


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [("phone", "+966553640525", "055 364 0525"), ("day", date(2025, 1, 15), "15/01/2025"),
     ("starts", time(16, 30), "16:30")],
)  # fmt: skip
def test_a_kept_value_is_shown_as_it_may_be_typed(field, value, shown):
    assert f'value="{shown}"' in str(Everything(initial={field: value})[field])


def test_the_same_day_in_the_other_calendar_is_no_change():
    assert not Everything(
        {"day": "15 رجب 1446"}, initial={"day": date(2025, 1, 15)}
    ).has_changed()
    assert Everything({"day": "غدا"}, initial={"day": date(2025, 1, 15)}).has_changed()


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_sentence_is_written_in_arabic_too(kind):
    with translation.override("en"):
        english = explain(Unreadable(kind))
    with translation.override("ar"):
        arabic = explain(Unreadable(kind))

    assert english.endswith(".")
    assert arabic != english
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)


# ---------------------------------------------------------------- identity hashes
def test_the_same_number_has_the_same_hash_however_typed():
    assert stored_id("1000000008") == stored_id("١٠٠٠-٠٠٠-٠٠٨")
    assert stored_id("1000000008").last_three == "008"
    assert stored_id("1000000008").hash != stored_id("1100000007").hash


def test_an_old_key_goes_on_finding_people():
    with override_settings(SECRET_KEY="old key"):
        before = stored_id("1000000008").hash
    with override_settings(SECRET_KEY="new key", SECRET_KEY_FALLBACKS=["old key"]):
        assert stored_id("1000000008").hash != before
        assert possible_hashes("1000000008") == [stored_id("1000000008").hash, before]


def test_a_number_is_written_back_without_idle_noughts():
    form = Everything(initial={"weight": Decimal("15.00")})

    assert 'value="15"' in str(form["weight"])
    assert 'value="1500"' in str(Everything(initial={"weight": Decimal(1500)})["weight"])


def test_a_step_stands_for_its_value_and_a_value_for_its_step():
    field = fields.StepField(
        label="وزن", choices=[(0, "بلا وزن"), (30, "قليل"), (100, "معتاد")]
    )

    assert [field.clean(step) for step in ("1", "2", "3")] == [0, 30, 100]
    assert [field.prepare_value(value) for value in (30, 7, "2")] == [2, 7, "2"]
    assert field.words("2") == [("بلا وزن", False), ("قليل", True), ("معتاد", False)]
    for nonsense in ("0", "4", "30", "x", "", None):
        with pytest.raises(forms.ValidationError):
            field.clean(nonsense)

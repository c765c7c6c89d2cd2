import json
from datetime import date

import pytest
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from takatuf.kernel.explain import SENTENCES
from takatuf.kernel.sayings import (
    LONGEST_VALUE,
    Hours,
    Saying,
    keep,
    read_out,
    tell,
    write_down,
)


def through_json(said):
    return json.loads(json.dumps(keep(said)))


@pytest.mark.parametrize("spoken", ["ar", "en"])
@pytest.mark.parametrize("read", ["ar", "en"])
@pytest.mark.parametrize(
    "said",
    [
        SENTENCES["too_long"],
        Saying(SENTENCES["too_long"]),
        Saying(_("%(field)s: %(problem)s"), field=_("Name"), problem=SENTENCES["too_long"]),
        Saying(
            _("%(field)s: %(problem)s"), field=1,
            problem=Saying(_("“%(text)s”: %(sentence)s"), text="100%", sentence=_("Name")),
        ),
        pgettext_lazy("role", "Volunteer"),
        Hours(90),
        Saying(_("%(field)s: %(problem)s"), field=_("Name"), problem=Hours(30)),
    ],
)  # fmt: skip
def test_what_is_said_in_one_language_is_read_in_the_other(said, spoken, read):
    with translation.override(spoken):
        kept = through_json(said)

    with translation.override(read):
        assert tell(kept) == str(said)


def test_the_two_languages_differ():
    kept = keep(Saying(_("%(field)s: %(problem)s"), field=_("Name"), problem=_("Name")))

    with translation.override("en"):
        english = tell(kept)
    with translation.override("ar"):
        assert tell(kept) != english


@pytest.mark.parametrize("words", ["", "نص كما كتب", "100%", "%(field)s"])
def test_ones_own_words_stay_as_they_are(words):
    assert tell(through_json(words)) == words


def test_values_are_plain_and_short():
    kept = through_json(
        Saying(_("%(field)s: %(problem)s"), field=date(2026, 1, 2), problem="ن" * 500)
    )

    assert kept["values"]["field"] == "2026-01-02"
    assert len(kept["values"]["problem"]) == LONGEST_VALUE
    assert kept["values"]["problem"].endswith("…")


def test_a_text_made_of_pieces_is_kept_as_it_reads_now():
    assert keep(format_lazy("{}-{}", "a", 1)) == "a-1"
    assert keep(Saying(format_lazy("{}: %(n)s", "a"), n=1)) == "a: 1"


def test_a_list_is_joined_as_its_reader_joins():
    said = Saying(_("%(field)s: %(problem)s"), field="1", problem=[_("Name"), "x"])
    kept = through_json(said)

    for language in ("ar", "en"):
        with translation.override(language):
            assert tell(kept) == str(said)
            assert ("، " if language == "ar" else ", ") in tell(kept)


@pytest.mark.parametrize("read", ["ar", "en"])
def test_our_lines_and_peoples_own_share_a_text(read):
    ours = Saying(_("%(field)s: %(problem)s"), field=_("Name"), problem="50%")
    with translation.override("ar"):
        text = "\n".join([write_down(_("Name")), "كلمات كتبها أحد", write_down(ours)])

    with translation.override(read):
        assert read_out(text) == "\n".join([str(_("Name")), "كلمات كتبها أحد", str(ours)])


@pytest.mark.parametrize(
    "typed",
    [
        "", "{", '{"', '{"a": 1}', '{"msgid": 5}', '{"msgid": {}}', '{"msgid": "x %(a)s", "values": 1}',
        '{"msgid": "x %(a)s", "values": {"b": 1}}', '{"msgid": "x %(a)s", "values": [1]}',
    ],
)  # fmt: skip
def test_braces_somebody_typed_stay_as_they_are(typed):
    assert read_out(typed) == typed


def test_a_width_somebody_typed_asks_for_nothing():
    typed = '{"msgid": "%(a)99999999999s", "values": {"a": 1}}'

    assert len(read_out(typed)) < 100

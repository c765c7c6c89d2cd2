import json
from datetime import date

import pytest
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from takatuf.kernel.explain import SENTENCES
from takatuf.kernel.sayings import LONGEST_VALUE, Saying, keep, tell


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

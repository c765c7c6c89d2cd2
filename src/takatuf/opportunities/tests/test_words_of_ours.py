"""Reasons nobody typed are read in the language of whoever looks at them."""

import pytest
from django.utils import translation

from takatuf.kernel.transitions import history
from takatuf.opportunities import commands
from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.tests.factories import NOW, opportunity, published
from takatuf.registry.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return PersonFactory()


def in_both(read) -> tuple[str, str]:
    found = []
    for language in ("ar", "en"):
        with translation.override(language):
            found.append(read())
    return tuple(found)


@pytest.mark.parametrize("handed_in", ["ar", "en"])
def test_what_the_gate_found_is_read_in_both(by, handed_in):
    made = opportunity(min_age=16, safety="")

    with translation.override(handed_in):
        verdict = commands.submit(opportunity_id=made.pk, by=by, at=NOW)

    made.refresh_from_db()
    assert made.status == OpportunityStatus.RETURNED
    note = history(made).last().note
    arabic, english = in_both(lambda: note.why)
    said = in_both(lambda: "\n".join(map(str, verdict.reasons())))
    assert (arabic, english) == said
    assert "the safety note" in english
    assert not any("a" <= letter <= "z" for letter in arabic.lower())


def test_a_shift_closed_early_says_so_in_both(by):
    made = published()

    commands.close_opportunity(opportunity_id=made.pk, by=by, at=NOW)

    shift = made.shifts.filter(status="cancelled").first()
    arabic, english = in_both(lambda: shift.why)
    assert english == "The opportunity was closed."
    assert arabic != english


def test_what_a_body_wrote_stays_as_it_is(by):
    made = published()

    commands.cancel_opportunity(opportunity_id=made.pk, reason="عاصفة رملية", by=by, at=NOW)

    shift = made.shifts.first()
    assert set(in_both(lambda: shift.why)) == {"عاصفة رملية"}

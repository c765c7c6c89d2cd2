"""Without JavaScript nothing of it is lost: asking for a place, and leaving it."""

import pytest

from takatuf.placement.models import Application
from tests.journeys.acts import choose_a_shift

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_place_is_taken_and_left_without_scripts(world, visit, volunteer, language):
    page = f"/opportunities/{world.opportunity.code}/"
    visitor = visit(page, language=language, signed_in=volunteer, scripts=False)
    choose_a_shift(visitor)
    place = Application.objects.get(person=volunteer)
    assert place.status == "confirmed"

    visitor.go("/me/places/")
    visitor.press(f"main a[href$='/me/places/{place.pk}/leave/']")
    visitor.press("main form.form button.danger")
    place.refresh_from_db()
    assert place.status == "withdrawn"
    visitor.go("/me/places/")
    visitor.sees("لا أماكن قادمة بعد", "No place to come yet")

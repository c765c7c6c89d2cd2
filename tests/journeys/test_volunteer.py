"""From home to "you have a place", and from there to a certificate anyone can verify."""

import pytest

from takatuf.accounts.models import Person
from takatuf.placement.models import Application
from tests.journeys.acts import (
    approve_hours,
    born,
    choose_a_shift,
    close_the_day,
    finish_welcome,
    prove_address,
)

pytestmark = pytest.mark.browser

ADDRESS = "newcomer@demo.example"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_newcomer_joins_works_and_holds_a_certificate_that_verifies(
    world, visit, code_sent_to, language
):
    volunteer = visit("/", language=language)
    find_it(volunteer, world.opportunity.title)
    volunteer.press("#eligibility a.btn.main")
    prove_address(volunteer, ADDRESS, code_sent_to)
    volunteer.fill(full_name="ريم تجريبية", birth_date=born(25))
    volunteer.send()
    finish_welcome(volunteer)
    volunteer.heading(world.opportunity.title, world.opportunity.title)
    choose_a_shift(volunteer)
    for page in ("/me/", "/me/places/"):
        volunteer.go(page)
        volunteer.sees(world.opportunity.title, world.opportunity.title)

    place = Application.objects.get(person=Person.objects.get(email=ADDRESS))
    assert place.status == "confirmed"
    world.let_pass(place.shift)
    close_the_day(visit("/sheets/", language=language, signed_in=world.manager), place)
    approve_hours(visit("/hours/approve/", language=language, signed_in=world.colleague), place)

    code = take_the_certificate(volunteer)
    stranger = visit("/verify/", language=language)
    stranger.fill(code=code)
    stranger.send()
    stranger.sees(place.person.full_name, place.person.full_name)
    stranger.sees("سارية", "Valid")


def find_it(volunteer, title: str) -> None:
    """By a word in the search of the home page; the list offers it as well."""
    volunteer.find(".hero [name=q]").fill("السلال")
    volunteer.press(".hero form.search button")
    volunteer.sees(title, title)
    volunteer.go("/opportunities/")
    volunteer.press("main a", has_text=title)
    volunteer.heading(title, title)


def take_the_certificate(volunteer) -> str:
    """Ask for it, take the file, and read the code that is on the page."""
    volunteer.go("/hours/mine/")
    volunteer.press("main form[action*='/certificate/'] button")
    volunteer.go("/me/certificates/")
    with volunteer.page.expect_download() as waiting:
        volunteer.find("main a[href$='.pdf']").first.click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    link = volunteer.find("main a[href*='/verify/']").first.get_attribute("href")
    return link.rstrip("/").rsplit("/", 1)[-1]

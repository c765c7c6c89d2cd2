"""From the list to "you have a place", and from there to a certificate anyone can verify."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.models import Person
from takatuf.attendance.models import HourClaim
from takatuf.placement.models import Application

pytestmark = pytest.mark.browser

LANGUAGES = ["ar", "en"]
ADDRESS = "newcomer@demo.example"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def address_of(name: str, *arguments) -> str:
    """The Arabic address; a visitor puts the language before it."""
    with translation.override("ar"):
        return reverse(name, args=arguments)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_newcomer_joins_works_and_holds_a_certificate_that_verifies(
    world, visit, code_sent_to, language
):
    volunteer = visit("/opportunities/", language=language)
    newcomer_joins(volunteer, world, code_sent_to)
    place = Application.objects.get(person=Person.objects.get(email=ADDRESS))
    assert place.status == "confirmed"

    world.let_pass(place.shift)
    the_day_is_closed(visit("/sheets/", language=language, signed_in=world.manager), place)
    a_colleague_approves(visit("/hours/approve/", language=language, signed_in=world.colleague))
    assert HourClaim.objects.get(person=place.person).state == "approved"

    code = a_certificate_is_downloaded(volunteer)
    stranger = visit("/verify/", language=language)
    stranger.fill(code=code)
    stranger.send()
    stranger.sees(place.person.full_name, place.person.full_name)
    stranger.sees("سارية", "Valid")


def newcomer_joins(volunteer, world, code_sent_to) -> None:
    volunteer.press("main a", has_text=world.opportunity.title)
    volunteer.press("#eligibility a.btn.main")
    volunteer.fill(contact=ADDRESS)
    volunteer.send()
    volunteer.fill(code=code_sent_to(ADDRESS))
    volunteer.send()
    born = (timezone.localdate() - timedelta(days=365 * 25)).strftime("%d/%m/%Y")
    volunteer.fill(full_name="ريم تجريبية", birth_date=born.translate(ARABIC_DIGITS))
    volunteer.send()
    volunteer.find("[name=governorate]").select_option(index=1)
    for number in range(3):
        volunteer.find("[name=interests]").nth(number).check()
    volunteer.find("[name=charter]").check()
    volunteer.send()
    volunteer.heading(world.opportunity.title, world.opportunity.title)
    volunteer.find("#shifts [name=place]").first.check()
    volunteer.press("#shifts .form-actions button")
    volunteer.sees("لك مكان", "You have a place")
    volunteer.go("/me/places/")
    volunteer.sees(world.opportunity.title, world.opportunity.title)


def the_day_is_closed(leader, place) -> None:
    leader.press(f"main a[href*='{place.shift_id}']")
    leader.find("button[name=whole]").click()
    leader.find(f"#p{place.pk}.left").wait_for()
    leader.press("#closing button")
    assert HourClaim.objects.get(person=place.person).state == "confirmed"


def a_colleague_approves(colleague) -> None:
    for box in colleague.find("[name=claim]").all():
        box.check()
    colleague.send()


def a_certificate_is_downloaded(volunteer) -> str:
    """Ask for it, take the file, and read the code that is on the page."""
    volunteer.go(address_of("attendance:mine"))
    volunteer.press("main form[action*='/certificate/'] button")
    if "/me/certificates/" not in volunteer.page.url:
        volunteer.go(address_of("credentials:mine"))
    with volunteer.page.expect_download() as waiting:
        volunteer.find("main a[href*='/certificates/'][href$='.pdf']").first.click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    link = volunteer.find("main a[href*='/verify/']").first.get_attribute("href")
    return link.rstrip("/").rsplit("/", 1)[-1]

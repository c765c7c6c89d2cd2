"""A page stays open while the session it was drawn for ends elsewhere: nothing nests in it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_asking_for_a_place_leads_to_the_entrance_and_an_old_page_keeps_its_words(
    world, visit, volunteer, settings
):
    page = f"/opportunities/{world.opportunity.code}/"
    person = visit(page, signed_in=volunteer)
    cookies = person.page.context.cookies()

    person.page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    person.find("#shifts [name=place]").first.check()
    person.find("#shifts .form-actions button").click()
    expect(person.find("#notices a")).to_have_text("تحديث الصفحة")
    expect(person.find("#shifts [name=place]").first).to_be_checked()
    assert person.find("h1").count() == 1
    person.errors.clear()  # the browser notes the 403

    person.page.context.add_cookies(cookies)
    person.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    person.find("#shifts .form-actions button").click()
    person.page.wait_for_url("**/account/login/**")
    [back] = parse_qs(urlsplit(person.page.url).query)["next"]
    assert back.startswith(f"{page}?place=")
    expect(person.find("#notices")).to_contain_text("لم يُرسل شيء")
    person.look()
    assert person.find("h1").count() == 1

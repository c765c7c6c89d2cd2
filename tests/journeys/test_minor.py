"""Under eighteen: a guardian's consent by link, the covenant, and only then a place."""

from urllib.parse import urlsplit

import pytest

from takatuf.accounts.models import GuardianConsent, Person
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement.models import Application
from tests.journeys.acts import born, choose_a_shift, finish_welcome, prove_address

pytestmark = pytest.mark.browser

ADDRESS, GUARDIAN = "young@demo.example", "guardian@demo.example"
NAME = "راكان تجريبي"


def test_a_minor_joins_after_the_guardians_consent_and_the_covenant(
    world, visit, code_sent_to, open_page
):
    page = f"/opportunities/{world.opportunity.code}/"
    young = visit(page)
    young.press("#eligibility a.btn.main")
    prove_address(young, ADDRESS, code_sent_to)
    young.fill(full_name=NAME, birth_date=born(16))
    young.send()
    young.fill(guardian_name="ولي أمر تجريبي", contact=GUARDIAN)
    young.choose(relation="father")
    young.send()
    young.press("main a.btn[href*='welcome']")
    finish_welcome(young)

    assert urlsplit(young.page.url).path == page  # what they came for
    young.press("#eligibility [action*='guardian'] button")  # the link once more, at one tap
    young.press(f"main a.btn[href*='{page}']")
    assert young.find("#shifts [name=place]").count() == 0
    guardian = visit(link_sent_to(GUARDIAN, open_page))
    guardian.press("form:has([value=code]) button")
    guardian.fill(code=code_sent_to(GUARDIAN))
    guardian.choose(answer="give")
    guardian.send()
    assert GuardianConsent.objects.get().status == "given"

    young.go(page)
    young.press("#eligibility a[href*='covenant']")
    young.find("[name=read]").check()
    young.fill(signed_name=NAME)
    young.send()
    choose_a_shift(young)
    place = Application.objects.get(person=Person.objects.get(email=ADDRESS))
    assert place.status == "confirmed"


def link_sent_to(address: str, open_page) -> str:
    run_jobs()
    page = open_page(f"/demo/outbox?q={address}")
    link = page.locator("main a[href*='/guardian/']").first.get_attribute("href")
    return urlsplit(link).path

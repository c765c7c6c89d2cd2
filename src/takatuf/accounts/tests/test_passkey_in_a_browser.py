"""A passkey from the first day to the last, with an authenticator that Chromium plays."""

import pytest
from allauth.mfa.models import Authenticator

from takatuf.accounts.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FINGERPRINT = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def device(open_page):
    """A page on a device whose owner always says yes, and that device."""
    page = open_page("/account/login/password/")
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT})
    return page


def write_password(page) -> None:
    page.goto("/account/login/password/")
    page.locator("input[name=login]").fill("staff@example.org")
    page.locator("input[name=password]").fill(factories.PASSWORD)
    page.locator("main form button").first.click()


def keys() -> list[Authenticator]:
    return list(Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN))


def test_a_passkey_opens_the_account_until_it_is_removed(staff, device):
    write_password(device)
    device.goto("/account/second-factor/webauthn/add/")
    device.locator("input[name=name]").fill("هاتفي")
    device.locator("#add_key").click()
    device.wait_for_url("**/recovery-codes/**")
    assert [key.user_id for key in keys()] == [staff.pk]

    device.context.clear_cookies()
    write_password(device)
    device.wait_for_url("**/authenticate/**")
    device.goto("/account/")
    assert "/login/" in device.url  # the password alone opens nothing
    device.goto("/account/second-factor/authenticate/")
    device.locator("#use_key").click()
    device.wait_for_url(lambda url: "/authenticate/" not in url)
    device.goto("/account/")
    assert device.url.endswith("/account/")

    device.goto("/account/second-factor/webauthn/")
    device.locator("a[href*='/remove/']").click()
    device.locator("main form button").first.click()
    device.wait_for_url(lambda url: "/remove/" not in url)
    assert not keys()

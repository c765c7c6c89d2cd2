"""What an office opens waits for the second factor; what is anybody's, or one's own, does not."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from takatuf.accounts import open_pages
from takatuf.accounts.tests.factories import sign_in, signed_in
from takatuf.registry.models import Body, Concern
from tests.address_table import EVERYONE, LEADER, MACHINES, TABLE, named_urls
from tests.asked_region import let_go
from tests.test_permissions import everything

OPEN = open_pages.PUBLIC | open_pages.OWN
FIRST_STEPS = open_pages.ON_THE_WAY | open_pages.SETTING_UP
# Ways in: whoever is signed in needs none.
WAYS_IN = {
    "join", "join_code", "join_name", "account_login", "account_password_login",
    "account_signup", "mfa_authenticate",
}  # fmt: skip
# Anybody's who is signed in, and yet not before the proofs: the account's locks, one's day sheets.
LOCKS = {
    "account_change_password", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn",
    "mfa_remove_webauthn", "mfa_edit_webauthn", "my_identity", "contact_change",
    "contact_code", "my_sessions", "my_sessions_end", "attendance:sheets",
}  # fmt: skip


def before_the_factor(person) -> Client:
    """Signed in as somebody who has a password and no second factor yet."""
    Authenticator.objects.filter(user=person).delete()
    client = Client()
    sign_in(client, person, methods=["password"])
    return client


def address_of(name: str, region) -> str:
    _allowed, named = TABLE[name]
    return reverse(name, kwargs={key: region.names.get(v, v) for key, v in named.items()})


def is_led_away(response) -> bool:
    return response.status_code == 302 and response["Location"] == reverse("mfa_activate_totp")


def test_every_open_name_is_an_address():
    known = set(named_urls()) | {"set_language"}

    assert known >= OPEN | FIRST_STEPS
    assert not open_pages.PUBLIC & open_pages.OWN


def test_every_public_page_is_open_and_what_is_an_offices_is_not():
    for name, (allowed, _named) in TABLE.items():
        if allowed == EVERYONE:
            assert name in open_pages.PUBLIC | FIRST_STEPS | WAYS_IN, name
        elif allowed & {"holder", "stranger"} or allowed == LEADER:  # one's own, of a volunteer
            assert name in open_pages.OWN | FIRST_STEPS | LOCKS, name
        else:
            assert name not in OPEN | FIRST_STEPS, name
    machines = {name for name in named_urls() if name.rpartition(":")[2] in MACHINES}
    assert machines <= open_pages.PUBLIC


@pytest.mark.parametrize("who", ["head", "desk", "admin"])
def test_every_page_of_an_office_waits_and_every_open_one_answers(region, who):
    client = before_the_factor(region.cast[who])
    client.raise_request_exception = False
    before = everything()

    wrong = [
        f"{method} {name} is not guarded"
        for name in set(TABLE) - FIRST_STEPS - OPEN
        for method in ("get", "post")
        if not is_led_away(getattr(client, method)(address_of(name, region)))
    ]
    assert everything() == before
    for name in OPEN & set(TABLE):
        response = client.get(address_of(name, region))
        let_go(response)
        if is_led_away(response) or response.status_code >= 500:
            wrong.append(f"{name}: {response.status_code}")

    assert wrong == []


def test_no_office_counts_on_an_open_page_before_the_factor(region):
    """Each page is shown to the same person once both proofs are there: the control."""
    of_the_desk = ["registry:body", "needs:detail"]
    addresses = [
        (region.desk, reverse(of_the_desk[0], args=[region.names["waiting_body"]])),
        (region.desk, reverse(of_the_desk[1], args=[region.names["reported_need"]])),
        (region.head, address_of("credentials:certificate_file", region)),
    ]
    for person, address in addresses:
        with_both = signed_in(person).get(address)
        let_go(with_both)
        assert with_both.status_code == 200, address

        assert before_the_factor(person).get(address).status_code == 404, address

    own = reverse("registry:body", args=[region.body.code])
    assert reverse("registry:body_edit", args=[region.body.code]) not in (
        before_the_factor(region.head).get(own).content.decode()
    )


def test_a_factor_that_is_there_is_asked_for_on_ones_own_pages_not_on_public_ones(region):
    assert Authenticator.objects.filter(user=region.head).exists()
    client = Client()
    sign_in(client, region.head, methods=["password"])

    for name in open_pages.OWN:
        asked = client.get(address_of(name, region))
        assert asked.status_code == 302, name
        assert asked["Location"].startswith(reverse("mfa_reauthenticate")), name
    assert client.get(reverse("registry:concern_new")).status_code == 200
    assert client.get(reverse("site:home")).status_code == 200


def test_a_volunteer_who_registers_a_body_stays_one_and_reads_what_comes_next(region):
    volunteer = region.cast["holder"]
    client = Client()
    sign_in(client, volunteer, methods=["code"])
    made = client.post(
        reverse("registry:body_new"),
        {"name_ar": "جمعية جديدة", "sector": "non_profit", "licence_number": "555",
         "governorate": region.body.governorate_id, "contact_email": "a@example.com"},
    )  # fmt: skip
    body = Body.objects.get(name_ar="جمعية جديدة")
    assert made.url == reverse("registry:body", args=[body.code])

    for language, words in (
        ("", "الخطوة التالية: حماية حسابك"),
        ("/en", "protect your account"),
    ):
        page = client.get(language + made.url)
        assert page.status_code == 200
        assert words in page.content.decode()
        assert reverse("mfa_activate_totp").removeprefix("/en") in page.content.decode()

    desk = client.get(reverse("site:desk"))
    assert desk.url == reverse("account_set_password")
    edit = reverse("registry:body_edit", args=[body.code])
    assert client.post(edit, {"name_ar": "اسم آخر"}).url == reverse("account_set_password")
    body.refresh_from_db()
    assert body.name_ar == "جمعية جديدة"

    leave = reverse("placement:leave", args=[region.place.pk])
    assert client.post(leave, {"reason": "", "sure": "yes"}).status_code in (200, 302)
    region.place.refresh_from_db()
    assert region.place.status != "confirmed"
    told = Concern.objects.count()
    client.post(reverse("registry:concern_new"), {"kind": "other", "text": "نص طويل يكفي"})
    assert Concern.objects.count() == told + 1

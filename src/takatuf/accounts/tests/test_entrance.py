"""Coming in by a code: who is known signs in, who is new joins, and neither can be told apart."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from takatuf.accounts import codes
from takatuf.accounts.models import Person
from takatuf.accounts.tests import factories
from takatuf.kernel.models import Message

pytestmark = pytest.mark.django_db
NEW = "new@example.org"


def ask(client, contact, name="account_login", **data):
    return client.post(reverse(name), {"contact": contact, **data})


def enter(client, contact, last_code):
    ask(client, contact)
    return client.post(reverse("join_code"), {"code": last_code(contact)})


def test_a_new_person_joins_by_mobile_typed_in_arabic_digits(client, last_code):
    assert ask(client, "٠٥٥١٢٣٤٥٦٧", "join").status_code == 302
    response = client.post(reverse("join_code"), {"code": last_code("+966551234567")})

    assert response.url == reverse("join_name")
    person = Person.objects.get()
    assert (person.phone, person.phone_verified) == ("+966551234567", True)
    assert not person.has_usable_password()
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_code_may_be_typed_in_arabic_digits_with_spaces(client, last_code):
    ask(client, NEW)
    code = last_code(NEW).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    client.post(reverse("join_code"), {"code": f"{code[:3]} {code[3:]}"})

    assert Person.objects.get().email == NEW


def test_a_known_person_signs_in_and_nobody_new_is_made(client, last_code):
    known = factories.person(email="known@example.org")

    enter(client, "KNOWN@example.org ".strip().lower(), last_code)

    assert client.session["_auth_user_id"] == str(known.pk)
    assert Person.objects.count() == 1


def test_known_and_unknown_contacts_get_the_same_answer(client):
    factories.person(email="known@example.org")
    answers = []
    for contact in ("known@example.org", "unknown@example.org"):
        browser = Client()
        asked = ask(browser, contact)
        page = browser.get(reverse("join_code")).content.decode().replace(contact, "…")
        wrong = browser.post(reverse("join_code"), {"code": "000000"})
        answers.append((asked.status_code, asked.url, _same(page), wrong.status_code))

    assert answers[0] == answers[1]
    assert (
        Message.objects.values_list("template", flat=True).distinct().get() == "accounts.code"
    )


def _same(page: str) -> str:
    """Without the CSRF tokens, which differ on every page."""
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_wrong_code_lets_nobody_in_and_keeps_the_page(client):
    ask(client, NEW)

    response = client.post(reverse("join_code"), {"code": "000000"})

    assert response.status_code == 409
    assert "_auth_user_id" not in client.session
    assert not Person.objects.exists()


def test_five_wrong_codes_close_the_process_even_for_the_right_one(client, last_code):
    ask(client, NEW)
    right = last_code(NEW)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        client.post(reverse("join_code"), {"code": wrong})

    response = client.post(reverse("join_code"), {"code": right})

    assert response.url == reverse("account_login")
    assert not Person.objects.exists()


def test_a_code_is_good_once_and_for_ten_minutes(client, last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        ask(client, NEW)
        clock.shift(601)

        response = client.post(reverse("join_code"), {"code": last_code(NEW)})

    assert response.url == reverse("account_login")
    assert not Person.objects.exists()


def test_after_the_third_time_more_the_page_says_how_long_to_wait(client, last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        ask(client, NEW)
        for sent in range(1, 4):
            page = client.post(reverse("join_code"), {"action": "resend"}, follow=True)
            assert ("أُرسل الرمز أربع مرات" in page.content.decode()) is (sent == 3)
        assert "طلب رمز جديد بعد 10 دقائق" in page.content.decode()
        assert 'value="resend"' not in page.content.decode()

        clock.shift(481)
        again = client.post(reverse("join_code"), {"action": "resend"}, follow=True)
        assert "طلب رمز جديد بعد دقيقتين" in again.content.decode()
        assert Message.objects.count() == 4
        clock.shift(120)
        assert client.get(reverse("join_code")).url == reverse("account_login")
        assert ask(client, NEW).status_code == 302
    assert Message.objects.count() == 5


def test_codes_to_one_contact_are_limited_to_five_in_five_minutes(client):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        statuses = [ask(Client(), NEW).status_code for _ in range(6)]

    assert statuses == [302] * 5 + [429]
    assert Message.objects.count() == 5


def test_where_no_more_is_sent_the_code_sent_last_still_opens(client, last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        statuses = [ask(client, NEW).status_code for _ in range(7)]
        answer = client.post(reverse("join_code"), {"code": last_code(NEW)})
        another = ask(client, "another@example.org")

    assert statuses == [302] * 7
    assert Message.objects.filter(address=NEW).count() == 5
    assert answer.url == reverse("join_name")
    assert another.status_code == 302


def test_a_strangers_askings_do_not_keep_the_owner_out(last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        stranger = [ask(Client(REMOTE_ADDR="203.0.113.9"), NEW).status_code for _ in range(6)]
        owner = Client(REMOTE_ADDR="198.51.100.7")
        ask(owner, NEW)
        answer = owner.post(reverse("join_code"), {"code": last_code(NEW)})

    assert stranger == [302] * 5 + [429]
    assert answer.url == reverse("join_name")


def test_askings_from_many_places_are_slowed_down_and_end_somewhere():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        for number in range(codes.SENT_A_DAY):
            ask(Client(REMOTE_ADDR=f"203.0.113.{number}"), NEW)
        late = [ask(Client(REMOTE_ADDR="198.51.100.7"), NEW).status_code for _ in range(2)]
        clock.shift(codes.SECONDS_TO_SEND)
        late.append(ask(Client(REMOTE_ADDR="198.51.100.7"), NEW).status_code)
        for number in range(100):
            ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), NEW)

    assert late == [302, 429, 302]
    assert Message.objects.count() == 100


def test_guesses_at_one_contact_are_limited_whatever_the_browser(client):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        statuses = []
        for _ in range(4):
            browser = Client()
            ask(browser, NEW)
            statuses += [
                browser.post(reverse("join_code"), {"code": "000000"}).status_code
                for _ in range(4)
            ]

    assert statuses[:15] == [409] * 15
    assert statuses[15] == 429


def guess(contact, *, peer, times=4) -> list[int]:
    """Codes that are wrong, from one connection in a new browser."""
    browser = Client(REMOTE_ADDR=peer)
    ask(browser, contact)
    return [
        browser.post(reverse("join_code"), {"code": "000000"}).status_code for _ in range(times)
    ]


def test_a_strangers_guesses_do_not_keep_the_owner_out(last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        for _ in range(16):  # all a connection may try in a day, and more
            guess(NEW, peer="203.0.113.9")
            clock.shift(301)
        assert guess(NEW, peer="203.0.113.9", times=1) == [429]
        clock.shift(301)
        owner = Client(REMOTE_ADDR="198.51.100.7")
        ask(owner, NEW)

        answer = owner.post(reverse("join_code"), {"code": last_code(NEW)})

    assert answer.url == reverse("join_name")


def test_guesses_from_many_places_are_slowed_down_and_nobody_is_locked_out(last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        for number in range(codes.TRIES_A_DAY // 4):
            assert guess(NEW, peer=f"203.0.113.{number}") == [409] * 4
            clock.shift(301)

        slowed = guess(NEW, peer="203.0.113.200", times=3)

        owner = Client(REMOTE_ADDR="198.51.100.7")
        ask(owner, NEW)
        answer = owner.post(reverse("join_code"), {"code": last_code(NEW)})
    assert slowed == [409, 429, 429]
    assert answer.url == reverse("join_name")


def test_the_code_of_one_purpose_opens_no_other(client, last_code):
    ask(client, NEW)

    assert client.get(reverse("recover_code")).url == reverse("recover")


def test_sign_in_gives_the_session_a_new_key(client, last_code):
    ask(client, NEW)
    planted = client.session.session_key

    client.post(reverse("join_code"), {"code": last_code(NEW)})

    assert client.session.session_key != planted


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(client, last_code, elsewhere):
    factories.person(email="known@example.org")
    ask(client, "known@example.org", next=elsewhere)

    response = client.post(reverse("join_code"), {"code": last_code("known@example.org")})

    assert "evil" not in response.url
    assert response.url.startswith("/")


@pytest.mark.parametrize("nowhere", ["foo", "site:home", "{{ x }}", "1e400"])
def test_a_next_page_that_is_no_address_is_left_out(client, nowhere):
    factories.sign_in(client, factories.person())

    answer = client.get(reverse("account_login"), {"next": nowhere})

    assert answer.status_code == 302
    assert nowhere not in answer["Location"]


def test_who_wanted_a_page_of_ours_gets_there(client, last_code):
    factories.person(email="known@example.org")
    ask(client, "known@example.org", next="/account/data/")

    response = client.post(reverse("join_code"), {"code": last_code("known@example.org")})

    assert (
        response.url.endswith("/account/data/") or "next=%2Faccount%2Fdata%2F" in response.url
    )


def test_forms_need_their_csrf_token():
    browser = Client(enforce_csrf_checks=True)

    response = ask(browser, NEW)

    assert response.status_code == 403
    assert not Message.objects.exists()


def test_a_closed_account_is_told_so_only_after_the_code(client, last_code):
    factories.person(email="closed@example.org", is_active=False)

    response = enter(client, "closed@example.org", last_code)

    assert response.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("typed", ["", "hello", "0551", "a@b", "0551234567 / 0557654321"])
def test_what_is_no_contact_is_refused_at_the_field(client, typed):
    response = ask(client, typed)

    assert response.status_code == 422
    assert response.context["form"].errors["contact"]
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["account_login", "join"])
@pytest.mark.parametrize("typed", ["a" * 300 + "@example.com", "a@b", "0551234567@"])
def test_whatever_holds_an_at_is_told_about_e_mail(client, name, typed):
    page = client.post(reverse(name), {"contact": typed, "login": typed}).content.decode()

    assert "البريد يُكتب كاملًا" in page
    assert "254" not in page  # no length is counted, and no browser cuts before the "@"


@pytest.mark.parametrize("name", ["account_login", "join"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0112345678", "Write a mobile number, which can receive a text message."),
        ("٠١٤ ٤٢٢ ١٢٣٤", "Write a mobile number, which can receive a text message."),
        ("920012345", "Write a mobile number, which can receive a text message."),
        ("0601234567", "No operator has this number"),
        ("٠٥٥١٢٣٤٥٦", "Digits are missing: a mobile number looks like 0551234567."),
        ("05512345678", "There are too many digits"),
    ],
)
def test_a_number_no_code_can_reach_is_told_why(client, name, typed, sentence):
    with translation.override("en"):
        page = ask(client, typed, name)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["account_login", "join"])
def test_a_range_newer_than_our_tables_is_reached(client, name):
    ask(client, "0521234567", name)

    assert Message.objects.get().address == "+966521234567"


def test_an_adult_gives_name_and_birth_date_in_hijri(client):
    joining = factories.person(full_name="", birth_date=None)
    factories.sign_in(client, joining, methods=["code"])

    response = client.post(
        reverse("join_name"), {"full_name": "نورة  العطوي", "birth_date": "١٧/١٢/١٤٢٠"}
    )

    joining.refresh_from_db()
    assert response.status_code == 302
    assert joining.full_name == "نورة العطوي"
    assert joining.birth_date.isoformat() == "2000-03-23"


@pytest.mark.parametrize("name", ["سارة", "عبد الله", "بنت سالم", "Sara 2"])
def test_a_first_name_alone_is_asked_for_the_family_name(client, name):
    joining = factories.person(full_name="", birth_date=None)
    factories.sign_in(client, joining, methods=["code"])

    response = client.post(
        "/en" + reverse("join_name"), {"full_name": name, "birth_date": "2000-03-23"}
    )

    joining.refresh_from_db()
    assert "first and your family name" in str(response.context["form"].errors["full_name"])
    assert (joining.full_name, joining.birth_date) == ("", None)


def test_a_minor_is_led_to_the_guardians_step(client):
    joining = factories.person(full_name="", birth_date=None)
    factories.sign_in(client, joining, methods=["code"])

    response = client.post(
        reverse("join_name"), {"full_name": "سالم العطوي", "birth_date": "2012-01-01"}
    )

    assert response.url == reverse("join_guardian")
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize("born", ["2030-01-01", "1850-01-01", "2025-01-01", "31/02/2000", "x"])
def test_a_birth_date_that_is_nobodys_is_refused(client, born):
    joining = factories.person(full_name="", birth_date=None)
    factories.sign_in(client, joining, methods=["code"])

    response = client.post(
        reverse("join_name"), {"full_name": "سالم العطوي", "birth_date": born}
    )

    joining.refresh_from_db()
    assert response.context["form"].errors["birth_date"]
    assert (joining.full_name, joining.birth_date) == ("", None)


def test_allauths_own_sign_up_is_not_reachable(client):
    assert client.get(reverse("account_signup")).url == reverse("join")

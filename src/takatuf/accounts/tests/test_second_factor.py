"""Staff get nowhere before a password and a second factor; volunteers need neither."""

import time
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from takatuf.accounts import commands
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in_by_password(client, login="staff@example.org", password=factories.PASSWORD):
    return client.post(
        reverse("account_password_login"), {"login": login, "password": password}
    )


@pytest.mark.django_db(transaction=True)  # what the session learns comes with the commit
def test_staff_without_a_factor_are_led_to_set_one_up_and_then_in(client, staff):
    sign_in_by_password(client)
    assert client.get(reverse("my_sessions")).url == reverse("mfa_activate_totp")

    page = client.get(reverse("mfa_activate_totp"))
    assert 'class="qr"' in page.content.decode()  # drawn on white, in the dark too
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})

    assert response.url == reverse("mfa_view_recovery_codes")
    assert len(client.get(response.url).context["unused_codes"]) == 10
    assert client.get(reverse("my_sessions")).status_code == 200


def test_staff_sign_in_with_password_then_app(client, staff):
    TOTP.activate(staff, SECRET)

    response = sign_in_by_password(client)
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    landed = client.post(response.url, {"code": code_now()})

    # To work, though they never accepted the volunteers' charter.
    assert landed.url == reverse("site:desk")
    assert client.get(reverse("my_account")).status_code == 200
    assert client.session.get_expiry_age() <= 12 * 3600


def test_a_wrong_app_code_opens_nothing(client, staff):
    TOTP.activate(staff, SECRET)
    response = sign_in_by_password(client)

    client.post(response.url, {"code": "000000" if code_now() != "000000" else "111111"})

    assert "_auth_user_id" not in client.session


def test_a_recovery_code_stands_in_for_the_app_once(client, staff):
    TOTP.activate(staff, SECRET)
    code = RecoveryCodes.activate(staff).generate_codes()[0]
    sign_in_by_password(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(reverse("my_account")).status_code == 200

    again = Client()
    sign_in_by_password(again)
    again.post(reverse("mfa_authenticate"), {"code": code})

    assert "_auth_user_id" not in again.session


def test_a_code_alone_opens_no_staff_account(client, staff, last_code):
    client.post(reverse("account_login"), {"contact": staff.email})

    response = client.post(reverse("join_code"), {"code": last_code(staff.email)})

    assert response.url == reverse("account_password_login")
    assert "_auth_user_id" not in client.session


def test_new_staff_without_a_password_set_one_before_the_factor(client, staff_names, last_code):
    fresh = factories.person(full_name="موظف جديد", email="fresh@example.org")
    staff_names.add(fresh.full_name)
    client.post(reverse("account_login"), {"contact": fresh.email})
    client.post(reverse("join_code"), {"code": last_code(fresh.email)})
    assert client.get(reverse("my_sessions")).url == reverse("account_set_password")
    assert client.get(reverse("mfa_activate_totp")).url == reverse("account_set_password")

    new = "another long sentence"
    client.post(reverse("account_set_password"), {"password1": new, "password2": new})

    assert client.get(reverse("my_sessions")).url == reverse("mfa_activate_totp")


def test_a_session_older_than_the_office_is_stopped_at_once(client, staff_names):
    volunteer = factories.person(full_name="متطوعة تجريبية", password=factories.PASSWORD)
    TOTP.activate(volunteer, SECRET)
    factories.sign_in(client, volunteer, methods=["code"])
    assert client.get(reverse("my_account")).status_code == 200

    staff_names.add(volunteer.full_name)

    assert client.get(reverse("my_account")).url.startswith(reverse("mfa_reauthenticate"))
    assert client.post(reverse("my_sessions_end")).status_code == 302
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/me/places/"}
    answer = client.post(reverse("my_sessions_end"), headers=part)
    way = f"{reverse('mfa_reauthenticate')}?next=%2Fme%2Fplaces%2F"
    assert (answer.status_code, answer["HX-Redirect"]) == (200, way)


@pytest.mark.parametrize("methods", [[], ["code"], ["password"], ["mfa"]])
def test_half_a_sign_in_shows_staff_no_page(client, staff, methods):
    TOTP.activate(staff, SECRET)
    factories.sign_in(client, staff, methods=methods)

    for name in (
        "my_account",
        "my_data",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_add_webauthn",
    ):
        assert client.get(reverse(name)).status_code == 302, name


def test_staff_who_showed_both_cost_no_question_of_the_office(client, staff, monkeypatch):
    factories.sign_in(client, staff)
    staff_asked = []
    monkeypatch.setattr(
        "takatuf.accounts.middleware.policies.needs_second_factor", staff_asked.append
    )

    client.get(reverse("my_sessions"))

    assert staff_asked == []


NO_KEYS_ANSWER = [
    "null", "[]", "3", '"x"', "{}", '{"id": 1}', '{"id": "YQ", "rawId": "YQ"}',
    '{"id": 1, "rawId": {}, "type": [], "response": 3}', "{" * 900, "9" * 5000, "[" * 9000,
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "YQ"}}',
]  # fmt: skip


@pytest.mark.parametrize("typed", NO_KEYS_ANSWER)
def test_what_no_passkey_sends_is_a_wrong_code_and_never_a_fault(client, staff, typed):
    TOTP.activate(staff, SECRET)
    sign_in_by_password(client)
    response = client.post(reverse("mfa_authenticate"), {"credential": typed})
    assert response.status_code == 422
    assert "_auth_user_id" not in client.session

    factories.sign_in(client, staff)
    for page in ("mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        client.get(reverse(page))  # begins what the answer would belong to
        assert client.post(reverse(page), {"credential": typed}).status_code < 500, page
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_key_that_never_came_is_said_in_the_readers_language(client, staff):
    TOTP.activate(staff, SECRET)
    factories.sign_in(client, staff)

    shown = client.post(reverse("mfa_add_webauthn"), {"name": "جوالي"}).content.decode()

    assert "لم يرسل المتصفح مفتاحًا" in shown
    assert ">Credential<" not in shown


def test_staff_keep_their_last_factor(client, staff):
    TOTP.activate(staff, SECRET)
    factories.sign_in(client, staff)

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=staff, type="totp").exists()


def test_removing_a_factor_ends_every_other_session(client):
    volunteer = factories.person()
    TOTP.activate(volunteer, SECRET)
    other = Client()
    factories.sign_in(other, volunteer)
    factories.sign_in(client, volunteer)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=volunteer).exists()
    assert client.get(reverse("my_account")).status_code == 200
    assert other.get(reverse("my_account")).status_code == 302


def test_secrets_of_factors_are_sealed_in_the_database(staff):
    TOTP.activate(staff, SECRET)

    assert SECRET not in str(Authenticator.objects.get(user=staff).data)


def test_sealed_secrets_open_after_the_key_was_changed(staff, settings):
    TOTP.activate(staff, SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-newer-key-" + "z" * 40

    assert Authenticator.objects.get(user=staff).wrap().validate_code(code_now())


def wrong_passwords(count, *, peer, login="staff@example.org"):
    for _ in range(count):
        browser = Client(REMOTE_ADDR=peer)
        sign_in_by_password(browser, login=login, password="wrong wrong wrong")


def is_let_in(peer, login="staff@example.org") -> bool:
    """The right password, from a connection: staff are asked for their factor next."""
    answer = sign_in_by_password(Client(REMOTE_ADDR=peer), login=login)
    return answer.status_code == 302


def test_ten_wrong_passwords_lock_one_connection_not_the_person(staff):
    wrong_passwords(12, peer="203.0.113.9")

    assert not is_let_in("203.0.113.9")
    assert is_let_in("198.51.100.7")


def test_guesses_at_one_connection_leave_the_others_of_a_school_their_tries(staff):
    factories.person(phone="+966551234567", password=factories.PASSWORD)
    wrong_passwords(10, peer="203.0.113.9")

    assert is_let_in("203.0.113.9", login="0551234567")


@pytest.mark.parametrize("whose", ["one person", "all"])
def test_guesses_from_many_places_are_slowed_down_and_nobody_is_locked_out(
    staff, monkeypatch, whose
):
    limits = {"one person": "TRIES_A_DAY", "all": "LOGINS_AT_ONCE"}
    monkeypatch.setattr(f"takatuf.accounts.adapters.{limits[whose]}", 4)
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        for number in range(4):
            wrong_passwords(1, peer=f"203.0.113.{number}")
        wrong_passwords(1, peer="203.0.113.200")

        slowed = sign_in_by_password(Client(REMOTE_ADDR="203.0.113.200"))
        owner = is_let_in("198.51.100.7")
        clock.shift(61)
        later = is_let_in("203.0.113.200")

    assert slowed.status_code == 429
    assert (owner, later) == (True, True)


def test_wrong_passwords_for_mobiles_are_counted_apart(client, staff):
    for number in range(10):
        browser = Client(REMOTE_ADDR=f"10.0.2.{number}")
        sign_in_by_password(browser, login=f"055123400{number}", password="wrong wrong wrong")
    owner = factories.person(phone="+966551234567", password=factories.PASSWORD)

    sign_in_by_password(client, login="0551234567")

    assert client.session["_auth_user_id"] == str(owner.pk)


def test_known_and_unknown_logins_get_the_same_refusal(staff):
    answers = [
        sign_in_by_password(Client(), login=login, password="wrong wrong wrong")
        for login in ("staff@example.org", "nobody@example.org")
    ]

    errors = [str(answer.context["form"].errors) for answer in answers]
    assert errors[0] == errors[1]


def test_a_forgotten_password_is_reset_by_code_and_the_factor_stays(client, staff, last_code):
    TOTP.activate(staff, SECRET)
    client.post(reverse("account_reset_password"), {"email": staff.email})
    client.post(
        reverse("account_confirm_password_reset_code"), {"code": last_code(staff.email)}
    )
    new = "another long sentence"
    client.post(
        reverse("account_complete_password_reset"), {"password1": new, "password2": new}
    )

    response = sign_in_by_password(client, password=new)

    assert response.url == reverse("mfa_authenticate")


def test_asking_for_a_password_of_nobody_looks_the_same_and_sends_nothing(client):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert response.url == reverse("account_confirm_password_reset_code")
    assert client.get(response.url).status_code == 200
    assert not outbox.recent_messages().exists()


def test_a_password_that_is_too_plain_is_refused_in_the_readers_language(client):
    client.force_login(factories.person(password=factories.PASSWORD))
    said = client.post(
        reverse("account_change_password"),
        {"oldpassword": "wrong", "password1": "12345", "password2": "12345"},
    ).content.decode()

    for sentence in ("كلمة المرور الحالية غير صحيحة", "يلزم 12 حرفًا على الأقل", "أرقام فقط"):
        assert sentence in said
    assert "password is" not in said


def test_a_changed_password_ends_other_sessions(client, staff):
    other = Client()
    factories.sign_in(other, staff)
    staff.set_password("yet another sentence")
    staff.save()

    assert other.get(reverse("my_account")).status_code == 302


def test_signing_out_everywhere_keeps_only_this_device(client):
    volunteer = factories.person()
    other = Client()
    factories.sign_in(other, volunteer)
    factories.sign_in(client, volunteer)

    client.post(reverse("my_sessions_end"))

    assert client.get(reverse("my_sessions")).status_code == 200
    assert other.get(reverse("my_sessions")).status_code == 302


def test_sessions_stay_open_when_the_secret_key_changes(client, settings):
    volunteer = factories.person()
    before = volunteer.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-newer-key-" + "z" * 40

    assert before in list(volunteer.get_session_auth_fallback_hash())
    assert before != volunteer.get_session_auth_hash()


def test_what_a_signed_in_person_sees_is_kept_by_no_shared_cache(client):
    factories.sign_in(client, factories.person())

    for name in ("my_profile", "kernel:ui"):
        assert "private" in client.get(reverse(name))["Cache-Control"]


def test_signing_out_empties_the_browsers_cache_too(client):
    factories.sign_in(client, factories.person())

    answer = client.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get(reverse("join"))


def test_ending_sessions_is_remembered(db):
    volunteer = factories.person()

    ended = commands.end_sessions(person=volunteer, by=volunteer, at=factories.NOW)

    assert ended.session_stamp == 1

"""One's own account: what may change, what is remembered, what leaves with a copy."""

import json
from datetime import date
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from takatuf.accounts import commands, contributions, policies, queries
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.registries import message_templates, personal_fields
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def test_a_new_contact_takes_the_old_ones_place_and_the_old_is_told(client, last_code):
    person = factories.person(phone="+966551110001", phone_verified=True)
    other = Client()
    factories.sign_in(other, person)
    factories.sign_in(client, person)

    client.post(reverse("contact_change"), {"contact": "0551110002"})
    client.post(reverse("contact_code"), {"code": last_code("+966551110002")})

    person.refresh_from_db()
    assert person.phone == "+966551110002"
    assert (
        outbox.messages_to_address("+966551110001").get().template == "accounts.contact_changed"
    )
    assert client.get(reverse("my_account")).status_code == 200
    assert other.get(reverse("my_account")).status_code == 302


def test_a_new_email_is_the_only_verified_one():
    person = factories.person()

    commands.change_contact(person=person, contact="new@example.org", by=person, at=NOW)

    assert EmailAddress.objects.get(user=person).email == "new@example.org"
    assert list(contributions.strayed_emails()) == []


def test_a_contact_of_another_account_is_not_taken():
    person, other = factories.person(), factories.person()

    with pytest.raises(commands.CannotChange):
        commands.change_contact(person=person, contact=other.email, by=person, at=NOW)

    person.refresh_from_db()
    assert person.email != other.email


def test_the_code_of_one_persons_change_serves_no_other(client, last_code):
    person, other = factories.person(), factories.person()
    factories.sign_in(client, person, methods=["code"])
    client.post(reverse("contact_change"), {"contact": "0551110002"})
    session = client.session["takatuf_contact_code"]
    factories.sign_in(client, other, methods=["code"])
    kept = client.session
    kept["takatuf_contact_code"] = session
    kept.save()

    client.post(reverse("contact_code"), {"code": last_code("+966551110002")})

    other.refresh_from_db()
    assert other.phone is None


def test_a_birth_date_changes_only_with_a_reason_which_is_kept():
    person = factories.person(birth_date=date(1995, 5, 5))

    with pytest.raises(commands.CannotChange):
        commands.correct_birth_date(
            person=person, birth_date=date(1996, 5, 5), reason=" ", by=person, at=NOW
        )
    commands.correct_birth_date(
        person=person, birth_date=date(1996, 5, 5), reason="خطأ كتابة", by=person, at=NOW
    )

    note = list(history(person))[-1].note
    assert note.reason == "خطأ كتابة"
    assert note.changes == {"birth_date": ["1995-05-05", "1996-05-05"]}


def test_a_minor_cannot_make_themself_an_adult():
    young = factories.minor()

    with pytest.raises(commands.CannotChange):
        commands.correct_birth_date(
            person=young, birth_date=date(2000, 1, 1), reason="خطأ", by=young, at=NOW
        )

    young.refresh_from_db()
    assert young.birth_date == date(2010, 3, 1)
    assert not policies.may_join_activities(young, NOW)


def test_joining_again_does_not_overwrite_the_birth_date():
    young = factories.minor()

    commands.name_person(
        person=young, full_name="سالم العطوي", birth_date=date(2000, 1, 1), by=young, at=NOW
    )

    young.refresh_from_db()
    assert young.birth_date == date(2010, 3, 1)


def test_an_identity_number_is_kept_as_a_seal_and_three_digits():
    person = factories.person()

    commands.set_identity(person=person, number="١٠٠٠٠٠٠٠٠٨", by=person, at=NOW)

    person.refresh_from_db()
    assert person.id_last_three == "008"
    assert "1000000008" not in person.id_hash
    assert len(person.id_hash) == 64


def test_one_identity_number_belongs_to_one_account():
    first, second = factories.person(), factories.person()
    commands.set_identity(person=first, number="1000000008", by=first, at=NOW)

    with pytest.raises(commands.CannotChange):
        commands.set_identity(person=second, number="1000000008", by=second, at=NOW)

    second.refresh_from_db()
    assert second.id_hash is None


@pytest.mark.parametrize(("channel", "field"), [("sms", "phone"), ("email", "email")])
def test_nobody_is_told_where_they_have_no_address(channel, field):
    contacts = {"email": None, "phone": "+966551110001"}
    person = factories.person(**(contacts if field == "email" else {}))

    with pytest.raises(commands.CannotChange) as refusal:
        commands.change_profile(
            person=person, full_name="اسم", language="ar", channel=channel, gender="",
            by=person, at=NOW,
        )  # fmt: skip

    assert refusal.value.field == "channel"


@pytest.mark.parametrize("name", ["", "   ", "123", "x", "\u200f\u200f", "سارة"])
def test_a_new_name_is_a_first_and_a_family_name(name):
    person = factories.person()
    before = person.full_name

    with pytest.raises(commands.CannotChange):
        commands.change_profile(
            person=person, full_name=name, language="ar", channel="email", gender="",
            by=person, at=NOW,
        )  # fmt: skip

    person.refresh_from_db()
    assert person.full_name == before


def test_a_name_of_one_word_from_before_may_stay():
    person = factories.person(full_name="سارة")

    commands.change_profile(
        person=person, full_name="سارة", language="en", channel="email", gender="",
        by=person, at=NOW,
    )  # fmt: skip

    person.refresh_from_db()
    assert (person.full_name, person.language) == ("سارة", "en")


def test_the_log_keeps_a_name_that_was_changed_and_says_so():
    person = factories.person(full_name="سارة العطوي")
    kept = {"person": person, "language": "ar", "channel": "email", "by": person, "at": NOW}

    commands.change_profile(full_name="هند البلوي", gender="", **kept)
    commands.change_profile(full_name="هند البلوي", gender="female", **kept)
    commands.change_profile(full_name="هند البلوي", gender="female", **kept)

    renamed, other = history(person)
    assert (renamed.action, other.action) == ("renamed", "profile_changed")
    assert renamed.note.changes == {"full_name": ["سارة العطوي", "هند البلوي"]}
    assert other.note.changes == {"gender": ["", "female"]}


def test_names_of_actors_come_in_one_query(django_assert_num_queries):
    people = [factories.person() for _ in range(5)]
    gone = factories.person(erased_at=NOW)

    with django_assert_num_queries(1):
        names = queries.names_of([*(p.ref for p in people), gone.ref, None, uuid4()])

    assert names == {p.ref: p.full_name for p in people}


def test_empty_contacts_are_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.person(email="")


def test_the_same_contact_entered_twice_is_one_person():
    first, first_is_new = commands.enter_by_contact(
        contact="a@example.org", language="ar", by=None, at=NOW
    )
    second, second_is_new = commands.enter_by_contact(
        contact="a@example.org", language="en", by=None, at=NOW
    )

    assert (first, first_is_new, second_is_new) == (second, True, False)


# ---------------------------------------------------------------- pages
PAGES = ["my_account", "my_profile", "my_birth_date", "my_identity", "contact_change",
         "my_sessions", "my_data", "join_name", "join_guardian"]  # fmt: skip


@pytest.mark.parametrize("name", [*PAGES, "mfa_index", "account_change_password"])
def test_ones_own_pages_are_closed_to_visitors(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 302
    assert "/account/login/" in response.url


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "name",
    ["my_account", "my_profile", "my_birth_date", "my_identity", "contact_change", "my_sessions",
     "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
     "account_set_password", "account_logout"],
)  # fmt: skip
def test_a_volunteers_pages_open_in_both_languages(client, name, prefix):
    factories.sign_in(client, factories.person(), methods=["code"])

    response = client.get(prefix + reverse(name))

    assert response.status_code == 200, response
    assert f'dir="{"ltr" if prefix else "rtl"}"' in response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "name",
    ["join", "account_login", "account_password_login", "account_reset_password",
     "account_inactive", "recover", "account_password_reset_completed"],
)  # fmt: skip
def test_public_pages_open_in_both_languages(client, name, prefix):
    response = client.get(prefix + reverse(name))

    assert response.status_code == 200
    assert "style=" not in response.content.decode()


@pytest.mark.parametrize(
    "name",
    ["mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes",
     "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "account_change_password",
     "account_reauthenticate"],
)  # fmt: skip
def test_pages_of_who_has_a_factor_open(client, name):
    person = factories.person(password=factories.PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    factories.sign_in(client, person)

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("name", "key", "onward", "words"),
    [
        ("mfa_view_recovery_codes", [], "mfa_index", "no unused recovery codes"),
        ("mfa_download_recovery_codes", [], "mfa_index", "no unused recovery codes"),
        ("mfa_deactivate_totp", [], "mfa_index", "No authenticator app"),
        ("mfa_remove_webauthn", [0], "mfa_list_webauthn", "not among yours"),
        ("mfa_edit_webauthn", [0], "mfa_list_webauthn", "not among yours"),
        ("mfa_reauthenticate", [], "my_account", ""),
        ("mfa_reauthenticate_webauthn", [], "my_account", ""),
    ],
)
def test_who_has_no_factor_is_led_to_where_one_can_be_had(client, name, key, onward, words):
    factories.sign_in(client, factories.person(), methods=["code"])

    landed = client.get("/en" + reverse(name, args=key), follow=True)

    assert landed.wsgi_request.resolver_match.url_name == onward
    assert words in "".join(str(said) for said in landed.context["messages"])


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [("/account/contact/", "/account/contact/"), ("https://elsewhere.example/", "/account/")],
)
def test_who_signs_in_by_code_is_asked_for_no_password(client, wanted, onward):
    factories.sign_in(client, factories.person(), methods=["code"])

    for asked in (client.get, client.post):
        response = asked(reverse("account_reauthenticate") + f"?next={wanted}")
        assert (response.status_code, response.url) == (302, onward)
    assert client.get(reverse("contact_change")).status_code == 200


def test_the_copy_of_ones_data_holds_every_classified_field_and_only_ones_own(client):
    person, other = factories.minor(), factories.minor()
    factories.consent(person, guardian_name="أم هند")
    factories.consent(other, guardian_name="أم سعد", guardian_contact="+966551230002")
    factories.sign_in(client, person, methods=["code"])

    response = client.get(reverse("my_data"))

    data = json.loads(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert data["accounts.Person.full_name"] == person.full_name
    assert data["accounts.GuardianConsent.guardian_name"] == ["أم هند"]
    assert set(data) == {name for name, _field in personal_fields}


def test_every_personal_column_is_classified():
    """A new column of a person is either classified or named here as saying nothing of them."""
    silent = {"id", "ref", "password", "is_superuser", "is_active", "is_staff", "is_demo",
              "session_stamp", "erased_at"}  # fmt: skip
    person = factories.person()
    columns = {field.name for field in person._meta.concrete_fields} - silent

    classified = {name.rsplit(".", 1)[1] for name, _f in personal_fields
                  if name.startswith("accounts.Person.")}  # fmt: skip
    assert columns == classified


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_message_has_its_words(language):
    ours = [name for name, _t in message_templates if name.startswith("accounts.")]

    assert len(ours) == 24
    for name in ours:
        words = outbox.rendered(
            name, language=language, context={"name": "هند"} | message_templates[name].sample
        )
        assert words.subject
        assert words.body


def test_who_may_join_activities():
    """visitor, unnamed, minor, minor with consent, adult, closed."""
    consented = factories.minor()
    factories.consent(consented, status="given")
    cast = [
        (AnonymousUser(), False), (factories.person(birth_date=None), False),
        (factories.minor(), False), (consented, True), (factories.person(), True),
        (factories.person(is_active=False), False),
    ]  # fmt: skip

    for who, may in cast:
        assert policies.may_join_activities(who, NOW) is may, who


def test_who_needs_a_second_factor_and_who_is_the_desk(staff_names, desk_names):
    staff, desk = factories.person(full_name="موظف"), factories.person(full_name="مكتب")
    closed = factories.person(full_name="سابق", is_active=False)
    staff_names |= {"موظف", "مكتب"}
    desk_names |= {"مكتب", "سابق"}
    rows = [
        (AnonymousUser(), False, False), (factories.person(), False, False),
        (factories.person(is_staff=True), True, False), (staff, True, False),
        (desk, True, True), (closed, False, False),
    ]  # fmt: skip

    for who, second_factor, is_desk in rows:
        assert policies.needs_second_factor(who, NOW) is second_factor, who
        assert policies.is_desk(who, NOW) is is_desk, who

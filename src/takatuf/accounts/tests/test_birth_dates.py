"""The desk mends a birth date: who may, what is kept, and what follows of itself."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import commands, contributions
from takatuf.accounts.enums import BirthDateBasis
from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db
NOW = factories.NOW
REASON = "الهوية أمامي"
YOUNG, GROWN = date(2011, 3, 1), date(1999, 3, 1)


@pytest.fixture
def desk(desk_names):
    person = factories.person(full_name="مكتب أول")
    desk_names.add(person.full_name)
    return person


@pytest.fixture
def news(monkeypatch):
    told: list[ConsentWithdrawn] = []
    monkeypatch.setattr("takatuf.accounts.commands.birth_dates.announce", told.append)
    monkeypatch.setattr("takatuf.accounts.commands.consents.announce", told.append)
    return told


def correct(person, to, *, by, **given):
    values = {"reason": REASON} | given
    return commands.correct_birth_date(person=person, birth_date=to, by=by, at=NOW, **values)


# ---------------------------------------------------------------- the command
def test_the_desk_makes_an_adult_a_minor_who_is_led_to_the_guardian(desk, news):
    person = factories.person()

    correct(person, YOUNG, by=desk)

    person.refresh_from_db()
    assert person.birth_date == YOUNG
    assert news == [ConsentWithdrawn(person_id=person.pk, came_to_need=True)]
    message = outbox.messages_to_address(person.email).get()
    assert message.context["link"].endswith(reverse("join_guardian"))
    assert REASON in message.body
    entry = list(history(person))[-1]
    assert (entry.action, entry.actor, entry.note.reason) == (
        "birth_date_corrected", desk.ref, REASON
    )  # fmt: skip
    assert entry.note.changes == {"birth_date": ["1995-05-05", str(YOUNG)]}


@pytest.mark.parametrize("status", ["asked", "given"])
def test_the_desk_makes_a_minor_an_adult_whose_consent_ends(desk, news, status):
    young = factories.minor()
    consent = factories.consent(young, status=status, expires_on=date(2027, 11, 23))

    correct(young, GROWN, by=desk)

    consent.refresh_from_db()
    assert consent.status == "expired"
    assert news == []
    assert list(contributions.consents_of_adults()) == []
    assert outbox.messages_to_address(young.email).get().context["minor"] is False


def test_a_consent_never_outlives_the_new_eighteenth_birthday(desk, news):
    young = factories.minor()
    consent = factories.consent(young, status="given", expires_on=date(2027, 11, 23))

    correct(young, date(2009, 1, 5), by=desk)

    consent.refresh_from_db()
    assert (consent.status, consent.expires_on) == ("given", date(2027, 1, 5))
    assert news == []
    assert list(contributions.consents_of_adults()) == []


def test_a_guardian_who_agreed_hears_of_another_age(news):
    young = factories.minor()
    consent = factories.consent(young, status="given", expires_on=date(2027, 11, 23))

    correct(young, young.birth_date, by=young)
    correct(young, date(2009, 1, 5), by=young)

    [told] = outbox.recent_messages().filter(template="accounts.birth_date_guardian")
    assert told.address == consent.guardian_contact
    assert "الاثنين 5 يناير 2009 · 8 محرم 1430 هـ" in told.body
    assert "/guardian/" in told.context["link"]


def test_the_date_is_written_in_the_words_of_whoever_reads(desk, news):
    young = factories.minor(language="en")
    factories.consent(young, status="given", expires_on=date(2027, 11, 23))

    correct(young, date(2009, 1, 5), by=desk)

    for template in ("birth_date_guardian", "birth_date_corrected"):
        told = outbox.recent_messages().get(template=f"accounts.{template}")
        assert "Monday 5 January 2009 · 8 Muharram 1430 AH" in told.body


def test_a_guardian_who_has_not_agreed_hears_nothing_of_it(news):
    young = factories.minor()
    factories.consent(young, status="asked")

    correct(young, date(2009, 1, 5), by=young)

    assert not outbox.recent_messages().filter(template="accounts.birth_date_guardian")


def test_a_date_from_a_list_becomes_the_persons_own(desk, news):
    person = factories.person(birth_date_basis=BirthDateBasis.SHEET)

    correct(person, person.birth_date, by=desk)

    person.refresh_from_db()
    assert person.birth_date_basis == BirthDateBasis.SAID
    assert news == []


@pytest.mark.parametrize(
    ("to", "reason", "field"),
    [(date(1850, 1, 1), REASON, "birth_date"), (date(2024, 1, 1), REASON, "birth_date"),
     (date(1995, 5, 5), REASON, "birth_date"), (GROWN, "  ", "reason")],
    ids=["too old", "too young", "the same", "no reason"],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(desk, news, to, reason, field):
    person = factories.person()
    before = len(history(person))

    with pytest.raises(commands.CannotChange) as refusal:
        correct(person, to, by=desk, reason=reason)

    assert refusal.value.field == field
    person.refresh_from_db()
    assert person.birth_date == date(1995, 5, 5)
    assert len(history(person)) == before
    assert news == []


def test_nobody_else_may(news):
    person, other = factories.person(), factories.person(is_staff=True)

    with pytest.raises(NotAllowed):
        correct(person, YOUNG, by=other)

    person.refresh_from_db()
    assert person.birth_date == date(1995, 5, 5)
    assert not outbox.messages_to_address(person.email).exists()


def test_the_desk_does_not_make_itself_an_adult(desk, news):
    desk.birth_date = YOUNG
    desk.save()

    with pytest.raises(commands.CannotChange):
        correct(desk, GROWN, by=desk)


# ---------------------------------------------------------------- on screen
def test_the_desk_finds_the_person_and_corrects(client, desk):
    person = factories.person()
    factories.sign_in(client, desk)

    found = client.post(reverse("birth_date_find"), {"contact": person.email.upper()})
    page = client.get(found.url)
    saved = client.post(found.url, {"birth_date": "01/03/1999", "reason": REASON})

    assert person.full_name in page.content.decode()
    assert saved.url == reverse("birth_date_find")
    person.refresh_from_db()
    assert person.birth_date == GROWN


def test_an_unknown_contact_and_a_bad_date_are_said_in_place(client, desk):
    person = factories.person()
    factories.sign_in(client, desk)
    page = reverse("birth_date_correct", args=[person.ref])

    unknown = client.post("/en" + reverse("birth_date_find"), {"contact": "no@example.org"})
    bad = client.post("/en" + page, {"birth_date": "31/02/1999", "reason": REASON})

    assert unknown.status_code == bad.status_code == 422
    assert "Nobody signs in with this" in unknown.content.decode()
    person.refresh_from_db()
    assert person.birth_date == date(1995, 5, 5)


def test_ones_own_date_goes_the_way_of_everybody(client, desk):
    factories.sign_in(client, desk)

    found = client.post(reverse("birth_date_find"), {"contact": desk.email})

    assert found.url == reverse("my_birth_date")
    own = client.get(reverse("birth_date_correct", args=[desk.ref]))
    assert own.status_code == 404


def test_an_erased_person_is_not_found(client, desk):
    person = factories.person(erased_at=timezone.now())
    factories.sign_in(client, desk)

    assert client.get(reverse("birth_date_correct", args=[person.ref])).status_code == 404

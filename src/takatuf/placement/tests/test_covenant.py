"""The covenant of a young volunteer, and what the guardian reads."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import GuardianConsent
from takatuf.kernel import signed_links
from takatuf.kernel.models import Message
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands, texts
from takatuf.placement.links import GUARDIAN, PURPOSE
from takatuf.placement.models import Application, Covenant
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    minor,
    shift_role,
    status_of,
    volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HTMX = {"HX-Request": "true"}


SIGN = {"read": "on", "signed_name": "سارة محمد", "version": texts.COVENANT_VERSION}


def covenant_page(role):
    return reverse("placement:covenant", args=[role.shift.opportunity.code])


def test_a_minor_signs_and_then_joins(client):
    role, person = shift_role(min_age=15), minor()
    client.force_login(person)
    join = reverse("site:opportunity", args=[role.shift.opportunity.code])
    assert covenant_page(role) in client.get(join).content.decode()
    assert client.post(join, {"place": role.pk}).status_code == 409

    assert client.post(covenant_page(role), SIGN).status_code == 302

    signed = Covenant.objects.get()
    assert (signed.signed_name, signed.text_version) == ("سارة محمد", "1")
    assert client.post(join, {"place": role.pk}).status_code == 302
    assert Application.objects.get().status == "confirmed"


def joined_by_a_minor(client, *, shifts=1):
    """A minor who signed and joined so many shifts of one opportunity."""
    first, person = shift_role(min_age=15), minor()
    opportunity = first.shift.opportunity
    later = [
        shift_role(shift=ShiftFactory(
            opportunity=opportunity, starts_at=first.shift.starts_at + timedelta(days=n + 1)
        ))
        for n in range(shifts - 1)
    ]  # fmt: skip
    client.force_login(person)
    client.post(covenant_page(first), SIGN)
    commands.apply(
        person=person, shift_role_ids=[first.pk, *(role.pk for role in later)], by=person,
        at=timezone.now(),
    )  # fmt: skip
    return person, opportunity


def to_the_guardian():
    waiting = Message.objects.filter(template="placement.guardian")
    return waiting.exclude(status="suppressed").order_by("pk")


def test_the_guardian_hears_once_what_was_joined_and_reads_the_covenant(client):
    _person, opportunity = joined_by_a_minor(client, shifts=2)

    [told] = to_the_guardian()
    assert told.address == "guardian@example.com"
    assert "بناءً على موافقتك ثبت مكان" in told.body  # as every word to a guardian
    assert told.context["title"] == opportunity.title
    assert told.context["times"].count("\n") == 1
    client.logout()
    page = client.get(urlsplit(told.context["covenant"]).path)
    assert page["Cache-Control"] == "private, no-store"
    words = page.content.decode()
    assert "سارة محمد" in words
    assert "/guardian/" in words  # the way to take the consent back


def several(person, *, way="open", count=3):
    """Shifts of one opportunity, joined in one act."""
    first = shift_role()
    opportunity = first.shift.opportunity
    Opportunity.objects.filter(pk=opportunity.pk).update(way=way)
    roles = [first] + [
        shift_role(shift=ShiftFactory(
            opportunity=opportunity, starts_at=first.shift.starts_at + timedelta(days=n + 1)
        ))
        for n in range(count - 1)
    ]  # fmt: skip
    rows = commands.apply(
        person=person, shift_role_ids=[role.pk for role in roles], by=person, at=timezone.now()
    )
    return opportunity, rows


@pytest.mark.parametrize(
    ("way", "template"), [("open", "confirmed"), ("by_request", "received")]
)
def test_several_shifts_joined_in_one_act_make_one_message(way, template):
    person = volunteer()

    _opportunity, rows = several(person, way=way)

    told = Message.objects.get(person=person)
    assert told.template == f"placement.{template}"
    assert len({row.shift_id for row in rows}) == 3
    assert told.context["more"].count("http") == 2  # each of the others with its own link
    assert told.context["more"] in told.body


def test_an_opportunity_called_off_is_told_once_to_each():
    people = [volunteer(), volunteer()]
    opportunity, _rows = several(people[0])
    only = application(person=people[1], role=shift_role(shift=ShiftFactory(
        opportunity=opportunity, starts_at=timezone.now() + timedelta(days=40))))  # fmt: skip
    shifts = list(opportunity.shifts.values_list("pk", flat=True))

    for _ in range(2):
        commands.release_cancelled_shifts(shift_ids=shifts, reason="سبب", at=timezone.now())

    told = Message.objects.filter(template="placement.cancelled").order_by("person")
    assert [row.person for row in told] == sorted(people, key=lambda one: one.pk)
    assert sorted(row.context["more"].count("http") for row in told) == [0, 2]
    assert status_of(only) == "expired"


def test_grown_ups_have_no_guardian_to_tell(client):
    person = volunteer()
    commands.apply(
        person=person, shift_role_ids=[shift_role().pk], by=person, at=timezone.now()
    )

    assert not to_the_guardian().exists()


def test_a_guardian_whose_consent_ended_is_not_told_where_the_young_person_will_be(client):
    person, _opportunity = joined_by_a_minor(client)
    [told] = to_the_guardian()
    address = urlsplit(told.context["covenant"]).path
    first = GuardianConsent.objects.get(minor=person)
    client.logout()
    assert "تظهر ما دامت موافقتك سارية." not in client.get(address).content.decode()
    GuardianConsent.objects.filter(pk=first.pk).update(
        status="withdrawn", ended_at=timezone.now()
    )
    GuardianConsent.objects.create(
        minor=person, guardian_name="ولي أمر آخر", guardian_contact="other@example.com",
        relation="mother", status="given", text_version="1", asked_at=timezone.now(),
        answered_at=timezone.now(), expires_on=first.expires_on,
    )  # fmt: skip

    words = client.get(address).content.decode()

    assert "تظهر ما دامت موافقتك سارية." in words  # in the young person's language
    assert "/guardian/" not in words


def test_a_concern_from_an_opportunity_names_its_body(client):
    opportunity = shift_role().shift.opportunity

    page = client.get(reverse("site:opportunity", args=[opportunity.code])).content.decode()

    assert f"{reverse('registry:concern_new')}?body={opportunity.body.code}" in page


def test_a_guardians_link_is_no_key_to_others(client):
    joined_by_a_minor(client)
    client.logout()
    bad = signed_links.make(GUARDIAN, {"person": 0, "opportunity": 0})
    other = signed_links.make(PURPOSE, {"person": 1, "opportunity": 1})

    assert client.get(reverse("placement:guardian", args=[bad])).status_code == 404
    assert client.get(reverse("placement:guardian", args=[other])).status_code == 409


def test_without_the_guardian_s_consent_a_minor_cannot_sign(client):
    role = shift_role(min_age=15)
    client.force_login(minor(consent=False))

    assert b"guardian" in client.get(covenant_page(role)).content
    assert client.post(covenant_page(role), SIGN).status_code == 409
    assert not Covenant.objects.exists()


def test_who_signed_and_lost_the_consent_is_sent_to_the_guardian_not_to_a_shift(client):
    role, person = shift_role(min_age=15), minor()
    client.force_login(person)
    client.post(covenant_page(role), SIGN)
    shifts = f'href="{reverse("site:opportunity", args=[role.shift.opportunity.code])}"'
    guardian = f'href="{reverse("join_guardian")}"'

    def notices():
        page = client.get(covenant_page(role)).content.decode()
        return page[page.index("<h1") : page.index("prose")]

    assert (shifts in notices(), guardian in notices()) == (True, False)
    GuardianConsent.objects.update(status="withdrawn", ended_at=timezone.now())
    assert (shifts in notices(), guardian in notices()) == (False, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"read": ""},
        {"signed_name": "  "},
        {"signed_name": "أحمد محمد"},
        {"version": "0"},
        {"version": ""},
    ],
)
def test_signing_needs_reading_a_name_and_the_words_in_force(client, wrong):
    role = shift_role(min_age=15)
    client.force_login(minor())

    assert client.post(covenant_page(role), {**SIGN, **wrong}).status_code in (409, 422)
    assert not Covenant.objects.exists()


def test_grown_ups_and_places_for_grown_ups_need_no_covenant(client):
    role = shift_role(min_age=15)
    client.force_login(volunteer())
    assert client.post(covenant_page(role), SIGN).status_code == 409
    client.force_login(minor())
    assert client.post(covenant_page(shift_role()), SIGN).status_code == 409
    assert not Covenant.objects.exists()


def test_signing_twice_is_signing_once(client):
    role = shift_role(min_age=15)
    client.force_login(minor())
    for _ in range(2):
        client.post(covenant_page(role), SIGN)
    assert Covenant.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_covenant_stands_in_both_languages_line_by_line(language):
    other = "en" if language == "ar" else "ar"
    kinds = [line.kind for line in texts.covenant("1", language)]
    assert kinds == [line.kind for line in texts.covenant("1", other)]

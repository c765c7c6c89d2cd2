"""One's own places, the calendar file, the covenant, and the answer by link."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from takatuf.accounts.models import GuardianConsent
from takatuf.kernel import signed_links
from takatuf.kernel.models import Message, Transition
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.placement import commands, texts
from takatuf.placement.links import GUARDIAN, PURPOSE, answer_link
from takatuf.placement.models import Application, Covenant
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    shift_role,
    volunteer,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def status_of(row):
    return Application.objects.get(pk=row.pk).status


def minor(*, consent=True):
    born = timezone.localdate() - timedelta(days=16 * 365 + 10)
    person = volunteer(full_name="سارة محمد العطوي", birth_date=born)
    if consent:
        GuardianConsent.objects.create(
            minor=person, guardian_name="ولي أمر", guardian_contact="guardian@example.com",
            relation="father", status="given", text_version="1", asked_at=timezone.now(),
            answered_at=timezone.now(), expires_on=timezone.localdate() + timedelta(days=300),
        )  # fmt: skip
    return person


# ---------------------------------------------------------------- my places
def test_my_places_shows_offers_places_the_line_and_the_past(client):
    person = volunteer()
    role = shift_role(seats=1)
    application(role=role)
    for status, number in (("offered", 1), ("confirmed", 2)):
        application(
            person=person, status=status,
            role=shift_role(shift=ShiftFactory(starts_at=timezone.now() + timedelta(days=number))),
        )  # fmt: skip
    application(role=role, status="waiting")
    application(person=person, role=role, status="waiting")
    application(person=person, status="withdrawn")
    client.force_login(person)

    page = client.get(reverse("placement:mine")).content.decode()

    assert "Offers to answer" in page
    assert "No. 2 in line" in page
    assert "What was" in page


@pytest.mark.parametrize("count", [2, 30])
def test_my_places_takes_the_same_queries_at_any_size(client, count, django_assert_num_queries):
    person = volunteer()
    for n in range(count):
        start = timezone.now() + timedelta(days=n + 1)
        application(person=person, role=shift_role(shift=ShiftFactory(starts_at=start)))
        application(person=person, status="withdrawn")
    client.force_login(person)
    client.get(reverse("placement:mine"))

    with django_assert_num_queries(6):
        client.get(reverse("placement:mine"))


def test_an_offer_is_taken_by_one_tap_with_and_without_htmx(client):
    person = volunteer()
    client.force_login(person)
    for headers, status in ((HTMX, 200), ({}, 302)):
        row = application(person=person, status="offered")
        Shift.objects.filter(pk=row.shift_id).update(
            starts_at=timezone.now() + timedelta(days=20 + status),
            ends_at=timezone.now() + timedelta(days=20 + status, hours=1),
        )
        response = client.post(reverse("placement:confirm", args=[row.pk]), headers=headers)

        assert response.status_code == status
        assert status_of(row) == "confirmed"
    assert b"Has a place" in client.get(reverse("placement:mine")).content


def test_leaving_asks_first_and_keeps_an_optional_reason(client):
    row = application()
    client.force_login(row.person)
    address = reverse("placement:leave", args=[row.pk])

    assert b"next in line" in client.get(address).content
    assert status_of(row) == "confirmed"
    assert client.post(address, {"reason": "سفر"}).status_code == 302

    row.refresh_from_db()
    assert (row.status, row.reason) == ("withdrawn", "سفر")
    assert client.get(address).status_code == 302


def test_who_left_may_apply_again(client):
    row = application(status="withdrawn")
    client.force_login(row.person)

    response = client.post(
        reverse("site:opportunity", args=[row.opportunity.code]),
        {"place": row.shift_role_id},
    )

    assert response.status_code == 302
    assert Application.objects.filter(person=row.person, status="confirmed").count() == 1


def test_joined_leads_back_when_nothing_is_had(client):
    role = shift_role()
    client.force_login(volunteer())
    response = client.get(reverse("placement:joined", args=[role.shift.opportunity.code]))
    assert response.url == reverse("site:opportunity", args=[role.shift.opportunity.code])


# ---------------------------------------------------------------- the calendar file
def test_the_calendar_file_says_when_where_and_what_in_the_region_s_time(client):
    row = application()
    title = "غرس; شتلات, \\ BEGIN:VEVENT\r\nATTENDEE:x"
    Opportunity.objects.filter(pk=row.opportunity_id).update(
        title=title, latitude="28.38350", longitude="36.56620", safety="قبعة وماء"
    )
    client.force_login(row.person)

    response = client.get(reverse("placement:calendar", args=[row.pk]))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    calendar = Calendar.from_ical(response.content)
    [event] = calendar.walk("VEVENT")
    assert event["SUMMARY"] == title.replace("\r\n", "\n")
    assert "ATTENDEE" not in event
    start = event["DTSTART"]
    assert start.params["TZID"] == "Asia/Riyadh"
    assert start.dt == row.shift.starts_at.replace(microsecond=0)
    assert "قبعة وماء" in event["DESCRIPTION"]
    assert "حديقة الحي" in event["LOCATION"]
    assert event["STATUS"] == "CONFIRMED"
    assert event["UID"].startswith(f"place-{row.pk}@")
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Riyadh"]
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_all_places_come_in_one_file_and_an_offer_is_tentative(client):
    row = application(status="offered")
    application(person=row.person, status="applied")
    client.force_login(row.person)

    calendar = Calendar.from_ical(client.get(reverse("placement:calendar_all")).content)

    assert [event["STATUS"] for event in calendar.walk("VEVENT")] == ["TENTATIVE"]


def test_a_place_given_up_is_cancelled_in_the_calendar_that_has_it(client):
    row = application()
    client.force_login(row.person)
    page = reverse("placement:calendar_all")
    [before] = Calendar.from_ical(client.get(page).content).walk("VEVENT")

    commands.withdraw(application_id=row.pk, by=row.person, at=timezone.now())

    [after] = Calendar.from_ical(client.get(page).content).walk("VEVENT")
    assert after["UID"] == before["UID"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert not after.walk("VALARM")


def test_there_is_no_calendar_file_for_a_place_one_does_not_have(client):
    row = application(status="applied")
    client.force_login(row.person)
    assert client.get(reverse("placement:calendar", args=[row.pk])).status_code == 404


# ---------------------------------------------------------------- the covenant
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
    assert "تظهر ما دامت موافقتكم سارية." not in client.get(address).content.decode()
    GuardianConsent.objects.filter(pk=first.pk).update(
        status="withdrawn", ended_at=timezone.now()
    )
    GuardianConsent.objects.create(
        minor=person, guardian_name="ولي أمر آخر", guardian_contact="other@example.com",
        relation="mother", status="given", text_version="1", asked_at=timezone.now(),
        answered_at=timezone.now(), expires_on=first.expires_on,
    )  # fmt: skip

    words = client.get(address).content.decode()

    assert "تظهر ما دامت موافقتكم سارية." in words  # in the young person's language
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


# ---------------------------------------------------------------- yes or no by link
def link_to(row) -> str:
    return "/" + answer_link(row, at=timezone.now()).split("/", 3)[3]


def test_opening_the_link_changes_nothing(client):
    row = application(status="offered")
    before = Transition.objects.count()

    response = client.get(link_to(row))

    assert response.status_code == 200
    assert response["Referrer-Policy"] == "same-origin"
    assert status_of(row) == "offered"
    assert Transition.objects.count() == before


def test_a_moved_shift_says_so_and_why_and_leads_to_the_other_shifts(client):
    row = application(status="offered")
    Application.objects.update(origin="moved", reason="Sandstorm.")
    english = link_to(row).replace("/a/", "/en/a/", 1)
    others = reverse("site:opportunity", args=[row.opportunity.code]) + "#shifts"

    asked = client.get(english).content.decode()
    assert "has moved your shift to the time below: Sandstorm. Will you come?" in asked
    assert others in asked

    client.force_login(row.person)
    mine = client.get(reverse("placement:mine")).content.decode()
    assert "The time has changed" in mine
    assert "Sandstorm." in mine
    assert others in mine


def test_yes_by_link_and_yes_again(client):
    row = application(status="offered")
    for _ in range(2):
        response = client.post(link_to(row))
        assert response.status_code == 200
        assert status_of(row) == "confirmed"


def test_a_place_already_had_is_confirmed_once_more(client):
    row = application()
    client.post(link_to(row))
    first = Application.objects.get(pk=row.pk).reconfirmed_at
    client.post(link_to(row))
    assert first is not None
    assert Application.objects.get(pk=row.pk).reconfirmed_at == first


def test_no_by_link_and_no_again(client):
    row = application()
    for status in (200, 200):
        assert client.post(link_to(row) + "?leave=1").status_code == status
    assert status_of(row) == "withdrawn"
    assert client.get(link_to(row)).status_code == 409


@pytest.mark.parametrize(
    ("status", "button"),
    [
        ("applied", "Withdraw the application"),
        ("waiting", "Leave the waiting list"),
    ],
)
def test_who_waits_may_withdraw_by_link(client, status, button):
    row = application(status=status)
    page = client.get(link_to(row).replace("/a/", "/en/a/", 1)).content.decode()
    assert button in page
    client.post(link_to(row))
    assert status_of(row) == "withdrawn"


@pytest.mark.parametrize("status", ["declined", "expired", "withdrawn"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_is_over_is_said_in_a_sentence(client, status, language):
    row = application(status=status)
    row.person.language = language
    response = client.get(link_to(row))
    assert response.status_code == 409
    assert f'lang="{language}"' in response.content.decode()
    assert client.post(link_to(row) + "?leave=1").status_code in (200, 409)
    assert status_of(row) == status


def test_an_offer_whose_time_is_over_cannot_be_taken_by_link(client):
    row = application(status="offered")
    Application.objects.filter(pk=row.pk).update(offer_expires_at=timezone.now())
    assert client.get(link_to(row)).status_code == 409
    assert client.post(link_to(row)).status_code == 409
    assert status_of(row) == "offered"


def test_a_changed_an_old_and_a_foreign_link_answer_nothing(client):
    row = application(status="offered")
    good = link_to(row)
    tampered = good[:-3] + ("A" if good[-3] != "A" else "B") + good[-2:]
    old = signed_links.make(
        PURPOSE, {"application": row.pk}, at=timezone.now() - timedelta(days=60)
    )
    foreign = signed_links.make("accounts.consent", {"application": row.pk})
    for address in (
        tampered, reverse("placement:answer", args=[old]),
        reverse("placement:answer", args=[foreign]),
    ):  # fmt: skip
        assert client.get(address).status_code == 409
        assert client.post(address).status_code == 409
    gone = signed_links.make(PURPOSE, {"application": 0})
    assert client.get(reverse("placement:answer", args=[gone])).status_code == 404
    assert status_of(row) == "offered"


def test_words_people_wrote_stay_words_on_the_answer_page(client):
    row = application()
    Opportunity.objects.filter(pk=row.opportunity_id).update(
        title="<script>alert(1)</script>", place='"><img src=x>'
    )
    page = client.get(link_to(row)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page

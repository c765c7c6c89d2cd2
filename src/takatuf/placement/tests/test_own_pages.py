"""One's own places, the calendar file, the covenant, and the answer by link."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from takatuf.kernel import signed_links
from takatuf.kernel.models import Transition
from takatuf.kernel.typography import when
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.placement import commands
from takatuf.placement.links import PURPOSE, answer_link
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    shift_role,
    status_of,
    volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HTMX = {"HX-Request": "true"}


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
    assert "Past" in page


@pytest.mark.parametrize("count", [2, 30])
def test_my_places_takes_the_same_queries_at_any_size(client, count, django_assert_num_queries):
    person = volunteer()
    for n in range(count):
        start = timezone.now() + timedelta(days=n + 1)
        application(person=person, role=shift_role(shift=ShiftFactory(starts_at=start)))
        application(person=person, status="withdrawn")
    client.force_login(person)
    client.get(reverse("placement:mine"))

    with django_assert_num_queries(7):
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
    assert b"Place confirmed" in client.get(reverse("placement:mine")).content


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


@pytest.mark.parametrize("status", ["confirmed", "applied"])
def test_whoever_has_a_place_can_reach_the_body(client, status):
    row = application(status=status)
    body = row.opportunity.body
    body.contact_email, body.contact_phone = "unit@body.example", "+966144000000"
    body.save()
    client.force_login(row.person)

    page = client.get(reverse("placement:joined", args=[row.opportunity.code])).content.decode()

    shown = ["mailto:unit@body.example" in page, "tel:+966144000000" in page]
    assert shown == [status == "confirmed"] * 2


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


# ---------------------------------------------------------------- yes or no by link
def link_to(row) -> str:
    return "/" + answer_link(row, at=timezone.now()).split("/", 3)[3]


def test_opening_the_link_changes_nothing(client):
    row = application(status="offered")
    before = Transition.objects.count()

    response = client.get(link_to(row))

    assert response.status_code == 200
    assert response["Referrer-Policy"] == "same-origin"
    where = f"{row.opportunity.governorate.name}، {row.opportunity.place}"
    assert where in response.content.decode()
    assert when(row.offer_expires_at) in response.content.decode()
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


def test_whoever_said_yes_is_not_asked_again_until_the_reminder(client):
    row = application(person=volunteer(language="en"))
    yes, leave = "Yes, I am coming", "?leave=1"
    page = client.get(link_to(row)).content.decode()
    assert (yes in page, "Nothing more is needed" in page, leave in page) == (False, True, True)

    for _time in range(2):  # a shift that moved is reminded of anew
        Application.objects.filter(pk=row.pk).update(reminded_at=timezone.now())
        assert yes in client.get(link_to(row)).content.decode()
        client.post(link_to(row))
        assert yes not in client.get(link_to(row)).content.decode()


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


@pytest.mark.parametrize(
    ("shift", "row", "sentence"),
    [
        ({}, {}, "The time to answer has passed."),
        ({"status": "cancelled", "reason": "Sandstorm."}, {"reason": "Sandstorm."},
         "The body has called this shift off: Sandstorm."),
        ({}, {"reason": "The guardian's consent was withdrawn."},
         "This place is no longer kept for you: The guardian&#x27;s consent was withdrawn."),
    ],
)  # fmt: skip
def test_a_place_that_is_over_says_of_what_and_why(client, shift, row, sentence):
    place = application(status="expired")
    Application.objects.filter(pk=place.pk).update(**row)
    Shift.objects.filter(pk=place.shift_id).update(**shift)

    page = client.get(link_to(place).replace("/a/", "/en/a/", 1)).content.decode()

    assert sentence in page
    assert place.opportunity.title in page
    assert "notice neutral" in page


def test_the_link_of_a_moved_place_says_when_it_is_now_and_leads_to_it(client):
    old = application(status="expired")
    Application.objects.filter(pk=old.pk).update(reason="Sandstorm.")
    new_shift = ShiftFactory(
        opportunity=old.opportunity, starts_at=old.shift.starts_at + timedelta(days=3)
    )
    Shift.objects.filter(pk=old.shift_id).update(
        status="moved", reason="Sandstorm.", moved_to=new_shift
    )
    english = link_to(old).replace("/a/", "/en/a/", 1)
    assert "This place is no longer kept for you" in client.get(english).content.decode()

    application(
        person=old.person, role=shift_role(shift=new_shift), status="offered", origin="moved"
    )
    page = client.get(english).content.decode()

    assert "has moved this shift to" in page
    assert f"{timezone.localtime(new_shift.starts_at):%H:%M}: Sandstorm." in page
    assert reverse("placement:mine") in page


def test_an_answer_names_the_place_it_is_about(client):
    row = application(status="offered")
    page = client.post(link_to(row)).content.decode()
    assert row.opportunity.title in page
    assert f"{timezone.localtime(row.shift.starts_at):%H:%M}" in page


@pytest.mark.parametrize(
    ("status", "keep", "line"),
    [("applied", "Keep the application", False), ("waiting", "Stay on the list", True),
     ("confirmed", "Keep it", False)],
)  # fmt: skip
def test_leaving_speaks_of_what_is_left(client, status, keep, line):
    row = application(status=status)
    client.force_login(row.person)

    page = client.get(reverse("placement:leave", args=[row.pk])).content.decode()

    assert keep in page
    assert ("end of the line" in page) == line

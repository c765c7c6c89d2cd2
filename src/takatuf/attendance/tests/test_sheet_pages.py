"""The day sheet on its page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.accounts.models import GuardianConsent
from takatuf.attendance import commands, queries
from takatuf.attendance.forms import TimesForm
from takatuf.attendance.tests.days import (
    HOUR,
    LATER,
    START,
    a_day,
    claims,
    closed_day,
    marks,
)
from takatuf.attendance.tests.pages import browser, mark, sheet_url, text, url
from takatuf.opportunities.models import Shift
from takatuf.placement.tests.factories import application, minor
from takatuf.registry.tests.factories import OfficeFactory

HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# ---------------------------------------------------------------- the sheet
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "at", [START - 24 * HOUR, START - HOUR, START + HOUR, LATER, LATER + 24 * HOUR]
)
def test_the_sheet_shows_at_every_hour(now, at, prefix):
    day = a_day(3)
    day.come()
    now(at)

    page = browser(day.manager).get(prefix + sheet_url(day))

    assert page.status_code == 200
    assert "متطوع 000" in text(page)


def test_a_sheet_is_found_by_the_opportunitys_code_too():
    day, other = a_day(), a_day()
    client = browser(day.manager)

    assert client.get(url("day_sheet", day.opportunity.code, day.shift.pk)).status_code == 200
    assert client.get(url("day_sheet", other.opportunity.code, day.shift.pk)).status_code == 404


@pytest.mark.parametrize(
    ("at", "acts"),
    [
        (START - 24 * HOUR, {"excused"}),
        (START - HOUR, {"came", "excused"}),
        (START, {"came", "absent", "excused"}),
        (LATER, {"whole", "absent", "excused"}),
    ],
)
def test_each_hour_has_its_buttons(now, at, acts):
    day = a_day(1)
    now(at)

    page = text(browser(day.manager).get(sheet_url(day)))

    assert set(re.findall(r'name="(\w+)" value="\d+" hx-post', page)) == acts


def test_a_tick_swaps_one_row_and_the_counts(now):
    day = a_day(2)
    now(START)

    answer = mark(browser(day.manager), day, "came", **HTMX)

    assert answer.status_code == 200
    assert "<html" not in text(answer)
    assert text(answer).count("<li id=") == 1
    assert 'id="counts"' in text(answer)
    assert "hx-swap-oob" in text(answer)
    assert day.status() == "present"


def test_a_second_tap_says_that_the_coming_stands(now):
    day = a_day(1)
    client = browser(day.manager)
    now(START)
    mark(client, day, "came", **HTMX)
    before = marks()
    now(START + timedelta(milliseconds=700))

    answer = mark(client, day, "left", **HTMX)

    assert answer.status_code == 409
    assert "سُجل الحضور قبل لحظات" in text(answer)
    assert 'name="undo"' in text(answer)
    assert marks() == before


def test_a_tick_works_without_a_script(now):
    day = a_day(2)
    now(START)

    answer = mark(browser(day.manager), day, "came")

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#p{day.places[0].pk}")
    assert day.status() == "present"


def test_every_button_does_its_act(now):
    day = a_day(1)
    client = browser(day.manager)
    now(START)
    for act, status in [
        ("excused", "excused"), ("undo", "expected"), ("absent", "no_show"), ("came", "present"),
        ("left", None), ("undo", "expected"),
    ]:  # fmt: skip
        mark(client, day, act, **HTMX)
        if act == "left":  # not in the minute of coming
            assert day.status() == "present"
        else:
            assert day.status() == status
    now(LATER)
    mark(client, day, "whole", **HTMX)
    assert (day.presence().came_at, day.presence().left_at) == (START, day.shift.ends_at)


def test_a_refused_tick_says_why_in_its_row(now):
    day = a_day(1)
    now(START - HOUR)
    before = marks()

    answer = mark(browser(day.manager), day, "absent", **HTMX)

    assert answer.status_code == 409
    assert "error" in text(answer)
    assert marks() == before


def test_assumed_leaving_is_accepted_with_one_tap(now):
    day = a_day(1)
    day.come()
    commands.assume_forgotten_checkouts(at=LATER + 2 * HOUR)
    now(LATER + 2 * HOUR)

    mark(browser(day.manager), day, "until_end", **HTMX)

    assert not day.presence().left_is_assumed
    assert day.presence().left_at == day.shift.ends_at


def test_the_own_row_has_no_button_and_a_reason():
    day = a_day(1)
    OfficeFactory(body=day.body, role="unit_manager", person=day.places[0].person)

    page = text(browser(day.places[0].person).get("/en" + sheet_url(day)))

    assert "Your own row" in page
    assert not re.search(r'name="\w+" value="\d+" hx-post', page)


@pytest.mark.parametrize(
    "data", [{}, {"came": ""}, {"came": "x"}, {"came": "999999"}, {"came": "٣"}, {"fly": "1"}]
)
def test_nonsense_marks_nobody(data):
    day = a_day(1)
    before = marks()

    assert browser(day.manager).post(url("mark", day.shift.pk), data).status_code == 404
    assert marks() == before


def test_a_place_of_another_shift_is_not_on_this_sheet(now):
    day, other = a_day(1), a_day(1)
    OfficeFactory(body=other.body, role="unit_manager", person=day.manager)
    now(START)

    answer = browser(day.manager).post(url("mark", day.shift.pk), {"came": other.places[0].pk})

    assert answer.status_code == 404
    assert other.status() == ""


# ---------------------------------------------------------------- times and notes
def test_times_are_typed_in_arabic_digits(now):
    day = a_day(1)
    now(LATER)
    place = day.places[0].pk
    client = browser(day.manager)

    assert client.get(url("row", day.shift.pk, place)).status_code == 200
    answer = client.post(
        url("times", day.shift.pk, place), {"came_at": "٩:١٠", "left_at": "١١:٥٥ ص"}
    )

    assert answer.status_code == 302
    presence = day.presence()
    assert presence.came_at == START + timedelta(minutes=10)
    assert presence.left_at == START + timedelta(hours=2, minutes=55)


@pytest.mark.parametrize(
    "data",
    [
        {"came_at": "", "left_at": "10:00"},
        {"came_at": "25:00", "left_at": ""},
        {"came_at": "عند الظهر", "left_at": ""},
        {"came_at": "06:00", "left_at": "10:00"},
        {"came_at": "09:00", "left_at": "23:30"},
    ],
)
def test_times_that_cannot_be_stay_typed_and_say_why(data):
    day = a_day(1)
    before = marks()

    answer = browser(day.manager).post(url("times", day.shift.pk, day.places[0].pk), data)

    assert answer.status_code == 422
    assert "form-errors" in text(answer)
    assert data["came_at"] in text(answer)
    assert marks() == before


@pytest.mark.parametrize(
    ("hours", "came", "left", "next_day"),
    [
        ((9, 3), "11:00", "09:00", False),  # confused: never a day later
        ((16, 6), "17:00", "08:00", False),
        ((16, 6), "17:00", "00:30", True),  # stayed beyond midnight
        ((22, 8), "22:00", "05:30", True),
        ((22, 8), "23:00", "22:30", False),
        ((22, 8), "22:10", "07:00", True),
        ((0, 20), "00:10", "07:00", False),
    ],
)
def test_the_day_of_leaving_follows_from_the_shift(hours, came, left, next_day):
    start = START + (hours[0] - 9) * HOUR
    shift = Shift(starts_at=start, ends_at=start + hours[1] * HOUR)
    form = TimesForm({"came_at": came, "left_at": left})
    assert form.is_valid()

    found = form.moments(shift)

    assert timezone.localdate(found["left_at"]) == timezone.localdate(start) + timedelta(
        days=next_day
    )


def test_leaving_before_coming_is_said_to_be_that(now):
    day = a_day(1)
    now(LATER + 48 * HOUR)
    address = "/en" + url("times", day.shift.pk, day.places[0].pk)

    answer = browser(day.manager).post(address, {"came_at": "11:00", "left_at": "09:00"})

    assert answer.status_code == 422
    assert "Leaving comes after arriving" in text(answer)


def test_a_note_stands_on_the_sheet():
    day = a_day(1)
    client = browser(day.manager)

    client.post(url("note", day.shift.pk, day.places[0].pk), {"note": "<b>يصل متأخرًا</b>"})

    page = text(client.get(sheet_url(day)))
    assert "&lt;b&gt;يصل متأخرًا" in page
    assert client.post(
        url("note", day.shift.pk, day.places[0].pk), {"note": "ن" * 301}
    ).status_code == 422  # fmt: skip


# ---------------------------------------------------------------- closing
def test_closing_says_what_will_happen_and_does_it():
    day = a_day(3)
    day.come(0)
    day.leave(0)
    day.come(1)
    client = browser(day.manager)

    page = text(client.get("/en" + sheet_url(day)))
    for words in ("hours of 1 person", "until the shift&#x27;s end", "did not come"):
        assert words in page.replace("’", "&#x27;").replace("shift's", "shift&#x27;s")
    assert client.post(url("close", day.shift.pk)).status_code == 302

    assert [c.state for c in claims(day)] == ["confirmed", "claimed"]
    assert "hx-post" not in text(client.get(sheet_url(day)))


@pytest.mark.parametrize(("came", "words"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_closing_once_more_says_that_it_was_closed_and_what_it_holds(came, words):
    day = a_day(3)
    for number in range(came):
        day.come(number)
        day.leave(number)
    day.close()
    before = marks()

    answer = browser(day.colleague).post("/en" + url("close", day.shift.pk), follow=True)

    assert f"The sheet was closed already, with the hours of {words}." in text(answer)
    assert marks() == before


def test_a_closed_sheet_counts_who_came_not_who_is_here():
    day = closed_day(2)

    page = text(browser(day.manager).get("/en" + sheet_url(day)))

    counts = page[page.index('id="counts"') :].split("</p>")[0]
    assert '<b><bdi dir="ltr">2</bdi></b> came' in counts
    assert "here" not in counts
    assert "expected" not in counts


def test_a_sheet_that_cannot_be_closed_says_why(now):
    day = a_day(1)
    now(START)
    before = marks()

    answer = browser(day.manager).post(url("close", day.shift.pk))

    assert answer.status_code == 409
    assert marks() == before


def test_people_served_are_entered_with_their_basis():
    day = closed_day(1)
    client = browser(day.manager)

    bad = client.post(url("served", day.shift.pk), {"count": "كثير", "basis": ""})
    good = client.post(url("served", day.shift.pk), {"count": "٤٢", "basis": "قائمة"})

    assert (bad.status_code, good.status_code) == (422, 302)
    assert queries.people_served_at(day.shift).count == 42
    assert "42" in text(client.get(sheet_url(day)))


# ---------------------------------------------------------------- all at once
def test_a_leader_marks_everybody_by_one_button(now):
    day = a_day(3)
    client = browser(day.manager)
    now(START)
    assert 'name="everybody" value="came"' in text(client.get(sheet_url(day)))

    answer = client.post(url("mark", day.shift.pk), {"everybody": "came"}, follow=True)

    assert [day.status(n) for n in range(3)] == ["present"] * 3
    assert 'name="everybody"' not in text(answer)
    now(START + 3 * HOUR)
    assert 'name="everybody" value="left"' in text(client.get(sheet_url(day)))


def test_marking_everybody_outside_the_hours_says_why(now):
    day = a_day(2)
    client = browser(day.manager)
    now(START - 24 * HOUR)

    answer = client.post(url("mark", day.shift.pk), {"everybody": "came"}, follow=True)

    assert [day.status(n) for n in range(2)] == ["", ""]
    assert "notice bad" in text(answer)
    assert client.post(url("mark", day.shift.pk), {"everybody": "fly"}).status_code == 404


# ---------------------------------------------------------------- a minor's guardian
def test_who_runs_the_day_reaches_a_minors_guardian_until_it_is_closed(now):
    day = a_day(1)
    day.places.append(application(role=day.role, person=minor()))
    young = url("row", day.shift.pk, day.places[1].pk)
    grown = url("row", day.shift.pk, day.places[0].pk)
    now(START)

    client = browser(day.manager)
    assert "guardian@example.com" in text(client.get(young))
    assert "ولي الأمر" not in text(client.get(grown))

    GuardianConsent.objects.update(status="withdrawn", ended_at=START)
    assert "guardian@example.com" not in text(client.get(young))


def test_a_closed_sheet_no_longer_shows_the_guardian(now):
    day = a_day(0)
    day.places.append(application(role=day.role, person=minor()))
    day.come(0)
    day.leave(0)
    day.close()
    now(LATER)

    shown = text(browser(day.manager).get(url("row", day.shift.pk, day.places[0].pk)))

    assert "guardian@example.com" not in shown

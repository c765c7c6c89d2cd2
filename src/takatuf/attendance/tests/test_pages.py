"""The pages, for who may see them, and for nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance import commands, queries
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import (
    HOUR,
    LATER,
    START,
    a_day,
    assumed_day,
    claims,
    closed_day,
    head_of,
    ledger,
    marks,
)
from takatuf.credentials.models import Certificate
from takatuf.opportunities.models import Shift
from takatuf.placement.tests.factories import application, manager_of, volunteer
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The pages' clock; a test sets another hour of the day."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(LATER)
    return at


def browser(person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def url(name, *args) -> str:
    with translation.override("ar"):
        return reverse(f"attendance:{name}", args=args)


def sheet_url(day) -> str:
    return url("day_sheet", day.shift.pk)


def mark(client, day, act, number=0, **extra):
    return client.post(url("mark", day.shift.pk), {act: day.places[number].pk}, **extra)


def text(response) -> str:
    return response.content.decode()


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


# ---------------------------------------------------------------- lists
def test_my_sheets_are_those_i_run(now):
    day, other = a_day(1), a_day(1)
    supervised = a_day(1, supervisor=day.manager)
    now(START + HOUR)

    page = text(browser(day.manager).get(url("sheets")))

    assert day.opportunity.title in page
    assert supervised.opportunity.title in page
    assert other.opportunity.title not in page


def test_sheets_are_sorted_by_what_they_want(now):
    over, today, coming, closed = (a_day(1) for _ in range(4))
    boss = over.manager
    for day in (today, coming, closed):
        OfficeFactory(body=day.body, role="unit_manager", person=boss)
    closed.close()
    Shift.objects.filter(pk=today.shift.pk).update(ends_at=LATER + HOUR)
    Shift.objects.filter(pk=coming.shift.pk).update(
        starts_at=START + timedelta(days=3), ends_at=LATER + timedelta(days=3)
    )

    context = browser(boss).get(url("sheets")).context

    for name, day in {"open": over, "today": today, "coming": coming, "closed": closed}.items():
        assert [shift.pk for shift in context[name]] == [day.shift.pk], name


def test_nothing_to_run_is_said():
    assert "empty" in text(browser(volunteer()).get(url("sheets")))


# ---------------------------------------------------------------- approving
def test_what_is_ticked_is_approved():
    day = closed_day(2)
    one, two = claims(day)
    client = browser(day.colleague)
    assert "متطوع 000" in text(client.get(url("approvals")))

    answer = client.post(url("approve"), {"claim": [one.pk]})

    assert answer.status_code == 302
    assert [c.state for c in claims(day)] == ["approved", "confirmed"]
    assert str(two.pk) in text(client.get(url("approvals")))


def test_own_entries_stand_apart():
    day = closed_day(2)

    page = browser(day.manager).get(url("approvals"))

    assert not page.context["groups"]
    assert len(page.context["blocked"][0]["rows"]) == 2
    assert 'type="checkbox"' not in text(page)


def test_a_refused_approval_keeps_what_was_ticked():
    day = closed_day(2)
    one, two = claims(day)
    commands.approve_hours(claim_ids=[one.pk], by=day.colleague, at=LATER)
    before = ledger()

    answer = browser(day.colleague).post(url("approve"), {"claim": [one.pk, two.pk]})

    assert answer.status_code == 409
    assert re.search(rf'value="{two.pk}" checked', text(answer))
    assert ledger() == before


@pytest.mark.parametrize("typed", ["x", "0" * 36, "00000000-0000-0000-0000-000000000000"])
def test_nonsense_approves_nothing(typed):
    day = closed_day(1)
    before = ledger()

    answer = browser(day.colleague).post(url("approve"), {"claim": [claims(day)[0].pk, typed]})

    assert answer.status_code == 404
    assert ledger() == before


def test_flags_stand_beside_what_is_odd_and_are_not_ticked():
    day = a_day(5)
    for number in range(3):
        commands.record_times(
            application_id=day.places[number].pk, came_at=START + HOUR, left_at=LATER,
            by=day.manager, at=LATER,
        )  # fmt: skip
    commands.record_times(
        application_id=day.places[3].pk, came_at=START - 2 * HOUR, left_at=START + 12 * HOUR,
        by=day.manager, at=START + 13 * HOUR,
    )  # fmt: skip
    commands.record_times(
        application_id=day.places[4].pk, came_at=START, left_at=day.shift.ends_at,
        by=day.manager, at=LATER,
    )  # fmt: skip
    day.close(at=START + timedelta(days=5))

    page = browser(day.colleague).get("/en" + url("approvals"))
    words = text(page)

    assert words.count("Same times as 2 others") == 3
    assert words.count("More than 12 hours") == 1
    assert words.count("Entered 5 days later") + words.count("Entered 4 days later") == 5
    flags = [flags for _claim, flags in page.context["groups"][0]["rows"]]
    assert all(flags)
    assert "checked" not in words


def test_the_leader_confirms_what_was_assumed():
    day = assumed_day()
    supervisor = volunteer()
    type(day.opportunity).objects.filter(pk=day.opportunity.pk).update(supervisor=supervisor)
    client = browser(supervisor)
    assert "متطوع 000" in text(client.get(url("approvals")))

    assert client.post(url("confirm", claims(day)[0].pk)).status_code == 302

    assert claims(day)[0].state == "confirmed"
    assert client.post(url("confirm", claims(day)[0].pk)).status_code == 409


def test_a_no_needs_its_reason_on_the_page():
    day = closed_day(1)
    client, claim = browser(day.colleague), claims(day)[0]

    assert client.get(url("reject", claim.pk)).status_code == 200
    assert client.post(url("reject", claim.pk), {"reason": " "}).status_code == 422
    assert claims(day)[0].state == "confirmed"
    assert client.post(url("reject", claim.pk), {"reason": "لم يحضر"}).status_code == 302
    assert claims(day)[0].state == "rejected"
    assert client.post(url("reject", claim.pk), {"reason": "لم يحضر"}).status_code == 422


def test_a_colleague_confirms_the_people_served():
    day = closed_day(1)
    commands.enter_people_served(
        shift_id=day.shift.pk, count=40, basis="عدّ", by=day.manager, at=LATER
    )
    address = url("confirm_served", day.shift.pk)

    assert browser(day.manager).post(address).status_code == 409
    assert queries.people_served_at(day.shift).confirmed_at is None
    assert browser(day.colleague).post(address).status_code == 302
    assert queries.people_served_at(day.shift).confirmed_by == day.colleague


def test_nothing_waiting_is_said():
    assert "empty" in text(browser(manager_of(BodyFactory())).get(url("approvals")))


# ---------------------------------------------------------------- taking back
def test_a_head_finds_and_takes_back_hours():
    day = closed_day(2)
    commands.approve_hours(claim_ids=[c.pk for c in claims(day)], by=day.colleague, at=LATER)
    client, claim = browser(head_of(day.body)), claims(day)[0]

    assert "متطوع 001" in text(client.get(url("approved")))
    assert "متطوع 001" not in text(client.get(url("approved"), {"q": "متطوع 000"}))
    assert client.get(url("reverse", claim.pk)).status_code == 200
    assert client.post(url("reverse", claim.pk), {"reason": ""}).status_code == 422
    assert client.post(url("reverse", claim.pk), {"reason": "خطأ"}).status_code == 302
    assert claims(day)[0].state == "reversed"
    assert client.post(url("reverse", claim.pk), {"reason": "خطأ"}).status_code == 404


# ---------------------------------------------------------------- my hours
def test_my_hours_say_what_counts_and_why_not():
    day, refused = closed_day(1), closed_day(1)
    person = day.places[0].person
    HourClaim.objects.filter(pk=claims(refused)[0].pk).update(person=person)
    commands.approve_hours(claim_ids=[claims(day)[0].pk], by=day.colleague, at=LATER)
    commands.reject_hours(
        claim_id=claims(refused)[0].pk, reason="لم تكن هناك", by=refused.colleague, at=LATER
    )
    commands.import_hours(
        person=person, body=day.body, work="قديم", started_at=START - timedelta(days=400),
        ended_at=LATER - timedelta(days=400), minutes=600, by=None, at=LATER,
    )  # fmt: skip

    page = browser(person).get("/en" + url("mine"))

    assert page.context["total"] == 180
    assert page.context["imported"] == 600
    assert "لم تكن هناك" in text(page)
    assert "قديم" not in text(page)
    older = browser(person).get("/en" + url("mine"), {"year": "2025"})
    assert "قديم" in text(older)
    assert browser(person).get(url("mine"), {"year": "١٩٠٠"}).status_code == 200


def test_my_hours_may_be_none():
    assert "empty" in text(browser(volunteer()).get(url("mine")))


def test_a_certificate_is_one_tap_away():
    day = closed_day(1)
    person = day.places[0].person
    address = url("certificate", day.opportunity.code)

    assert browser(person).post(address).status_code == 404
    commands.approve_hours(claim_ids=[claims(day)[0].pk], by=day.colleague, at=LATER)
    assert browser(person).post(address).status_code == 302
    assert browser(person).post(address).status_code == 302
    assert Certificate.objects.filter(holder=person).count() == 1
    assert browser(volunteer()).post(address).status_code == 404


def test_a_nameless_holder_is_told_what_is_missing():
    day = closed_day(1)
    person = day.places[0].person
    commands.approve_hours(claim_ids=[claims(day)[0].pk], by=day.colleague, at=LATER)
    type(person).objects.filter(pk=person.pk).update(full_name="")

    assert browser(person).post(url("certificate", day.opportunity.code)).status_code == 409
    assert not Certificate.objects.exists()


# ---------------------------------------------------------------- who may: every address
GETS = ["sheets", "day_sheet", "row", "approvals", "mine", "approved", "reject", "reverse"]
POSTS = ["mark", "times", "note", "close", "served", "approve", "confirm_served", "confirm",
         "reject", "reverse", "certificate"]  # fmt: skip


@pytest.fixture
def world():
    """A closed day with hours in every state, a running one, a figure to confirm."""
    day, running = closed_day(2), a_day(1)
    commands.enter_people_served(
        shift_id=day.shift.pk, count=40, basis="عدّ", by=day.manager, at=LATER
    )
    commands.approve_hours(claim_ids=[claims(day)[0].pk], by=day.colleague, at=LATER)
    return day, running


def addresses(day, running) -> dict[str, str]:
    done, waiting = claims(day)
    place = running.places[0].pk
    shift = running.shift.pk
    return {
        "sheets": url("sheets"), "approvals": url("approvals"), "mine": url("mine"),
        "approved": url("approved"), "approve": url("approve"),
        "day_sheet": url("day_sheet", shift), "mark": url("mark", shift),
        "row": url("row", shift, place), "times": url("times", shift, place),
        "note": url("note", shift, place), "close": url("close", shift),
        "served": url("served", shift), "confirm_served": url("confirm_served", day.shift.pk),
        "confirm": url("confirm", waiting.pk), "reject": url("reject", waiting.pk),
        "reverse": url("reverse", done.pk),
        "certificate": url("certificate", day.opportunity.code),
    }  # fmt: skip


def everything(day) -> list:
    served = queries.people_served_at(day.shift)
    return [ledger(), marks(), served.confirmed_at, served.count, Certificate.objects.count()]


DATA = {"reason": "سبب", "came_at": "09:00", "left_at": "10:00", "note": "كلمة", "count": "3",
        "basis": "عدّ"}  # fmt: skip


def post(client, name, day, running):
    data = DATA | {"came": running.places[0].pk, "claim": claims(day)[1].pk}
    return client.post(addresses(day, running)[name], data)


@pytest.mark.parametrize("name", GETS)
def test_visitors_are_asked_to_sign_in(world, name):
    answer = Client().get(addresses(*world)[name])

    assert answer.status_code == 302
    assert "/accounts/" in answer["Location"] or "login" in answer["Location"]


@pytest.mark.parametrize("name", POSTS)
def test_visitors_change_nothing(world, name):
    before = everything(world[0])

    assert post(Client(), name, *world).status_code == 302
    assert everything(world[0]) == before


OUTSIDERS = {
    "a volunteer": volunteer,
    "another body's manager": lambda: manager_of(BodyFactory()),
    "another body's head": lambda: head_of(BodyFactory()),
}


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_change_nothing(world, who, name):
    before = everything(world[0])

    assert post(browser(OUTSIDERS[who]()), name, *world).status_code in (403, 404)
    assert everything(world[0]) == before


@pytest.mark.parametrize("name", ["day_sheet", "row", "reject", "reverse"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_see_nothing(world, who, name):
    assert browser(OUTSIDERS[who]()).get(addresses(*world)[name]).status_code == 404


def test_volunteers_have_no_approvals_page():
    client = browser(volunteer())

    assert client.get(url("approvals")).status_code == 403
    assert client.get(url("approved")).status_code == 403


@pytest.mark.parametrize(
    "name", ["mark", "close", "approve", "confirm", "served", "certificate"]
)
def test_a_visit_changes_nothing(world, name):
    before = everything(world[0])

    assert browser(world[0].manager).get(addresses(*world)[name]).status_code == 405
    assert everything(world[0]) == before


def test_managers_do_not_take_back(world):
    before = everything(world[0])

    assert post(browser(world[0].colleague), "reverse", *world).status_code == 404
    assert everything(world[0]) == before


def test_every_address_stands_in_the_tables_above():
    from takatuf.attendance.urls import urlpatterns  # noqa: PLC0415 - only counted here

    assert {pattern.name for pattern in urlpatterns} == {*GETS, *POSTS}


# ---------------------------------------------------------------- how many queries
@pytest.mark.parametrize("people", [5, 200])
def test_a_sheet_costs_the_same_for_five_and_for_two_hundred(people, django_assert_num_queries):
    day = a_day(0)
    for number in range(people):
        day.places.append(application(role=day.role, person=volunteer()))
        if number < 3:
            day.come(number)
    client = browser(day.manager)
    client.get(sheet_url(day))

    with django_assert_num_queries(SHEET):
        client.get(sheet_url(day))


SHEET = 10
APPROVALS = 8
LISTS = {"sheets": 7, "mine": 8, "approved": 6}


@pytest.mark.parametrize("people", [3, 40])
def test_approvals_cost_the_same_for_few_and_many(people, django_assert_num_queries):
    day = closed_day(people)
    client = browser(day.colleague)
    client.get(url("approvals"))

    with django_assert_num_queries(APPROVALS):
        client.get(url("approvals"))


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize("name", ["sheets", "mine", "approved"])
def test_lists_cost_the_same_for_few_and_many(name, size, django_assert_num_queries):
    person, head = volunteer(), None
    body = BodyFactory()
    head = head_of(body)
    for _ in range(size):
        day = a_day(0, body=body)
        day.places.append(application(role=day.role, person=person))
        commands.record_times(
            application_id=day.places[0].pk, came_at=START, left_at=day.shift.ends_at,
            by=day.manager, at=LATER,
        )  # fmt: skip
        if name != "sheets":
            day.close()
            commands.approve_hours(
                claim_ids=[c.pk for c in claims(day)], by=day.colleague, at=LATER
            )
    client = browser(person if name == "mine" else head)
    client.get(url(name))

    with django_assert_num_queries(LISTS[name]):
        assert client.get(url(name)).status_code == 200


def test_totals_shown_are_totals_kept():
    day = closed_day(1)
    commands.approve_hours(claim_ids=[c.pk for c in claims(day)], by=day.colleague, at=LATER)
    person = day.places[0].person

    page = browser(person).get(url("mine"))

    assert page.context["total"] == VolunteerProfile.objects.get(person=person).total_minutes

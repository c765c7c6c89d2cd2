"""Lists of sheets and hours, and answering them."""

import re
from datetime import timedelta

import pytest

from takatuf.attendance import commands, queries
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import (
    HOUR,
    LATER,
    START,
    a_day,
    approved_day,
    assumed_day,
    claims,
    closed_day,
    elsewhere,
    head_of,
    ledger,
)
from takatuf.attendance.tests.pages import browser, text, url
from takatuf.credentials.models import Certificate
from takatuf.opportunities.models import Shift
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


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


# ---------------------------------------------------------------- the ledger's pages
def test_the_ledger_is_turned_page_by_page():
    head = OfficeFactory(role="body_head").person
    body = head.offices.get().body
    rows = [
        commands.PastHours(
            person=volunteer(), body=body, work=f"عمل {n}", minutes=60,
            started_at=START - timedelta(days=n // 4), ended_at=LATER,
        )
        for n in range(60)
    ]  # fmt: skip
    commands.import_many_hours(rows=rows, by=None, at=LATER)
    client, address, seen, lengths = browser(head), "", [], []

    while address is not None:
        response = client.get(url("approved") + address)
        page = response.content.decode()
        found = re.findall(r"عمل \d+", page)
        seen += dict.fromkeys(found)
        lengths.append(len(set(found)))
        assert ('rel="prev"' in page) == bool(address)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else None

    assert lengths == [25, 25, 10]
    assert len(set(seen)) == len(seen) == 60
    days = [int(work.split()[1]) // 4 for work in seen]
    assert days == sorted(days)


def test_the_ledger_says_its_days_in_words():
    day = approved_day(1)

    page = text(browser(head_of(day.body)).get(url("approved")))

    assert ">الأحد 22\u00a0نوفمبر" in page
    assert ">2026-11-22" not in page


@pytest.mark.parametrize("after", ["x", "1", "00000000-0000-0000-0000-00000000000"])
def test_a_strange_place_in_the_ledger_is_not_found(after):
    head = OfficeFactory(role="body_head").person

    assert browser(head).get(url("approved"), {"after": after}).status_code == 404


def test_a_search_keeps_its_words_from_page_to_page():
    head = OfficeFactory(role="body_head").person
    rows = [
        commands.PastHours(
            person=volunteer(), body=head.offices.get().body, work="غرس", minutes=60,
            started_at=START, ended_at=LATER,
        )
        for _n in range(26)
    ]  # fmt: skip
    commands.import_many_hours(rows=rows, by=None, at=LATER)

    page = browser(head).get(url("approved"), {"q": "غرس"}).content.decode()

    assert "?q=%D8%BA%D8%B1%D8%B3&amp;after=" in page


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


def ticked(page) -> set[str]:
    return set(re.findall(r'value="([0-9a-f-]{36})" checked', text(page)))


def test_nothing_is_ticked_until_somebody_ticks_it():
    day = closed_day(2)
    client = browser(day.colleague)
    page = client.get("/en" + url("approvals"))
    assert ticked(page) == set()
    two = '<bdi dir="ltr">2</bdi>'
    [way] = re.findall(rf'href="([^"]+)"><span>Tick all {two} without a flag', text(page))

    page = client.get(way)

    assert ticked(page) == {str(claim.pk) for claim in claims(day)}
    [back] = re.findall(r'href="([^"]+)"><span>Untick all', text(page))
    assert ticked(client.get(back)) == set()
    assert {claim.state for claim in claims(day)} == {"confirmed"}


def test_where_nothing_was_ticked_nothing_is_approved_nor_ticked():
    day = closed_day(2)

    answer = browser(day.colleague).post(url("approve"), {})

    assert answer.status_code == 409
    assert ticked(answer) == set()
    assert {claim.state for claim in claims(day)} == {"confirmed"}


def test_an_empty_form_of_who_approves_nothing_is_answered_with_a_no():
    closed_day(2)
    before = ledger()

    answer = browser(volunteer()).post(url("approve"), {})

    assert answer.status_code == 403
    assert ledger() == before


def test_own_entries_stand_apart():
    day = closed_day(2)

    page = browser(day.manager).get(url("approvals"))

    assert not page.context["groups"]
    assert len(page.context["blocked"][0]["rows"]) == 2
    assert 'type="checkbox"' not in text(page)


def test_what_cannot_be_approved_waits_on_and_the_page_says_why():
    day = closed_day(3)
    answered, clashing, fine = claims(day)
    commands.approve_hours(claim_ids=[answered.pk], by=day.colleague, at=LATER)
    other = elsewhere([clashing.person])
    commands.approve_hours(claim_ids=[claims(other)[0].pk], by=other.colleague, at=LATER)
    ticked = [answered.pk, clashing.pk, fine.pk]

    answer = browser(day.colleague).post("/en" + url("approve"), {"claim": ticked})

    assert answer.status_code == 409
    assert [claim.state for claim in claims(day)] == ["approved", "confirmed", "approved"]
    said = text(answer)
    assert "The hours of 1 entry are approved." in said
    left = answer.context["left"]
    assert [claim.pk for claim, _why in left.waiting] == [clashing.pk]
    assert [claim.pk for claim, _why in left.answered] == [answered.pk]
    assert said.index("“Approved” already") < said.index("These wait on:")
    assert "at another body from 09:01 to 12:00 already" in said
    assert re.search(rf'value="{clashing.pk}" checked', said)


def test_where_nothing_can_be_approved_nothing_was_changed():
    day = closed_day(1)
    commands.approve_hours(claim_ids=[claims(day)[0].pk], by=day.colleague, at=LATER)
    before = ledger()

    answer = browser(day.colleague).post("/en" + url("approve"), {"claim": [claims(day)[0].pk]})

    assert answer.status_code == 409
    said = text(answer)
    assert "Nothing was changed." in said
    assert "These hours are “Approved” already." in said
    assert "These wait on:" not in said
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

    page = browser(day.colleague).get("/en" + url("approvals"), {"tick": "all"})
    words = text(page)

    assert words.count("Same times as 2 others") == 3
    assert words.count("More than 12 hours") == 1
    assert words.count("Entered 5 days later") + words.count("Entered 4 days later") == 5
    flags = [flags for _claim, flags, _rest in page.context["groups"][0]["rows"]]
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


def test_an_auditor_reads_of_imported_hours_once_that_they_are(now):
    body = BodyFactory()
    commands.import_hours(
        person=volunteer(), body=body, by=None, at=LATER, work="عمل سابق", started_at=START,
        ended_at=START + HOUR, minutes=60,
    )  # fmt: skip
    auditor = OfficeFactory(body=BodyFactory(desk=True), role="auditor").person

    page = text(browser(auditor).get(url("approved")))

    assert page.count("مستوردة، غير متحقق منها") == 1

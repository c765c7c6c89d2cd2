"""What attendance adds to desks, figures, checks and the register of personal data."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from takatuf.attendance import commands, contributions, queries
from takatuf.attendance.models import HourClaim, HourEntry, Presence
from takatuf.attendance.tests.days import (
    END,
    HOUR,
    LATER,
    START,
    a_day,
    approved_day,
    assumed_day,
    claims,
    closed_day,
)
from takatuf.kernel.privacy import own_data
from takatuf.kernel.registries import (
    desk_items,
    importers,
    invariants,
    measures,
    message_templates,
    personal_fields,
    reminders,
)
from takatuf.kernel.typography import when
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import volunteer
from takatuf.registry import queries as registry
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory, GovernorateFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OURS = [
    contributions.claims_mirror_the_ledger,
    contributions.broken_ledger,
    contributions.self_approved,
    contributions.totals_add_up,
    contributions.sheets_agree_with_places,
    contributions.closed_sheets_are_complete,
]


# ---------------------------------------------------------------- invariants
def broken(check) -> list[str]:
    return list(check())


def test_work_well_done_breaks_nothing():
    approved_day()
    rejected = closed_day(1)
    commands.reject_hours(
        claim_id=claims(rejected)[0].pk, reason="سبب", by=rejected.colleague, at=LATER
    )
    assumed_day()
    commands.import_hours(
        person=volunteer(), body=BodyFactory(), work="قديم", started_at=START, ended_at=END,
        minutes=180, by=None, at=LATER,
    )  # fmt: skip
    a_day().come()

    for check in OURS:
        assert broken(check) == [], check.__name__


def past_the_triggers(sql, params=()):
    """As somebody with the database file in hand would do it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                "AND tbl_name = 'attendance_hourentry'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE attendance_hourentry SET minutes = 600, counted = 600 WHERE state = 'approved'",
        "UPDATE attendance_hourentry SET evidence = 'scanned'",
        "UPDATE attendance_hourentry SET days_late = 9",
        "UPDATE attendance_hourentry SET previous_digest = digest WHERE state = 'approved'",
        "DELETE FROM attendance_hourentry WHERE state = 'confirmed'",
        "UPDATE attendance_hourentry SET position = position + 5",
    ],
)
def test_a_line_changed_behind_our_back_is_found(sql):
    approved_day(1)

    past_the_triggers(sql)

    assert broken(contributions.broken_ledger)


def test_words_changed_behind_our_back_are_found():
    day = closed_day(1)
    commands.reject_hours(claim_id=claims(day)[0].pk, reason="سبب", by=day.colleague, at=LATER)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE attendance_hournote SET reason = 'another'")

    assert broken(contributions.broken_ledger)


@pytest.mark.parametrize(
    "change", [{"state": "confirmed"}, {"minutes": 600}, {"evidence": "scanned"}]
)
def test_a_claim_that_says_another_thing_is_found(change):
    day = approved_day(1)

    HourClaim.objects.filter(pk=claims(day)[0].pk).update(**change)

    assert len(broken(contributions.claims_mirror_the_ledger)) == 1


def test_a_claim_without_a_line_is_found():
    """NULL compared with anything is neither true nor false."""
    day = approved_day(1)
    past_the_triggers("DELETE FROM attendance_hourentry")

    assert len(broken(contributions.claims_mirror_the_ledger)) == 1
    assert claims(day)


def test_times_that_differ_from_the_sheet_are_found():
    approved_day(1)
    Presence.objects.update(left_at=END - HOUR)

    assert len(broken(contributions.claims_mirror_the_ledger)) == 1


def test_an_approval_of_ones_own_is_found():
    approved_day(1)
    rows = HourEntry.objects.filter(state="approved")
    assert rows.count() == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE attendance_hourentry "
                "DROP CONSTRAINT hour_entry_nobody_approves_their_own"
            )

    past_the_triggers("UPDATE attendance_hourentry SET actor = beneficiary")

    try:
        assert len(broken(contributions.self_approved)) == 1
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.parametrize("total", [0, 179, 181])
def test_a_total_the_ledger_does_not_count_is_found(total):
    day = approved_day(1)
    VolunteerProfile.objects.filter(person=day.places[0].person).update(total_minutes=total)

    assert len(broken(contributions.totals_add_up)) == 1


def test_marks_and_places_that_disagree_are_found():
    day = a_day(2)
    day.come(0)
    Application.objects.filter(pk=day.places[0].pk).update(status="no_show")
    assert len(broken(contributions.sheets_agree_with_places)) == 1

    Application.objects.filter(pk=day.places[1].pk).update(status="attended")
    assert len(broken(contributions.sheets_agree_with_places)) == 2


def test_somebody_still_there_on_a_closed_sheet_is_found():
    day = closed_day(1)
    Presence.objects.filter(pk=day.presence().pk).update(status="present", left_at=None)

    assert len(broken(contributions.closed_sheets_are_complete)) == 1


def test_all_of_them_are_registered():
    assert {check for _name, check in invariants} >= set(OURS)


# ---------------------------------------------------------------- desks
def items(person, at=LATER) -> list:
    offices = registry.offices_of(person)
    names = [name for name, _contribution in desk_items if name.startswith("attendance")]
    return [item for name in names for item in desk_items[name](person, offices, at)]


def test_a_manager_sees_what_waits():
    day = closed_day(2)
    commands.enter_people_served(
        shift_id=day.shift.pk, count=40, basis="عدّ", by=day.manager, at=LATER
    )

    urls = [item.url for item in items(day.colleague)]

    assert urls == [reverse("attendance:approvals")] * 2
    # Who entered hours and figure has them on the page, apart; nothing waits for them.
    assert items(day.manager) == []


@pytest.mark.parametrize(
    ("at", "tone", "main"),
    [(START - 30 * HOUR, None, None), (START - HOUR, "neutral", False),
     (START + HOUR, "neutral", True), (LATER, "warn", True)],
)  # fmt: skip
def test_who_runs_a_day_sees_its_sheet(at, tone, main):
    supervisor = volunteer()
    day = a_day(1, supervisor=supervisor)

    found = items(supervisor, at)

    assert [(item.tone, item.main) for item in found] == ([(tone, main)] if tone else [])
    assert all(
        item.url == reverse("attendance:day_sheet", args=[day.shift.pk]) for item in found
    )
    # Two shifts of one opportunity are told apart.
    assert all(item.detail.startswith(when(day.shift.starts_at)) for item in found)


def test_old_hours_are_pressing():
    day = closed_day(1)

    tones = [item.tone for item in items(day.colleague, END + 8 * DAY)]

    assert tones == ["warn"]


def test_assumed_hours_ask_for_a_word():
    day = assumed_day()
    assert len(items(day.manager)) == 1
    assert items(volunteer()) == []


# ---------------------------------------------------------------- figures
def figure(name, at=LATER) -> dict[str, Decimal]:
    return measures[name].compute(at)


def test_figures_count_what_their_definitions_say():
    tayma = GovernorateFactory(code="tayma", name_ar="تيماء", name_en="Tayma")
    day = approved_day(2)
    approved_day(1, governorate=tayma)
    assumed_day()
    commands.import_hours(
        person=volunteer(), body=day.body, work="قديم", started_at=START, ended_at=END,
        minutes=600, by=None, at=LATER,
    )  # fmt: skip

    assert figure("approved_hours") == {
        "tabuk": Decimal("6.0"), "tayma": Decimal("3.0"), "": Decimal("9.0"),
    }  # fmt: skip
    assert figure("proven_share") == {"tabuk": 1, "tayma": 1, "": 1}
    assert figure("active_volunteers") == {"tabuk": 3, "tayma": 1, "": 4}


def test_one_person_in_two_places_is_one_volunteer():
    tayma = GovernorateFactory(code="tayma", name_ar="تيماء", name_en="Tayma")
    one, two = approved_day(1), approved_day(1, governorate=tayma)
    HourClaim.objects.filter(presence__shift=two.shift).update(person=one.places[0].person)
    Presence.objects.filter(shift=two.shift).update(person=one.places[0].person)

    assert figure("active_volunteers") == {"tabuk": 1, "tayma": 1, "": 1}


def test_what_is_over_a_year_old_or_taken_back_is_left_out():
    day = approved_day(1)

    assert figure("approved_hours", LATER + 366 * DAY) == {"": Decimal("0.0")}
    assert figure("proven_share", LATER + 366 * DAY) == {}
    assert figure("active_volunteers", LATER + 366 * DAY) == {"": 0}
    HourClaim.objects.filter(pk=claims(day)[0].pk).update(state="reversed")
    assert figure("approved_hours") == {"": Decimal("0.0")}


def test_the_share_says_how_much_was_only_assumed():
    approved_day(1)
    day = approved_day(1)
    HourClaim.objects.filter(pk=claims(day)[0].pk).update(evidence="self")

    assert figure("proven_share")[""] == Decimal("0.500")


# ---------------------------------------------------------------- the rest
def test_reminders_do_their_work():
    day = a_day(1)
    day.come()

    assert reminders["attendance: check-outs nobody recorded"](END + 3 * HOUR) == 1
    assert reminders["attendance: hours of the last 56 days"](END) == 0


def test_a_copy_of_ones_data_holds_ones_hours():
    day = approved_day(1)

    own = own_data(day.places[0].person)

    assert own["attendance.HourClaim.minutes"] == ["180"]
    assert len(own["attendance.Presence.came_at"]) == 1
    assert "attendance.HourNote.reason" in personal_fields


def test_registered_by_name():
    assert "hours" in importers
    for name in ("approved", "certificate", "rejected", "reversed"):
        assert f"attendance.{name}" in message_templates
    assert queries.RECENT == 56 * DAY

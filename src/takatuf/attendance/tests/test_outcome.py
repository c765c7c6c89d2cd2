"""People served, certificates, and what the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from takatuf.attendance import commands, queries
from takatuf.attendance.commands.hours import OwnHours, append
from takatuf.attendance.models import HourClaim, HourEntry
from takatuf.attendance.tests.days import (
    END,
    HOUR,
    LATER,
    START,
    a_day,
    claims,
    closed_day,
    head_of,
    ledger,
)
from takatuf.attendance.tests.test_hours import approve, refused, total
from takatuf.credentials.models import Certificate
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.needs.models import Need
from takatuf.opportunities.tests.factories import ShiftFactory
from takatuf.placement.tests.factories import (
    application,
    manager_of,
    shift_role,
    volunteer,
)
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    OfficeFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# ---------------------------------------------------------------- people served
def enter(day, count=40, basis="قائمة أسماء", by=None, at=LATER):
    return commands.enter_people_served(
        shift_id=day.shift.pk, count=count, basis=basis, by=by or day.manager, at=at
    )


def test_a_second_person_confirms_and_the_need_is_covered(need):
    day = closed_day(1, need=need)
    enter(day)
    enter(day, 45)
    enter(day, 45)

    with pytest.raises(SamePerson):
        commands.confirm_people_served(shift_id=day.shift.pk, by=day.manager, at=LATER)
    commands.confirm_people_served(shift_id=day.shift.pk, by=day.colleague, at=LATER)
    commands.confirm_people_served(shift_id=day.shift.pk, by=day.colleague, at=LATER)

    need.refresh_from_db()
    assert need.people_served == 45
    with pytest.raises(DomainError):
        enter(day, 50)
    served = queries.people_served_at(day.shift)
    assert (served.count, served.confirmed_by) == (45, day.colleague)


@pytest.fixture
def need():
    return Need.objects.create(
        code="N-2026-0001", title="زيارة كبار السن", description="من يعيش وحده",
        target_group="elderly", field=FieldFactory(), governorate=GovernorateFactory(),
        reported_at=START, status="validated", decided_at=START, due_at=END, urgency=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {"basis": " "},
        {"basis": "س" * 201},
        {"count": -1},
        {"count": 1_000_001},
        {"at": END - HOUR},
    ],
)
def test_figures_that_cannot_be_are_refused(given):
    day = a_day()

    with pytest.raises(DomainError):
        enter(day, **given)
    assert queries.people_served_at(day.shift) is None


def test_strangers_neither_count_nor_confirm():
    day = closed_day(1)
    with pytest.raises(NotAllowed):
        enter(day, by=volunteer())
    assert queries.people_served_at(day.shift) is None
    enter(day)
    for stranger in (volunteer(), manager_of(BodyFactory())):
        with pytest.raises(NotAllowed):
            commands.confirm_people_served(shift_id=day.shift.pk, by=stranger, at=LATER)
    assert queries.people_served_at(day.shift).confirmed_at is None


def test_the_database_refuses_a_figure_confirmed_by_who_entered_it():
    day = closed_day(1)
    served = enter(day)
    with (
        pytest.raises(IntegrityError, match="people_served_confirmed_by_another"),
        transaction.atomic(),
    ):
        type(served).objects.filter(pk=served.pk).update(
            confirmed_by=F("entered_by"), confirmed_at=LATER
        )


# ---------------------------------------------------------------- certificates
def ask(day, person=None, by=None):
    person = person or day.places[0].person
    return commands.request_certificate(
        person=person, opportunity=day.opportunity, by=by or person, at=LATER
    )


def test_approved_hours_make_a_certificate_once():
    day = closed_day(1)
    with pytest.raises(DomainError):
        ask(day)
    approve(*claims(day), by=day.colleague)

    first, again = ask(day), ask(day, by=day.manager)

    assert first == again
    assert first.snapshot["minutes"] == 180
    assert first.snapshot["minutes_by_evidence"] == {"leader": 180}


def second_shift(day):
    """Another shift of the same opportunity two days later, the same person there and gone."""
    from_, to = START + 2 * DAY, END + 2 * DAY
    shift = ShiftFactory(opportunity=day.opportunity, starts_at=from_, ends_at=to)
    role = shift_role(shift=shift, role=day.role.role)
    place = application(role=role, person=day.places[0].person)
    commands.record_times(
        application_id=place.pk, came_at=from_, left_at=to, by=day.manager, at=to + HOUR
    )
    commands.close_day_sheet(shift_id=shift.pk, by=day.manager, at=to + HOUR)
    return HourClaim.objects.get(presence__shift=shift)


def take_back(day, claim):
    commands.reverse_hours(
        claim_id=claim.pk, reason="سُجل الحضور مرتين.", by=head_of(day.body), at=LATER
    )


def test_taking_hours_back_revokes_the_certificate_that_printed_them():
    day = closed_day(2)
    approve(*claims(day), by=day.colleague)
    first, other = (ask(day, place.person) for place in day.places)

    [mine] = [claim for claim in claims(day) if claim.person == first.holder]
    take_back(day, mine)

    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.status, first.revoke_reason) == ("revoked", "سُجل الحضور مرتين.")
    assert other.status == "valid"
    with pytest.raises(DomainError):
        ask(day, first.holder)


def test_what_is_left_of_the_hours_takes_the_place_of_what_was_printed():
    day = closed_day(1)
    again = second_shift(day)
    approve(*claims(day), again, by=day.colleague)
    first = ask(day)
    assert (first.snapshot["times"], first.snapshot["minutes"]) == (2, 360)

    take_back(day, again)

    valid = Certificate.objects.get(status="valid")
    assert (valid.holder, valid.snapshot["times"], valid.snapshot["minutes"]) == (
        first.holder, 1, 180,
    )  # fmt: skip
    first.refresh_from_db()
    assert first.status == "revoked"


def test_hours_without_a_certificate_are_taken_back_as_before():
    day = closed_day(1)
    approve(*claims(day), by=day.colleague)
    take_back(day, claims(day)[0])
    assert not Certificate.objects.exists()


def test_nobody_asks_for_somebody_elses_certificate():
    day = closed_day(1)
    approve(*claims(day), by=day.colleague)
    for stranger in (volunteer(), manager_of(BodyFactory())):
        with pytest.raises(NotAllowed):
            ask(day, by=stranger)
    assert not Certificate.objects.exists()


# ---------------------------------------------------------------- the database itself
STATEMENTS = [
    "UPDATE attendance_hourentry SET minutes = minutes + 60",
    "UPDATE attendance_hourentry SET counted = 0",
    "DELETE FROM attendance_hourentry",
]


REPLACING = "INSERT OR REPLACE INTO attendance_hourentry SELECT * FROM attendance_hourentry"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has this statement")
def test_a_line_cannot_be_replaced_by_inserting_it_again():
    """SQLite deletes what stands in the way, and asks no trigger unless it is told to."""
    closed_day(1)
    before = ledger()

    with (
        pytest.raises(Exception, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(REPLACING)

    assert ledger() == before


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_changes_no_line_of_the_ledger(statement):
    closed_day(1)
    before = ledger()

    with (
        pytest.raises(Exception, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert ledger() == before


def test_the_orm_changes_no_line_either():
    closed_day(1)
    before, entry = ledger(), HourEntry.objects.get()
    entry.minutes = 999

    for change in (
        entry.save,
        entry.delete,
        HourEntry.objects.all().delete,
        lambda: HourEntry.objects.update(state="rejected"),
    ):
        with pytest.raises(Exception, match=r"append-only|protected"), transaction.atomic():
            change()
    assert ledger() == before


@pytest.mark.parametrize("actor", ["beneficiary", "claimant", None])
def test_the_database_refuses_an_approval_of_ones_own(actor):
    day = closed_day(1)
    [claim] = claims(day)
    first = claim.entries.get()
    line = HourEntry(
        claim=claim, position=2, state="approved", evidence="leader", minutes=180, counted=180,
        actor=actor and getattr(first, actor), claimant=first.claimant,
        beneficiary=first.beneficiary, at=LATER, previous_digest=first.digest, digest="0" * 64,
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="nobody_approves_their_own"), transaction.atomic():
        line.save(force_insert=True)


@pytest.mark.parametrize(
    ("state", "counted"),
    [("approved", 0), ("rejected", 180), ("reversed", 180), ("claimed", 1)],
)
def test_the_database_refuses_a_line_that_counts_wrongly(state, counted):
    day = closed_day(1)
    [claim] = claims(day)
    first = claim.entries.get()
    line = HourEntry(
        claim=claim, position=2, state=state, evidence="leader", minutes=180, counted=counted,
        actor=day.colleague.ref, claimant=first.claimant, beneficiary=first.beneficiary,
        at=LATER, previous_digest=first.digest, digest="0" * 64,
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="counts_only_when_approved"), transaction.atomic():
        line.save(force_insert=True)


def test_no_state_is_entered_twice():
    day = closed_day(1)
    [claim] = claims(day)

    with pytest.raises(IntegrityError, match=r"each_state_once|UNIQUE"), transaction.atomic():
        append(claim, "confirmed", by=day.manager, at=LATER)


def test_the_recount_corrects_what_time_made_old():
    day = closed_day(1)
    approve(*claims(day), by=day.colleague)
    person = day.places[0].person

    assert commands.recount_recent_minutes(at=LATER) == 0
    assert commands.recount_recent_minutes(at=START + 57 * DAY) == 1
    assert total(person) == (180, 0)
    assert commands.recount_recent_minutes(at=LATER) == 1
    assert total(person) == (180, 180)


def test_an_application_of_the_manager_is_theirs_to_work_and_a_colleagues_to_approve():
    day = a_day(0)
    mine = application(role=day.role, person=volunteer())
    OfficeFactory(body=day.body, role="unit_manager", person=mine.person)
    commands.record_times(
        application_id=mine.pk, came_at=START, left_at=END, by=day.manager, at=LATER
    )
    day.close()

    refused(lambda: approve(*claims(day), by=mine.person), OwnHours)
    approve(*claims(day), by=day.colleague)
    assert total(mine.person) == (180, 180)


# ---------------------------------------------------------------- the office is told
def office_messages(person) -> list[str]:
    rows = Message.objects.filter(person=person, template="registry.office_news")
    rows = rows.exclude(status="suppressed").order_by("collapse_key")
    return [row.context["link"].rsplit("/hours", 1)[1] for row in rows]


def test_who_closed_the_day_is_not_told_but_the_colleague_who_approves():
    day = closed_day()

    run_jobs()

    assert office_messages(day.manager) == []
    assert office_messages(day.colleague) == ["/approve/"]


def test_figures_to_confirm_are_told_to_who_did_not_enter_them():
    day = closed_day()
    commands.enter_people_served(
        shift_id=day.shift.pk, count=3, basis="a list", by=day.colleague, at=LATER
    )

    run_jobs()

    assert office_messages(day.manager) == ["/approve/"]  # the figures; the hours are their own
    assert office_messages(day.colleague) == ["/approve/"]  # the hours only

"""Day sheets, claims and the ledger."""

from datetime import timedelta

from takatuf.attendance import commands as attendance
from takatuf.attendance.models import HourClaim, Presence
from takatuf.attendance.tests import days
from takatuf.placement.models import Application
from takatuf.registry.models import VolunteerProfile
from tests.invariants import case, spoil


def approved_day() -> days.Day:
    day = days.closed_day(1)
    attendance.approve_hours(
        claim_ids=[claim.pk for claim in days.claims(day)], by=day.colleague, at=days.LATER
    )
    return day


@case("hour claims mirror their last ledger line")
def _mirror():
    approved_day()
    yield
    HourClaim.objects.update(minutes=600)


@case("the hours ledger is whole")
def _ledger():
    approved_day()
    yield
    table = "attendance_hourentry"
    spoil(f"UPDATE {table} SET evidence = 'scanned'", table=table)  # noqa: S608


@case("certificates print no more than is approved")
def _certificate():
    day = approved_day()
    made = attendance.request_certificate(
        person=day.places[0].person, opportunity=day.opportunity, by=day.places[0].person,
        at=days.LATER,
    )  # fmt: skip
    attendance.reverse_hours(
        claim_id=days.claims(day)[0].pk, reason="خطأ", by=days.head_of(day.body), at=days.LATER
    )
    yield
    spoil(
        "UPDATE credentials_certificate SET status = 'valid', revoked_at = NULL, "  # noqa: S608
        f"revoke_reason = '' WHERE id = {made.pk}",
        table="credentials_certificate",
        check="certificate_revoked_says_why_and_when",
    )


@case("nobody approves hours of their own")
def _self_approved():
    approved_day()
    yield
    spoil(
        "UPDATE attendance_hourentry SET actor = beneficiary",
        table="attendance_hourentry",
        check="hour_entry_nobody_approves_their_own",
    )


@case("nobody approves hours of their own")
def _approved_by_who_marked_first():
    """One marked the coming, another the leaving; the ledger itself names only the second."""
    day = days.a_day(1)
    day.come()
    attendance.check_out(application_id=day.places[0].pk, by=day.colleague, at=days.END)
    day.close(by=day.colleague)
    attendance.approve_hours(
        claim_ids=[claim.pk for claim in days.claims(day)], by=days.head_of(day.body),
        at=days.LATER,
    )  # fmt: skip
    yield
    first = f"subject = 'attendance.presence:{day.presence().pk}' AND position = 1"
    spoil(
        "UPDATE attendance_hourentry SET actor = "  # noqa: S608
        f"(SELECT actor FROM kernel_transition WHERE {first}) WHERE state = 'approved'",
        table="attendance_hourentry",
    )


@case("hours of one person at one time count once")
def _counted_twice():
    """Two of one person: the times of the one now reach into the other's."""
    day = approved_day()
    after = days.elsewhere([day.places[0].person], came_at=days.END, left_at=days.LATER)
    attendance.approve_hours(
        claim_ids=[claim.pk for claim in days.claims(after)], by=after.colleague, at=days.LATER
    )
    yield
    [claim] = days.claims(after)
    HourClaim.objects.filter(pk=claim.pk).update(
        started_at=claim.started_at - timedelta(minutes=1)
    )


@case("volunteers' totals are what the ledger counts")
def _totals():
    day = approved_day()
    yield
    VolunteerProfile.objects.filter(person=day.places[0].person).update(total_minutes=1)


@case("marks on day sheets and outcomes of places agree")
def _marks():
    day = days.closed_day(1)
    yield
    Application.objects.filter(pk=day.places[0].pk).update(status="no_show")


@case("nobody is still there on a closed day sheet")
def _still_there():
    day = days.closed_day(1)
    yield
    Presence.objects.filter(pk=day.presence().pk).update(status="present", left_at=None)

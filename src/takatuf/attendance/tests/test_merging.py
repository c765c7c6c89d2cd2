"""Two records of one person, both with hours in the ledger, become one."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from takatuf.attendance import commands, queries
from takatuf.attendance.commands.hours import OwnHours
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import (
    LATER,
    START,
    a_day,
    approved_day,
    claims,
    closed_day,
    ledger,
)
from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.registries import invariants
from takatuf.opportunities.models import Shift
from takatuf.placement.tests.factories import manager_of
from takatuf.registry import commands as registry
from takatuf.registry import queries as people
from takatuf.registry.models import PersonMerge, VolunteerProfile
from takatuf.registry.tests.factories import OfficeFactory, desk_member

pytestmark = pytest.mark.django_db
A_WEEK = timedelta(days=7)
LEDGER = (
    "hour claims mirror their last ledger line",
    "the hours ledger is whole",
    "nobody approves hours of their own",
    "volunteers' totals are what the ledger counts",
)


def faults() -> list[str]:
    return [said for name in LEDGER for said in invariants[name]()]


def a_week_later(day):
    Shift.objects.filter(pk=day.role.shift_id).update(
        starts_at=START + A_WEEK, ends_at=START + A_WEEK + timedelta(hours=3)
    )
    return day


def approved_a_week_later():
    day = a_week_later(a_day(1))
    day.come(at=START + A_WEEK)
    day.leave(at=START + A_WEEK + timedelta(hours=2))
    day.close(at=LATER + A_WEEK)
    approve(day, by=day.colleague)
    return day


def approve(day, *, by):
    wanted = [claim.pk for claim in claims(day)]
    return commands.approve_hours(claim_ids=wanted, by=by, at=LATER + A_WEEK)


def merge(keep, drop):
    one, two = desk_member(), desk_member()
    proposed = registry.propose_merge(keep=keep, drop=drop, reason="same", by=one, at=LATER)
    registry.confirm_merge(merge=proposed, by=two, at=LATER)


def test_hours_of_both_records_are_the_kept_ones_and_the_ledger_stays_whole():
    keep, drop = (day.places[0].person for day in (approved_day(1), approved_a_week_later()))
    lines = ledger()

    merge(keep, drop)

    assert ledger() == lines
    assert HourClaim.objects.filter(person=keep).count() == 2
    assert VolunteerProfile.objects.get(person=keep).total_minutes == 180 + 120
    assert faults() == []


def test_a_chain_of_merges_ends_at_the_last_record():
    first, second, third = (
        day.places[0].person for day in (approved_day(1), approved_a_week_later(), a_day(1))
    )
    merge(second, first)
    merge(third, second)

    assert people.refs_of(third) == {first.ref, second.ref, third.ref}
    assert people.refs_of(first) == {first.ref}
    assert faults() == []


def test_hours_taken_back_after_the_merge_are_taken_from_the_kept_record():
    day, other = approved_day(1), approved_a_week_later()
    keep, drop = day.places[0].person, other.places[0].person
    merge(keep, drop)

    commands.reverse_hours(
        claim_id=claims(other)[0].pk, reason="خطأ في اليوم", at=LATER + A_WEEK,
        by=OfficeFactory(body=other.body, role="body_head").person,
    )  # fmt: skip

    assert VolunteerProfile.objects.get(person=keep).total_minutes == 180
    assert faults() == []


def test_hours_one_entered_under_a_record_given_up_are_not_ones_own_to_approve():
    day = closed_day(1)
    kept = manager_of(day.body)
    merge(kept, day.manager)  # who marked the sheet
    before = ledger()

    with pytest.raises(OwnHours):
        approve(day, by=kept)

    assert ledger() == before
    approve(day, by=day.colleague)
    assert faults() == []


def test_who_approved_hours_of_the_other_record_is_not_taken_for_its_person():
    day = closed_day(1)
    approve(day, by=day.colleague)
    volunteer = day.places[0].person

    for keep, drop in [(volunteer, day.colleague), (day.colleague, volunteer)]:
        with override("ar"), pytest.raises(registry.CannotMerge, match="اعتمد ساعات الآخر"):
            registry.propose_merge(
                keep=keep, drop=drop, reason="same", by=desk_member(), at=LATER
            )

    assert not PersonMerge.objects.exists()


def test_hours_at_one_time_are_not_counted_twice():
    keep, drop = (day.places[0].person for day in (approved_day(1), approved_day(1)))
    one, two = desk_member(), desk_member()

    with override("ar"), pytest.raises(registry.CannotMerge, match="في الوقت نفسه"):
        registry.propose_merge(keep=keep, drop=drop, reason="same", by=one, at=LATER)

    # Approved between the proposal and the word of the second: refused all the same.
    proposed = PersonMerge.objects.create(
        keep=keep, drop=drop, reason="same", proposed_by=one, proposed_at=LATER
    )
    with override("ar"), pytest.raises(registry.CannotMerge, match="في الوقت نفسه"):
        registry.confirm_merge(merge=proposed, by=two, at=LATER)

    proposed.refresh_from_db()
    assert proposed.status == "proposed"
    assert HourClaim.objects.filter(person=drop).count() == 1


def test_an_approval_by_a_record_that_was_merged_behind_the_products_back_is_found():
    day = closed_day(1)
    approve(day, by=day.colleague)
    assert list(queries.self_approved()) == []

    PersonMerge.objects.create(
        keep=day.colleague, drop=day.places[0].person, reason="x", status="done",
        proposed_by=desk_member(), proposed_at=LATER, decided_at=LATER,
    )  # fmt: skip

    assert [entry.state for entry in queries.self_approved()] == ["approved"]


def test_hours_given_to_somebody_else_are_found():
    day, other = approved_day(1), approved_a_week_later()
    HourClaim.objects.filter(pk=claims(day)[0].pk).update(
        presence=None, person=other.places[0].person
    )

    assert [claim.person for claim in queries.claims_of_somebody_else()] == [
        other.places[0].person
    ]


# ---------------------------------------------------------------- people served
def served(day, *, entered_by, confirmed_by=None):
    commands.enter_people_served(
        shift_id=day.shift.pk, count=40, basis="عدّ", by=entered_by, at=LATER
    )
    if confirmed_by:
        commands.confirm_people_served(shift_id=day.shift.pk, by=confirmed_by, at=LATER)


@pytest.mark.parametrize("turned", [False, True])
def test_who_entered_a_figure_and_who_confirmed_it_stay_two(turned):
    day = closed_day(1)
    served(day, entered_by=day.manager, confirmed_by=day.colleague)
    keep, drop = (day.manager, day.colleague)[:: -1 if turned else 1]

    for language, words in {"ar": "خدمهم العمل", "en": "how many people were served"}.items():
        with override(language), pytest.raises(registry.CannotMerge, match=words) as refusal:
            merge(keep, drop)
        assert day.shift.opportunity.title in str(refusal.value)

    assert not PersonMerge.objects.exists()
    figure = queries.people_served_at(day.shift)
    assert (figure.entered_by, figure.confirmed_by) == (day.manager, day.colleague)


def test_a_figure_nobody_confirmed_goes_over_and_waits_for_another():
    day = closed_day(1)
    served(day, entered_by=day.manager)

    merge(day.colleague, day.manager)

    with pytest.raises(SamePerson):
        commands.confirm_people_served(shift_id=day.shift.pk, by=day.colleague, at=LATER)
    assert queries.people_served_at(day.shift).confirmed_at is None

"""The ledger: confirmed, approved, rejected, taken back, imported."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from takatuf.attendance import commands, queries
from takatuf.attendance.commands.hours import OwnHours
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import (
    END,
    LATER,
    START,
    a_day,
    assumed_day,
    claims,
    closed_day,
    head_of,
    ledger,
)
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import Message
from takatuf.kernel.transitions import WrongState
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def total(person):
    profile = VolunteerProfile.objects.get(person=person)
    return profile.total_minutes, profile.recent_minutes


def refused(command, why=DomainError):
    before = (
        ledger(),
        list(VolunteerProfile.objects.order_by("pk").values_list("total_minutes", flat=True)),
        Message.objects.count(),
    )
    with pytest.raises(why) as caught:
        command()
    after = (
        ledger(),
        list(VolunteerProfile.objects.order_by("pk").values_list("total_minutes", flat=True)),
        Message.objects.count(),
    )
    assert after == before
    return caught.value


@pytest.mark.parametrize("many", [1, 2, 12])
def test_approving_asks_the_same_few_questions_for_each(many, django_assert_num_queries):
    day = closed_day(many)
    keys = [claim.pk for claim in claims(day)]
    with django_assert_num_queries(10 + 8 * many):
        commands.approve_each(claim_ids=keys, by=day.colleague, at=LATER)


def test_more_than_two_hundred_are_not_approved_at_once():
    day = closed_day(1)
    keys = [claim.pk for claim in claims(day)] + [uuid4() for _ in range(200)]
    why = refused(lambda: commands.approve_each(claim_ids=keys, by=day.colleague, at=LATER))
    assert "200" in str(why)
    commands.approve_each(claim_ids=keys[:1] * 201, by=day.colleague, at=LATER)  # named twice


def approve(*found, by, at=LATER):
    return commands.approve_hours(claim_ids=[c.pk for c in found], by=by, at=at)


# ---------------------------------------------------------------- approving
def test_approved_hours_count_from_that_moment():
    day = closed_day(2)
    one, two = claims(day)

    approve(one, two, by=day.colleague)

    assert total(one.person) == (180, 180)
    assert total(two.person) == (179, 179)
    assert [e.state for e in one.entries.order_by("position")] == ["confirmed", "approved"]
    assert [e.counted for e in one.entries.order_by("position")] == [0, 180]


def test_who_entered_the_hours_does_not_approve_them():
    day = closed_day()

    refused(lambda: approve(*claims(day), by=day.manager), OwnHours)


def test_nobody_approves_their_own():
    day = closed_day(1)
    OfficeFactory(body=day.body, role="body_head", person=day.places[0].person)

    refused(lambda: approve(*claims(day), by=day.places[0].person), OwnHours)


def test_only_managers_of_the_body_approve():
    day = closed_day()
    for stranger in (
        volunteer(),
        manager_of(BodyFactory()),
        OfficeFactory(body=day.body, role="reviewer").person,
    ):
        refused(lambda who=stranger: approve(*claims(day), by=who), NotAllowed)


def test_it_is_all_or_none():
    day, other = closed_day(2), closed_day(1)

    refused(lambda: approve(*claims(day), *claims(other), by=day.colleague), NotAllowed)
    refused(lambda: approve(by=day.colleague))
    with pytest.raises(HourClaim.DoesNotExist):
        commands.approve_hours(
            claim_ids=[claims(day)[0].pk, "0" * 32], by=day.colleague, at=LATER
        )
    assert all(claim.state == "confirmed" for claim in claims(day))


def test_approving_twice_is_refused_and_counts_once():
    day = closed_day(1)
    approve(*claims(day), by=day.colleague)

    refused(lambda: approve(*claims(day), by=head_of(day.body)), WrongState)
    assert total(day.places[0].person) == (180, 180)


def test_old_work_adds_to_the_total_only():
    day = closed_day(1)

    approve(*claims(day), by=day.colleague, at=START + 60 * DAY)

    assert total(day.places[0].person) == (180, 0)


def test_the_volunteer_is_told_once_for_each_opportunity():
    day = closed_day(2)

    approve(*claims(day), by=day.colleague)

    told = Message.objects.filter(template__startswith="attendance.")
    assert {m.template for m in told} == {"attendance.certificate"}
    assert told.count() == 2
    assert all("3 ساعات" in m.body for m in told)


def test_no_certificate_is_promised_while_hours_wait_or_shifts_are_to_come():
    day = closed_day(1)
    type(day.opportunity).objects.filter(pk=day.opportunity.pk).update(status="running")

    approve(*claims(day), by=day.colleague)

    assert (
        Message.objects.get(template__startswith="attendance.").template
        == "attendance.approved"
    )


# ---------------------------------------------------------------- confirming
def test_assumed_hours_are_confirmed_by_who_ran_the_day_then_approved():
    day = assumed_day()
    [claim] = claims(day)

    refused(lambda: approve(claim, by=day.colleague), WrongState)
    commands.confirm_hours(claim_id=claim.pk, by=day.manager, at=LATER)
    refused(lambda: approve(claim, by=day.manager), OwnHours)  # the first human who vouched
    approve(claim, by=day.colleague)

    claim.refresh_from_db()
    assert (claim.state, claim.evidence) == ("approved", "leader")


def test_others_confirm_nothing():
    day = assumed_day()
    [claim] = claims(day)
    person, stranger = day.places[0].person, volunteer()

    refused(
        lambda: commands.confirm_hours(claim_id=claim.pk, by=stranger, at=LATER), NotAllowed
    )
    OfficeFactory(body=day.body, role="unit_manager", person=person)
    refused(lambda: commands.confirm_hours(claim_id=claim.pk, by=person, at=LATER), OwnHours)
    past = imported(day.body)
    refused(
        lambda: commands.confirm_hours(claim_id=past.pk, by=day.manager, at=LATER), NotAllowed
    )


# ---------------------------------------------------------------- rejecting and taking back
def test_a_no_carries_its_reason_to_the_person():
    day = closed_day(1)
    [claim] = claims(day)

    commands.reject_hours(
        claim_id=claim.pk, reason="  لم تكن هناك ", by=day.colleague, at=LATER
    )

    claim.refresh_from_db()
    assert claim.state == "rejected"
    assert queries.claims_visible_to(claim.person).get().why == "لم تكن هناك"
    assert "لم تكن هناك" in Message.objects.get(template="attendance.rejected").body
    assert total(claim.person) == (0, 0)
    refused(lambda: approve(claim, by=day.colleague), WrongState)


def test_a_no_needs_a_reason_and_a_manager():
    day = closed_day(1)
    [claim] = claims(day)
    person = claim.person

    def reject(by, reason="سبب"):
        return lambda: commands.reject_hours(claim_id=claim.pk, reason=reason, by=by, at=LATER)

    assert refused(reject(day.colleague, "  ")).field == "reason"
    refused(reject(volunteer()), NotAllowed)
    refused(reject(manager_of(BodyFactory())), NotAllowed)
    OfficeFactory(body=day.body, role="unit_manager", person=person)
    refused(reject(person), OwnHours)


def test_hours_are_taken_back_by_a_new_line():
    day = closed_day(1)
    [claim] = claims(day)
    approve(claim, by=day.colleague)

    commands.reverse_hours(
        claim_id=claim.pk, reason="سُجلت مرتين", by=head_of(day.body), at=LATER
    )

    assert total(claim.person) == (0, 0)
    assert list(claim.entries.order_by("position").values_list("state", "counted")) == [
        ("confirmed", 0), ("approved", 180), ("reversed", -180),
    ]  # fmt: skip
    assert "سُجلت مرتين" in Message.objects.get(template="attendance.reversed").body


def test_taking_back_late_leaves_recent_hours_of_others_alone():
    old, new = closed_day(1), a_day(0)
    person = old.places[0].person
    approve(*claims(old), by=old.colleague)
    VolunteerProfile.objects.filter(person=person).update(
        recent_minutes=60, total_minutes=240
    )  # other work since
    assert new

    commands.reverse_hours(
        claim_id=claims(old)[0].pk, reason="خطأ", by=head_of(old.body), at=START + 60 * DAY
    )

    assert total(person) == (60, 60)


def test_only_heads_and_the_desk_take_back_and_never_their_own():
    day = closed_day(1)
    [claim] = claims(day)
    approve(claim, by=day.colleague)
    own = OfficeFactory(body=day.body, role="body_head", person=claim.person).person

    def take_back(by, reason="سبب"):
        return lambda: commands.reverse_hours(claim_id=claim.pk, reason=reason, by=by, at=LATER)

    for person in (day.manager, day.colleague, volunteer(), own, head_of(BodyFactory())):
        refused(take_back(person), NotAllowed)
    assert refused(take_back(head_of(day.body), " ")).field == "reason"
    desk = OfficeFactory(body=BodyFactory(desk=True), role="desk").person
    take_back(desk)()
    refused(take_back(desk), WrongState)


# ---------------------------------------------------------------- past hours from a sheet
def imported(body, person=None, **more):
    given = {"work": "عمل سابق", "started_at": START, "ended_at": END, "minutes": 180} | more
    return commands.import_hours(
        person=person or volunteer(), body=body, by=None, at=LATER, **given
    )


def test_imported_hours_are_never_counted_nor_approved():
    day = closed_day(1)
    claim = imported(day.body, day.places[0].person)

    refused(lambda: approve(claim, by=day.colleague), WrongState)
    assert total(claim.person) == (0, 0)
    assert queries.minutes_by_evidence(claim.person) == {"imported": 180}
    with pytest.raises(IntegrityError, match="imported_stays_unverified"), transaction.atomic():
        HourClaim.objects.filter(pk=claim.pk).update(state="approved")


def test_imported_hours_can_be_taken_back_without_touching_totals():
    body = BodyFactory()
    claim = imported(body)

    commands.reverse_hours(claim_id=claim.pk, reason="ليس له", by=head_of(body), at=LATER)

    assert [e.counted for e in claim.entries.all()] == [0, 0]
    assert queries.minutes_by_evidence(claim.person) == {}


def test_who_wrote_the_times_down_does_not_approve_them_though_another_closed_the_sheet():
    day = a_day(1)
    day.come()
    day.leave()
    day.close(by=day.colleague)
    [claim] = claims(day)
    before = ledger()

    with pytest.raises(OwnHours):
        commands.approve_hours(claim_ids=[claim.pk], by=day.manager, at=LATER)
    assert ledger() == before

    commands.approve_hours(claim_ids=[claim.pk], by=day.colleague, at=LATER)
    assert [entry.claimant for entry in claim.entries.all()] == [day.manager.ref] * 2

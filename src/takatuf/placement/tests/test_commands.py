from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import Message, Transition
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import WrongState
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, OpportunityRole, ShiftRole
from takatuf.placement import commands, receivers
from takatuf.placement.commands.answering import NoSeatLeft
from takatuf.placement.commands.applying import NotEligible, NothingChosen
from takatuf.placement.enums import ApplicationStatus, Origin
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    manager_of,
    shift_role,
    volunteer,
)

pytestmark = pytest.mark.django_db


def apply(person, *roles, at=None, **fields):
    return commands.apply(
        person=person, shift_role_ids=[r.pk for r in roles], by=person, at=at or timezone.now(),
        **fields,
    )  # fmt: skip


def taken(role):
    role.refresh_from_db()
    return role.taken


def states(*rows):
    return [Application.objects.get(pk=row.pk).status for row in rows]


def test_an_open_place_is_had_at_once():
    role, person = shift_role(seats=2), volunteer()

    [row] = apply(person, role)

    assert row.status == ApplicationStatus.CONFIRMED
    assert taken(role) == 1
    role.shift.opportunity.refresh_from_db()
    assert role.shift.opportunity.seats_taken == 1
    assert [e.action for e in Transition.objects.filter(subject=reference(row))] == ["joined"]


def test_asking_again_answers_with_what_one_has():
    role, person = shift_role(seats=2), volunteer()
    [first] = apply(person, role)

    assert apply(person, role) == [first]
    assert taken(role) == 1


def test_when_full_the_next_one_waits_and_gets_the_seat_that_is_freed():
    role = shift_role(seats=1)
    one, two = volunteer(), volunteer()
    [held] = apply(one, role)
    [waits] = apply(two, role)
    assert waits.status == ApplicationStatus.WAITING

    commands.withdraw(application_id=held.pk, by=one, at=timezone.now())

    assert states(held, waits) == ["withdrawn", "offered"]
    assert taken(role) == 1
    commands.confirm_place(application_id=waits.pk, by=two, at=timezone.now())
    assert states(waits) == ["confirmed"]


def test_a_seat_just_added_goes_to_the_line_before_a_newcomer():
    role = shift_role(seats=1)
    apply(volunteer(), role)
    [first] = apply(volunteer(), role)
    [second] = apply(volunteer(), role)
    ShiftRole.objects.filter(pk=role.pk).update(seats=2)  # the line has not heard of it yet

    [newcomer] = apply(volunteer(), role)

    assert states(first, second, newcomer) == ["offered", "waiting", "waiting"]
    assert taken(role) == 2


def test_leaving_the_line_and_asking_again_overtakes_nobody():
    role = shift_role(seats=1)
    apply(volunteer(), role)
    [first] = apply(volunteer(), role)
    last = volunteer()
    [row] = apply(last, role)
    ShiftRole.objects.filter(pk=role.pk).update(seats=2)

    commands.withdraw(application_id=row.pk, by=last, at=timezone.now())
    [again] = apply(last, role)

    assert states(first, again) == ["offered", "waiting"]


def test_by_request_the_body_answers_and_the_person_confirms():
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    person, manager = volunteer(), manager_of(role.shift.opportunity.body)
    [row] = apply(person, role, message="  خبرة سنتين ")
    assert (row.status, row.message, taken(role)) == ("applied", "خبرة سنتين", 0)

    commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    assert states(row) == ["offered"]
    assert taken(role) == 1
    figures = role.shift.opportunity.body.figures
    assert (figures.applications_answered, figures.answered_in_time) == (1, 1)


def test_a_stranger_cannot_accept_and_nothing_changes():
    role = shift_role(way=Way.BY_REQUEST)
    [row] = apply(volunteer(), role)

    with pytest.raises(NotAllowed):
        commands.accept_application(application_id=row.pk, by=volunteer(), at=timezone.now())

    assert states(row) == ["applied"]
    assert taken(role) == 0


def test_a_manager_cannot_accept_their_own_application():
    role = shift_role(way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    row = application(person=manager, role=role, status=ApplicationStatus.APPLIED)

    with pytest.raises(NotAllowed):
        commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    assert states(row) == ["applied"]


def test_accepting_into_a_full_role_says_so_and_leaves_the_application_waiting():
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    [one], [two] = apply(volunteer(), role), apply(volunteer(), role)
    commands.accept_application(application_id=one.pk, by=manager, at=timezone.now())

    with pytest.raises(NoSeatLeft):
        commands.accept_application(application_id=two.pk, by=manager, at=timezone.now())

    assert states(one, two) == ["offered", "applied"]


def test_declining_needs_a_reason():
    role = shift_role(way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    [row] = apply(volunteer(), role)

    with pytest.raises(DomainError):
        commands.decline_application(
            application_id=row.pk, reason="  ", by=manager, at=timezone.now()
        )
    assert states(row) == ["applied"]

    commands.decline_application(
        application_id=row.pk, reason="العدد مكتمل", by=manager, at=timezone.now()
    )
    row.refresh_from_db()
    assert (row.status, row.reason) == ("declined", "العدد مكتمل")


def test_invitation_only_takes_nobody_who_was_not_invited():
    role = shift_role(way=Way.INVITATION)
    person, manager = volunteer(), manager_of(role.shift.opportunity.body)

    with pytest.raises(NotEligible):
        apply(person, role)
    assert not Application.objects.exists()

    row = commands.invite(person=person, shift_role_id=role.pk, by=manager, at=timezone.now())
    assert (row.status, row.origin) == (ApplicationStatus.OFFERED, Origin.INVITED)
    commands.confirm_place(application_id=row.pk, by=person, at=timezone.now())
    assert states(row) == ["confirmed"]


def test_two_places_at_one_time_are_refused_whole():
    shift = ShiftFactory()
    first = shift_role(shift=shift)
    clash = shift_role(
        shift=ShiftFactory(
            opportunity=shift.opportunity,
            starts_at=shift.starts_at + timedelta(hours=1),
            ends_at=shift.ends_at + timedelta(hours=1),
        )
    )
    person = volunteer()

    with pytest.raises(NotEligible, match=r"."):
        apply(person, first, clash)


def test_all_of_a_batch_or_none():
    shift = ShiftFactory()
    good = shift_role(shift=shift)
    late = shift_role(shift=ShiftFactory(opportunity=shift.opportunity,
                                         starts_at=timezone.now() - timedelta(hours=1)))  # fmt: skip
    person = volunteer()

    with pytest.raises(NotEligible):
        apply(person, late, good)


def test_nothing_chosen_is_said_so():
    with pytest.raises(NothingChosen):
        apply(volunteer())


def test_an_offer_that_runs_out_goes_to_the_next_and_running_twice_changes_nothing():
    role = shift_role(seats=1)
    row = application(role=role, status=ApplicationStatus.OFFERED)
    [waits] = apply(volunteer(), role)
    later = timezone.now() + timedelta(hours=49)
    Application.objects.filter(pk=row.pk).update(offer_expires_at=timezone.now())

    assert commands.expire_offers(at=timezone.now()) == 1
    assert commands.expire_offers(at=timezone.now()) == 0

    assert states(row, waits) == ["expired", "offered"]
    assert taken(role) == 1
    assert Application.objects.get(pk=waits.pk).offer_expires_at <= later


def test_an_expired_offer_cannot_be_confirmed_any_more():
    row = application(status=ApplicationStatus.OFFERED)
    late = timezone.now() + timedelta(hours=50)

    with pytest.raises(WrongState):
        commands.confirm_place(application_id=row.pk, by=row.person, at=late)
    assert states(row) == ["offered"]


def test_saying_yes_after_leaving_says_that_one_has_left():
    row = application(status=ApplicationStatus.OFFERED)
    commands.withdraw(application_id=row.pk, by=row.person, at=timezone.now())

    with pytest.raises(WrongState) as refusal:
        commands.confirm_place(application_id=row.pk, by=row.person, at=timezone.now())

    assert "سبق ترك هذا المكان" in str(refusal.value)
    assert states(row) == ["withdrawn"]


def test_nobody_else_confirms_or_leaves_ones_place():
    row = application(status=ApplicationStatus.OFFERED)
    other = volunteer()

    for act in (commands.confirm_place, commands.withdraw):
        with pytest.raises(NotAllowed):
            act(application_id=row.pk, by=other, at=timezone.now())
    assert states(row) == ["offered"]


def test_no_offer_goes_out_in_the_last_two_hours():
    shift = ShiftFactory(starts_at=timezone.now() + timedelta(hours=1))
    role = shift_role(seats=1, shift=shift)
    held = application(role=role)
    waits = application(role=role, status=ApplicationStatus.WAITING)

    commands.withdraw(application_id=held.pk, by=held.person, at=timezone.now())

    assert states(waits) == ["waiting"]
    assert taken(role) == 0


def test_a_cancelled_shift_frees_everyone_and_tells_why_once():
    role = shift_role(seats=2)
    rows = [application(role=role), application(role=role, status=ApplicationStatus.WAITING)]

    assert commands.release_cancelled_shift(
        shift_id=role.shift_id, reason="عاصفة رملية", at=timezone.now()
    ) == 2  # fmt: skip
    assert commands.release_cancelled_shift(
        shift_id=role.shift_id, reason="عاصفة رملية", at=timezone.now()
    ) == 0  # fmt: skip

    assert states(*rows) == ["expired", "expired"]
    assert taken(role) == 0
    assert Application.objects.get(pk=rows[0].pk).reason == "عاصفة رملية"


def test_a_moved_shift_carries_everyone_to_the_new_time():
    old = shift_role(seats=2)
    new_shift = ShiftFactory(
        opportunity=old.shift.opportunity, starts_at=old.shift.starts_at + timedelta(days=1)
    )
    new = shift_role(seats=2, shift=new_shift, role=old.role)
    placed = application(role=old)
    waits = application(role=old, status=ApplicationStatus.WAITING)

    commands.follow_moved_shifts(
        moves=[(old.shift_id, new_shift.pk)], reason="تعارض", at=timezone.now()
    )

    carried = dict(
        Application.objects.filter(shift=new_shift).values_list("person_id", "status")
    )
    assert carried == {placed.person_id: "offered", waits.person_id: "waiting"}
    assert (taken(old), taken(new)) == (0, 1)


def test_a_withdrawn_consent_frees_future_places():
    row = application()

    assert commands.free_places_of(
        person_id=row.person_id, reason="سحب الموافقة", at=timezone.now()
    ) == 1  # fmt: skip
    assert states(row) == ["withdrawn"]
    assert taken(row.shift_role) == 0


@pytest.mark.parametrize(
    ("came_to_need", "words"),
    [
        (True, "تاريخ الميلاد يجعل موافقة ولي الأمر لازمة أولًا."),
        (False, "سُحبت موافقة ولي الأمر."),
    ],
)
def test_the_reason_of_a_freed_place_is_the_true_one(came_to_need, words):
    row = application()

    receivers.free_places(ConsentWithdrawn(person_id=row.person_id, came_to_need=came_to_need))

    with translation.override("ar"):
        assert (states(row), Application.objects.get(pk=row.pk).why) == (["withdrawn"], words)


def test_the_reminder_goes_out_once():
    soon = shift_role(shift=ShiftFactory(starts_at=timezone.now() + timedelta(hours=40)))
    row = application(role=soon)
    Application.objects.filter(pk=row.pk).update(
        confirmed_at=timezone.now() - timedelta(days=3)
    )

    assert commands.remind_of_shifts(at=timezone.now()) == 1
    assert commands.remind_of_shifts(at=timezone.now()) == 0


def test_whoever_joined_in_the_last_two_days_is_not_asked_at_once_again():
    application(
        role=shift_role(shift=ShiftFactory(starts_at=timezone.now() + timedelta(hours=40)))
    )

    assert commands.remind_of_shifts(at=timezone.now()) == 0


def test_accepting_twice_is_accepting_once_and_counts_one_answer():
    role = shift_role(seats=2, way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    [row] = apply(volunteer(), role)

    for _ in range(2):
        commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    assert states(row) == ["offered"]
    assert taken(role) == 1
    assert role.shift.opportunity.body.figures.applications_answered == 1


def test_a_pause_keeps_new_people_out_but_not_those_it_holds_a_seat_for():
    role = shift_role()
    offered = application(role=role, status="offered")
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
        status="paused", intake_paused=True
    )

    with pytest.raises(NotEligible):
        apply(volunteer(), role)
    commands.confirm_place(application_id=offered.pk, by=offered.person, at=timezone.now())

    assert states(offered) == ["confirmed"]


def test_a_listing_that_ran_out_keeps_new_people_out_and_takes_no_place_back():
    role = shift_role(seats=3)
    held = application(role=role)
    offered = application(role=role, status="offered")
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
        reconfirm_by=timezone.localdate() - timedelta(days=1)
    )

    with pytest.raises(NotEligible):
        apply(volunteer(), role)
    commands.confirm_place(application_id=offered.pk, by=offered.person, at=timezone.now())
    commands.reconfirm_place(application_id=held.pk, by=held.person, at=timezone.now())

    assert states(held, offered) == ["confirmed", "confirmed"]
    assert Application.objects.count() == 2
    assert taken(role) == 2


def test_an_offer_made_in_the_last_two_hours_stands_until_the_start():
    shift = ShiftFactory(
        opportunity=OpportunityFactory(way=Way.BY_REQUEST),
        starts_at=timezone.now() + timedelta(hours=1),
    )
    role = shift_role(shift=shift)
    manager = manager_of(shift.opportunity.body)
    [row] = apply(volunteer(), role)

    commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    row.refresh_from_db()
    assert row.offer_expires_at == shift.starts_at
    commands.confirm_place(application_id=row.pk, by=row.person, at=timezone.now())
    assert states(row) == ["confirmed"]


def test_who_still_waits_when_the_shift_begins_is_told_and_the_silence_counts():
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    asks = application(role=role, status="applied")
    waits = application(role=role, status="waiting")
    begun = role.shift.starts_at

    assert commands.close_overtaken(at=begun - timedelta(minutes=1)) == 0
    assert commands.close_overtaken(at=begun) == 2
    assert commands.close_overtaken(at=begun) == 0

    assert states(asks, waits) == ["expired", "expired"]
    figures = role.shift.opportunity.body.figures
    assert (figures.applications_answered, figures.answered_in_time) == (1, 0)
    assert set(Message.objects.values_list("template", flat=True)) == {
        "placement.unanswered", "placement.line_closed",
    }  # fmt: skip


def test_whoever_s_role_is_gone_at_the_new_time_is_told_the_shift_is_off():
    old = shift_role()
    row = application(role=old)
    new = shift_role(shift=ShiftFactory(opportunity=old.shift.opportunity))

    commands.follow_moved_shifts(
        moves=[(old.shift_id, new.shift_id)], reason="تعارض", at=timezone.now()
    )

    assert states(row) == ["expired"]
    assert Message.objects.get().template == "placement.cancelled"


def test_two_roles_of_one_shift_are_one_too_many():
    first = shift_role()
    second = shift_role(shift=first.shift, role=OpportunityRole.objects.create(
        opportunity=first.shift.opportunity, title="منظم"))  # fmt: skip

    with pytest.raises(NothingChosen, match=r"."):
        apply(volunteer(), first, second)
    assert not Application.objects.exists()


def test_signing_up_takes_few_statements():
    role, person = shift_role(), volunteer()
    with CaptureQueriesContext(connection) as asked:
        apply(person, role)
    real = [q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(real) <= 18

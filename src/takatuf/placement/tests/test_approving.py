"""What a round proposes becomes an offer once the body says yes; a no says why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, Message
from takatuf.kernel.transitions import WrongState, history
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands, queries
from takatuf.placement.commands import approving, repairing
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    application,
    desk_person,
    manager_of,
    volunteer,
)
from takatuf.placement.tests.rounds import agreed, asks, place, solved, worked_out
from takatuf.registry.models import Body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def proposals(row, **which):
    return list(Proposal.objects.filter(round=row, **which).order_by("pk"))


def one_proposal(**fields):
    """A round with one proposal, and the manager who decides on it."""
    role = place(seats=1, **fields)
    agreed()
    row = solved()
    return proposals(row)[0], manager_of(role.shift.opportunity.body)


def everything():
    """All a refusal must leave as it was."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Proposal, ShiftRole, Message)
    ]


# ---------------------------------------------------------------- one by one
def test_an_approved_proposal_is_an_offer_with_a_deadline_and_one_message():
    proposal, manager = one_proposal()

    made = commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW())

    proposal.refresh_from_db()
    assert (proposal.status, proposal.application) == ("approved", made)
    assert proposal.decided_by == manager
    assert (made.status, made.origin, made.person) == ("offered", "round", proposal.person)
    assert made.offer_expires_at <= NOW() + timedelta(hours=48)
    assert ShiftRole.objects.get(pk=proposal.shift_role_id).taken == 1
    message = Message.objects.get(template="placement.proposed")
    assert message.person == proposal.person
    assert "http" in message.body
    assert proposal.round.__class__.objects.get().status == "approved"
    assert [e.action for e in history(proposal)] == ["approved"]
    assert [e.action for e in history(made)] == ["placed by a round"]
    commands.confirm_place(application_id=made.pk, by=proposal.person, at=NOW())


def test_who_had_asked_has_their_own_application_answered():
    role = place(seats=1)
    person = volunteer()
    asked = asks(person, role)
    [proposal] = proposals(solved())

    made = commands.approve_proposal(
        proposal_id=proposal.pk, by=manager_of(role.shift.opportunity.body), at=NOW()
    )

    assert made.pk == asked.pk
    assert (made.status, made.origin) == ("offered", "applied")
    assert Message.objects.filter(template="placement.offered").count() == 1
    assert Application.objects.count() == 1


def test_approving_twice_is_approving_once():
    proposal, manager = one_proposal()
    made = commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW())
    before = everything()
    assert commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW()) == made
    assert everything() == before


def test_the_round_is_approved_in_part_until_all_is_decided():
    role = place(seats=2)
    agreed()
    agreed()
    row = solved()
    manager = manager_of(role.shift.opportunity.body)
    first, second = proposals(row)

    commands.approve_proposal(proposal_id=first.pk, by=manager, at=NOW())
    row.refresh_from_db()
    assert row.status == "partly"
    commands.reject_proposal(proposal_id=second.pk, reason="يكفي واحد", by=manager, at=NOW())

    row.refresh_from_db()
    second.refresh_from_db()
    assert row.status == "approved"
    assert (second.status, second.reason, second.decided_by) == (
        "rejected", "يكفي واحد", manager,
    )  # fmt: skip
    assert [e.action for e in history(row)][-2:] == ["partly_approved", "approved"]
    assert not Message.objects.filter(person=second.person).exists()


# ---------------------------------------------------------------- who may
def test_the_bodys_manager_decides_and_the_desk_only_where_the_head_allows_it():
    proposal, _manager = one_proposal()
    desk, stranger = desk_person(), manager_of(OpportunityFactory().body)
    before = everything()
    for by in (desk, stranger, proposal.person):
        with pytest.raises(NotAllowed):
            commands.approve_proposal(proposal_id=proposal.pk, by=by, at=NOW())
        with pytest.raises(NotAllowed):
            commands.reject_proposal(proposal_id=proposal.pk, reason="لا", by=by, at=NOW())
        for bodies in (None, [proposal.body_id]):
            with pytest.raises(NotAllowed):
                commands.approve_all(
                    matching_round=proposal.round, bodies=bodies, by=by, at=NOW()
                )
    assert everything() == before

    Body.objects.filter(pk=proposal.body_id).update(desk_may_place=True)
    commands.approve_proposal(proposal_id=proposal.pk, by=desk, at=NOW())
    proposal.refresh_from_db()
    assert proposal.status == "approved"


def test_nobody_approves_a_place_for_themselves():
    role = place(seats=1)
    manager = manager_of(role.shift.opportunity.body)
    agreed()
    row = solved()
    [proposal] = proposals(row)
    Proposal.objects.filter(pk=proposal.pk).update(person=manager)
    before = everything()

    with pytest.raises(NotAllowed, match="colleague"):
        commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW())
    assert everything() == before
    outcome = commands.approve_all(matching_round=row, by=manager, at=NOW())
    assert [words for _p, words in outcome.left] == [str(approving.OWN)]
    assert [p.status for p in proposals(row)] == ["proposed"]
    assert not Application.objects.exists()


def test_a_rejection_needs_a_reason():
    proposal, manager = one_proposal()
    before = everything()
    with pytest.raises(DomainError, match="Say why"):
        commands.reject_proposal(proposal_id=proposal.pk, reason="  ", by=manager, at=NOW())
    assert everything() == before


def test_a_reason_is_kept_whole_or_refused():
    proposal, manager = one_proposal()
    before = everything()
    with pytest.raises(DomainError, match="400 characters"):
        commands.reject_proposal(
            proposal_id=proposal.pk, reason="ن" * 401, by=manager, at=NOW()
        )
    assert everything() == before

    commands.reject_proposal(proposal_id=proposal.pk, reason="ن" * 400, by=manager, at=NOW())
    proposal.refresh_from_db()
    assert proposal.reason == "ن" * 400


# ---------------------------------------------------------------- what no longer fits
def spoil_age(proposal):
    person = proposal.person
    person.birth_date = None
    person.save()


def spoil_clash(proposal):
    shift = place(10, way=Way.OPEN)
    application(person=proposal.person, role=shift)


def spoil_seat(proposal):
    application(role=proposal.shift_role)


def spoil_shift(proposal):
    proposal.shift.__class__.objects.filter(pk=proposal.shift_id).update(
        status="cancelled", reason="عاصفة"
    )


def spoil_place(proposal):
    """Invited meanwhile, by hand: a place in this shift already."""
    application(person=proposal.person, role=proposal.shift_role)
    ShiftRole.objects.filter(pk=proposal.shift_role_id).update(seats=9)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_age, "Does not fit any more: Age"), (spoil_clash, "No clash"),
        (spoil_seat, "No seat is left"), (spoil_shift, "Taking people"),
        (spoil_place, "place in this shift already"),
    ],
)  # fmt: skip
def test_what_no_longer_fits_is_refused_with_the_sentence_that_says_why(spoil, words):
    proposal, manager = one_proposal()
    spoil(proposal)
    before = everything()
    with pytest.raises(commands.CannotApprove, match=words):
        commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW())
    assert everything() == before


def test_in_bulk_it_is_left_and_everybody_else_goes_through():
    roles = [place(hours, seats=2) for hours in (8, 12, 16)]
    for _ in range(6):
        agreed()
    row = solved()
    managers = [manager_of(role.shift.opportunity.body) for role in roles]
    bad = proposals(row, body=roles[0].shift.opportunity.body)[0]
    spoil_age(bad)

    outcome = commands.approve_all(matching_round=row, by=managers[0], at=NOW())

    assert len(outcome.approved) == 1
    [(left, words)] = outcome.left
    assert left == bad
    assert "Age" in words
    bad.refresh_from_db()
    assert (bad.status, bad.decided_by) == ("lapsed", managers[0])
    assert [(e.action, e.actor) for e in history(bad)] == [("lapsed", managers[0].ref)]
    with translation.override("ar"):
        assert "العمر" in bad.why
    for manager in managers[1:]:
        assert len(commands.approve_all(matching_round=row, by=manager, at=NOW()).approved) == 2
    row.refresh_from_db()
    assert row.status == "approved"
    assert Application.objects.filter(status="offered").count() == 5


def test_the_round_looks_for_somebody_else_where_one_no_longer_fits():
    proposal, manager = one_proposal()
    spoil_age(proposal)

    commands.approve_all(matching_round=proposal.round, by=manager, at=NOW())

    assert not queries.undecided_ids(proposal.round)
    assert Job.objects.filter(task=repairing.propose_more.module_path).count() == 1
    run_jobs()
    assert [p.status for p in proposals(proposal.round)] == ["lapsed"]
    assert not queries.unlike_their_proposals().exists()


def test_a_body_is_approved_for_alone_and_another_is_untouched():
    ours, theirs = place(8, seats=1), place(12, seats=1)
    agreed()
    agreed()
    row = solved()
    desk = desk_person()
    Body.objects.filter(is_desk=False).update(desk_may_place=True)

    outcome = commands.approve_all(
        matching_round=row, bodies=[ours.shift.opportunity.body_id], by=desk, at=NOW()
    )

    assert [a.shift_role_id for a in outcome.approved] == [ours.pk]
    assert [p.status for p in proposals(row, shift_role=theirs)] == ["proposed"]


def test_several_shifts_of_one_opportunity_make_one_message():
    first = place(8, seats=1)
    opportunity = first.shift.opportunity
    second = place(13, seats=1)
    second.shift.opportunity = second.role.opportunity = opportunity
    second.shift.save()
    second.role.save()
    agreed()
    row = solved()
    assert len(proposals(row)) == 2

    commands.approve_all(matching_round=row, by=manager_of(opportunity.body), at=NOW())

    [message] = Message.objects.filter(template="placement.proposed")
    assert message.body.count("http") >= 3


def test_many_are_approved_by_a_job_that_goes_on_where_it_stopped(monkeypatch):
    role = place(seats=3)
    for _ in range(3):
        agreed()
    row = solved()
    monkeypatch.setattr(approving, "AT_ONCE", 2)
    manager = manager_of(role.shift.opportunity.body)

    outcome = commands.approve_all(matching_round=row, by=manager, at=NOW())
    assert (outcome.later, outcome.approved) == (3, [])
    assert not Application.objects.exists()
    commands.approve_proposal(proposal_id=proposals(row)[0].pk, by=manager, at=NOW())
    run_jobs()

    assert Application.objects.filter(status="offered").count() == 3
    before = everything()
    approving.approve_rest.func(row.pk, [role.shift.opportunity.body_id], manager.pk)
    assert everything() == before


def test_the_job_does_nothing_for_somebody_whose_office_ended():
    proposal, manager = one_proposal()
    manager.offices.all().delete()
    before = everything()
    approving.approve_rest.func(proposal.round_id, [proposal.body_id], manager.pk)
    assert everything() == before


def test_nothing_is_approved_in_a_round_that_is_over():
    proposal, manager = one_proposal()
    row = proposal.round
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    row.refresh_from_db()
    before = everything()
    for act in (
        lambda: commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW()),
        lambda: commands.approve_all(matching_round=row, by=manager, at=NOW()),
        lambda: commands.reject_proposal(
            proposal_id=proposal.pk, reason="لا", by=manager, at=NOW()
        ),
    ):
        with pytest.raises(WrongState):
            act()
    assert everything() == before


def test_a_round_with_a_rejection_can_be_worked_out_again_and_still_be_verified():
    role = place(seats=1)
    agreed()
    agreed()
    row = solved()
    [proposal] = proposals(row)
    commands.reject_proposal(
        proposal_id=proposal.pk,
        reason="لا",
        by=manager_of(role.shift.opportunity.body),
        at=NOW(),
    )
    row = worked_out(row)
    assert [p.person_id != proposal.person_id for p in proposals(row, status="proposed")] == [1]
    assert not queries.unlike_their_plans().exists()


# ---------------------------------------------------------------- as it grows
@pytest.mark.parametrize("many", [2, 6])
def test_approving_asks_the_same_few_questions_for_each(many):
    role = place(seats=many)
    for _ in range(many):
        agreed()
    row = solved()
    manager = manager_of(role.shift.opportunity.body)
    with CaptureQueriesContext(connection) as asked:
        commands.approve_all(matching_round=row, by=manager, at=NOW())
    assert len(asked) == 19 + 26 * many

"""What the commands of opportunities do, and refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest

from takatuf.kernel import traces
from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.models import SearchDocument
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import WrongState, history
from takatuf.needs.enums import NeedStatus
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities import commands
from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.errors import (
    CannotChange,
    EditedMeanwhile,
    GateSaysNo,
    PeoplePlaced,
)
from takatuf.opportunities.models import Opportunity, ShiftRole
from takatuf.opportunities.tests.factories import (
    NOW,
    actions,
    manager_of,
    opportunity,
    published,
)
from takatuf.registry.models import BodyFigures
from takatuf.registry.tests.factories import BodyFactory, PersonFactory, SkillFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# ---------------------------------------------------------------- drafting
def test_a_draft_begins_with_one_role_and_the_bodys_place(by):
    body = BodyFactory()

    made = commands.create_draft(body=body, by=by, at=NOW)

    assert made.status == OpportunityStatus.DRAFT
    assert made.governorate == body.governorate
    assert made.roles.count() == 1
    assert actions(made) == ["created"]


def test_a_draft_for_a_need_carries_what_the_need_says(by):
    need = NeedFactory(title="تشجير حي المروج", place="حي المروج")

    made = commands.create_draft(body=BodyFactory(), by=by, at=NOW, need=need)

    assert (made.need, made.title, made.place) == (need, need.title, need.place)
    assert (made.field, made.governorate) == (need.field, need.governorate)


def test_saving_a_step_bumps_the_version_and_the_score(by):
    made = commands.create_draft(body=BodyFactory(), by=by, at=NOW)

    saved = commands.save_step(
        opportunity_id=made.pk,
        version=1,
        changes={"title": "إسعاف زوار الكورنيش"},
        by=by,
        at=NOW,
    )

    assert (saved.version, saved.quality) == (2, 1)


def test_of_two_who_edit_at_once_the_second_is_told_and_the_first_keeps(by):
    made = commands.create_draft(body=BodyFactory(), by=by, at=NOW)
    commands.save_step(
        opportunity_id=made.pk, version=1, changes={"title": "أول"}, by=by, at=NOW
    )

    with pytest.raises(EditedMeanwhile):
        commands.save_step(
            opportunity_id=made.pk, version=1, changes={"title": "ثان"}, by=by, at=NOW
        )

    made.refresh_from_db()
    assert made.title == "أول"


def test_what_people_signed_up_for_stays_as_published(by):
    made = published()

    with pytest.raises(CannotChange):
        commands.save_step(
            opportunity_id=made.pk, version=1, changes={"min_age": 30}, by=by, at=NOW
        )

    made.refresh_from_db()
    assert (made.min_age, made.version) == (18, 1)


def test_a_published_text_may_be_put_right_and_history_says_so(by):
    made = published()

    commands.save_step(
        opportunity_id=made.pk, version=1, changes={"place": "الحديقة"}, by=by, at=NOW
    )

    entry = history(made).last()
    assert (entry.action, entry.note.changes) == (
        "edited",
        {"place": ["مستودع الجمعية", "الحديقة"]},
    )


def test_a_published_one_keeps_to_the_gate(by):
    made = published()

    with pytest.raises(GateSaysNo):
        commands.save_step(
            opportunity_id=made.pk, version=1, changes={"safety": ""}, by=by, at=NOW
        )

    made.refresh_from_db()
    assert made.safety


def test_roles_are_added_changed_and_removed_but_never_the_last(by):
    made = commands.create_draft(body=BodyFactory(), by=by, at=NOW)
    first = made.roles.get()
    second = commands.save_role(
        opportunity_id=made.pk, title="مسعف", skill=SkillFactory(), level=2, least_basis="course",
        by=by, at=NOW,
    )  # fmt: skip

    commands.remove_role(opportunity_id=made.pk, role_id=first.pk, by=by, at=NOW)
    noted = len(history(made))
    commands.remove_role(opportunity_id=made.pk, role_id=first.pk, by=by, at=NOW)  # again
    assert len(history(made)) == noted
    with pytest.raises(CannotChange):
        commands.remove_role(opportunity_id=made.pk, role_id=second.pk, by=by, at=NOW)

    assert [role.title for role in made.roles.all()] == ["مسعف"]


def test_two_roles_do_not_share_a_name(by):
    made = commands.create_draft(body=BodyFactory(), by=by, at=NOW)
    title = made.roles.get().title

    with pytest.raises(CannotChange):
        commands.save_role(opportunity_id=made.pk, title=title, by=by, at=NOW)

    assert made.roles.count() == 1


# ---------------------------------------------------------------- the gate
def test_a_good_draft_is_published_at_once_listed_and_found(by):
    made = opportunity()

    verdict = commands.submit(opportunity_id=made.pk, by=by, at=NOW)

    made.refresh_from_db()
    assert verdict.score == 10
    assert made.status == OpportunityStatus.PUBLISHED
    assert made.listed
    assert made.reconfirm_by == (NOW + 30 * DAY).date()
    assert SearchDocument.objects.filter(kind="opportunity", title=made.title).exists()
    assert actions(made) == ["submitted", "published by the gate"]


def test_a_middling_draft_waits_for_a_reviewer_who_is_somebody_else(by):
    made = opportunity(title="متطوعين", tasks=[], training="")
    commands.submit(opportunity_id=made.pk, by=by, at=NOW)
    made.refresh_from_db()
    assert made.status == OpportunityStatus.IN_REVIEW

    with pytest.raises(SamePerson):
        commands.publish(opportunity_id=made.pk, by=by, at=NOW)
    made.refresh_from_db()
    assert made.status == OpportunityStatus.IN_REVIEW

    commands.publish(opportunity_id=made.pk, by=PersonFactory(), at=NOW)
    made.refresh_from_db()
    assert made.status == OpportunityStatus.PUBLISHED


def test_a_poor_draft_comes_back_with_its_reasons(by):
    made = opportunity(safety="", title="متطوعين")

    commands.submit(opportunity_id=made.pk, by=by, at=NOW)

    made.refresh_from_db()
    assert made.status == OpportunityStatus.RETURNED
    assert len(history(made).last().note.reason.splitlines()) == 2
    assert not made.listed


def test_a_reviewer_returns_only_with_a_reason(by):
    made = opportunity(title="متطوعين", tasks=[], training="")
    commands.submit(opportunity_id=made.pk, by=by, at=NOW)
    reviewer = PersonFactory()

    with pytest.raises(CannotChange):
        commands.return_with_reasons(opportunity_id=made.pk, reason=" ", by=reviewer, at=NOW)
    commands.return_with_reasons(
        opportunity_id=made.pk, reason="وضح المهام", by=reviewer, at=NOW
    )

    made.refresh_from_db()
    assert made.status == OpportunityStatus.RETURNED
    commands.submit(opportunity_id=made.pk, by=by, at=NOW)


def test_publishing_takes_the_need_into_the_plan(by):
    made = opportunity()
    need = Need.objects.create(
        code="N1", title="حاجة", description="وصف", field=made.field, governorate=made.governorate,
        target_group="everyone", urgency=1, status=NeedStatus.VALIDATED, reported_at=NOW,
        decided_at=NOW, due_at=NOW,
    )  # fmt: skip
    Opportunity.objects.filter(pk=made.pk).update(need=need)

    commands.submit(opportunity_id=made.pk, by=by, at=NOW)

    need.refresh_from_db()
    assert need.status == NeedStatus.IN_PLAN


# ---------------------------------------------------------------- life
def test_pausing_takes_it_off_the_list_and_resuming_puts_it_back(by):
    made = published()

    commands.pause(opportunity_id=made.pk, by=by, at=NOW)
    made.refresh_from_db()
    assert (made.status, made.intake_paused, made.listed) == ("paused", True, False)

    commands.resume(opportunity_id=made.pk, by=by, at=NOW + DAY)
    made.refresh_from_db()
    assert (made.status, made.intake_paused, made.listed) == ("published", False, True)
    assert made.reconfirm_by == (NOW + 31 * DAY).date()


def test_resuming_one_whose_shifts_have_begun_runs_it_again(by):
    made = published()
    commands.start_shift(shift_id=made.shifts.earliest("starts_at").pk, by=by, at=NOW + 7 * DAY)
    commands.pause(opportunity_id=made.pk, by=by, at=NOW)

    commands.resume(opportunity_id=made.pk, by=by, at=NOW)

    made.refresh_from_db()
    assert made.status == OpportunityStatus.RUNNING


def test_confirming_again_gives_thirty_days(by):
    made = published()

    commands.reconfirm(opportunity_id=made.pk, by=by, at=NOW + 20 * DAY)

    made.refresh_from_db()
    assert made.reconfirm_by == (NOW + 50 * DAY).date()


def test_a_draft_has_nothing_to_confirm(by):
    made = opportunity()

    with pytest.raises(CannotChange):
        commands.reconfirm(opportunity_id=made.pk, by=by, at=NOW)


def test_cancelling_the_whole_needs_a_reason_and_cancels_every_shift(by):
    made = published()

    with pytest.raises(CannotChange):
        commands.cancel_opportunity(opportunity_id=made.pk, reason="", by=by, at=NOW)
    made.refresh_from_db()
    assert made.status == OpportunityStatus.PUBLISHED

    commands.cancel_opportunity(opportunity_id=made.pk, reason="عاصفة رملية", by=by, at=NOW)
    made.refresh_from_db()
    assert made.status == OpportunityStatus.CANCELLED
    assert set(made.shifts.values_list("status", "reason")) == {("cancelled", "عاصفة رملية")}
    assert not SearchDocument.objects.exists()


def test_a_draft_is_discarded_without_a_reason(by):
    made = opportunity()

    commands.cancel_opportunity(opportunity_id=made.pk, reason="", by=by, at=NOW)

    made.refresh_from_db()
    assert made.status == OpportunityStatus.CANCELLED


def test_closing_early_is_refused_while_somebody_counts_on_it(by):
    made = published()
    commands.take_role_seat(ShiftRole.objects.earliest("pk").pk)

    with pytest.raises(PeoplePlaced):
        commands.close_opportunity(opportunity_id=made.pk, by=by, at=NOW)

    made.refresh_from_db()
    assert made.status == OpportunityStatus.PUBLISHED


def test_the_last_shift_closes_the_opportunity(by):
    made = published()
    first, last = made.shifts.order_by("starts_at")

    commands.start_shift(shift_id=first.pk, by=by, at=first.starts_at)
    made.refresh_from_db()
    assert (made.status, made.shift_count, made.seats_total) == ("running", 1, 5)
    commands.close_shift(shift_id=first.pk, by=by, at=first.ends_at)
    made.refresh_from_db()
    assert made.status == OpportunityStatus.RUNNING
    commands.start_shift(shift_id=last.pk, by=by, at=last.starts_at)
    commands.close_shift(shift_id=last.pk, by=by, at=last.ends_at)

    made.refresh_from_db()
    assert (made.status, made.closed_at, made.listed) == ("closed", last.ends_at, False)
    assert BodyFigures.objects.get(body=made.body).shifts_held == 2
    with pytest.raises(WrongState):
        commands.close_shift(shift_id=last.pk, by=by, at=last.ends_at)


# ---------------------------------------------------------------- seats
def test_seats_and_the_listing_count_together():
    made = published(seats=1)
    role = ShiftRole.objects.earliest("pk")

    assert commands.take_role_seat(role.pk) is True
    assert commands.take_role_seat(role.pk) is False
    made.refresh_from_db()
    assert (made.seats_taken, made.seats_total) == (1, 2)

    commands.release_role_seat(role.pk)
    made.refresh_from_db()
    assert made.seats_taken == 0
    with pytest.raises(AssertionError):
        commands.release_role_seat(role.pk)


def test_a_walk_in_to_a_running_shift_is_not_counted_in_the_listing(by):
    made = published()
    shift = made.shifts.earliest("starts_at")
    commands.start_shift(shift_id=shift.pk, by=by, at=shift.starts_at)

    commands.take_role_seat(shift.roles.get().pk)

    made.refresh_from_db()
    assert (made.seats_total, made.seats_taken) == (5, 0)
    assert manager_of(made.body)
    assert made.hours_estimate == Decimal(6)


# ---------------------------------------------------------------- traces
def test_what_is_published_for_a_need_is_traced_to_it_and_what_moves_to_what_it_was(by):
    made = opportunity(need=NeedFactory(status=NeedStatus.VALIDATED, decided_at=NOW))
    commands.submit(opportunity_id=made.pk, by=by, at=NOW)
    assert traces.sources(made.need, "answers") == [reference(made)]
    shift = made.shifts.earliest("starts_at")
    times = {"starts_at": shift.starts_at + 3 * DAY, "ends_at": shift.ends_at + 3 * DAY}

    [there] = commands.move_shift(shift_id=shift.pk, reason="rain", by=by, at=NOW, **times)

    assert traces.sources(shift, "supersedes") == [reference(there)]

"""Opening, starting, cancelling and closing a matching round; who may, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Job
from takatuf.kernel.transitions import WrongState, history
from takatuf.opportunities.enums import Way
from takatuf.placement import commands, queries
from takatuf.placement.enums import ROUND_STEPS, ApplicationStatus, RoundStatus
from takatuf.placement.models import Application, Round
from takatuf.placement.rounds.settings import SETTINGS, BadSetting, defaults
from takatuf.placement.tests.factories import (
    days_ahead,
    desk_person,
    manager_of,
    shift_role,
    volunteer,
)
from takatuf.registry.models import Body
from takatuf.registry.tests.factories import BodyFactory, GovernorateFactory, OfficeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def opened(body=None, by=None, *, options=None, **scope):
    body = body or BodyFactory()
    return commands.open_round(
        body=body, scope=commands.Scope(**(days_ahead() | scope)), options=options,
        by=by or manager_of(body), at=NOW(),
    )  # fmt: skip


def desk_body():
    return Body.objects.get(is_desk=True)


# ---------------------------------------------------------------- opening
def test_a_manager_opens_a_round_for_the_own_body_alone():
    body, other = BodyFactory(), BodyFactory()
    row = opened(body, bodies=[body])

    assert list(row.bodies.all()) == [body]
    assert row.status == RoundStatus.DRAFT
    assert row.options == defaults()
    with pytest.raises(commands.CannotOpen, match="own shifts"):
        opened(body, bodies=[other])
    with pytest.raises(NotAllowed):
        opened(other, by=manager_of(body))
    assert Round.objects.count() == 1


def test_the_desk_opens_one_for_the_region():
    person = desk_person()
    row = opened(desk_body(), by=person)

    assert not row.bodies.exists()
    assert [e.action for e in history(row)] == ["opened"]


def test_a_manager_of_the_association_is_not_the_desk():
    desk_person()
    with pytest.raises(NotAllowed):
        opened(desk_body())


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(1, 0, "before the first"), (-9, -3, "are over"), (0, 28, "four weeks")],
)
def test_days_that_make_no_sense_are_refused(first, last, words):
    today = timezone.localdate()
    with pytest.raises(commands.CannotOpen, match=words):
        opened(first_day=today + timedelta(days=first), last_day=today + timedelta(days=last))
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    "options",
    [{"spread": -1}, {"spread": 99_999}, {"gap": 0.5}, {"nothing": 1}, {"away": True}],
)
def test_settings_outside_their_bounds_are_refused(options):
    with pytest.raises(BadSetting):
        opened(options=options)
    assert not Round.objects.exists()


def test_every_setting_says_what_it_is_for_and_starts_within_its_bounds():
    for setting in SETTINGS.values():
        assert str(setting.title)
        assert len(str(setting.explanation)) > 20
        assert setting.least <= setting.default <= setting.most


# ---------------------------------------------------------------- its life
def test_starting_leaves_the_work_to_a_job():
    row = opened()
    manager = row.opened_by

    started = commands.start_round(
        matching_round=row, options={"spread": 300}, by=manager, at=NOW()
    )

    assert started.status == RoundStatus.SOLVING
    assert started.options["spread"] == 300
    [job] = Job.objects.filter(task__endswith="work_out_round")
    assert job.args == [row.pk, 1]
    assert 0 < started.seconds_left(at=NOW()) <= SETTINGS["seconds"].default
    with pytest.raises(WrongState):
        commands.start_round(matching_round=row, by=manager, at=NOW())


def test_a_strange_manager_neither_starts_nor_cancels_nor_closes():
    row, stranger = opened(), manager_of(BodyFactory())
    for command in (commands.start_round, commands.cancel_round, commands.close_round):
        with pytest.raises(NotAllowed):
            command(matching_round=row, by=stranger, at=NOW())
    row.refresh_from_db()
    assert row.status == RoundStatus.DRAFT


def test_a_round_at_work_is_cancelled_and_stays_so():
    row = opened()
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW())
    commands.cancel_round(matching_round=row, by=row.opened_by, at=NOW())

    for command in (commands.start_round, commands.cancel_round, commands.close_round):
        with pytest.raises(WrongState):
            command(matching_round=row, by=row.opened_by, at=NOW())
    row.refresh_from_db()
    assert row.status == RoundStatus.CANCELLED
    assert [e.action for e in history(row)] == ["opened", "started", "cancelled"]


def test_a_round_whose_worker_is_gone_for_good_has_failed_and_can_be_started_again():
    row = opened()
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW())

    assert commands.give_up_stalled(at=NOW() + timedelta(minutes=90)) == 0
    assert commands.give_up_stalled(at=NOW() + timedelta(hours=3)) == 1

    row.refresh_from_db()
    assert row.status == RoundStatus.FAILED
    assert "again" in row.failure
    again = commands.start_round(matching_round=row, by=row.opened_by, at=NOW())
    assert (again.status, again.attempt, again.failure) == (RoundStatus.SOLVING, 2, "")


def test_no_state_leads_nowhere_but_the_last_ones():
    ends = {status for status in RoundStatus if not ROUND_STEPS.get(status)}
    assert ends == {RoundStatus.CLOSED, RoundStatus.CANCELLED}


# ---------------------------------------------------------------- opportunities filled by round
def test_asking_where_a_round_decides_waits_for_the_round_and_says_so():
    role = shift_role(way=Way.ROUND)
    person = volunteer()

    [row] = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=NOW())

    assert row.status == ApplicationStatus.APPLIED
    assert row.answer_due_at is None
    assert person.messages.get().template == "placement.received_round"
    body = role.shift.opportunity.body_id
    assert queries.waiting_by_opportunity([body]) == []
    assert not queries.waiting_for_body(role.shift.opportunity.body, None).exists()


def test_a_shift_that_begins_without_a_round_is_no_answer_the_body_owed():
    role = shift_role(way=Way.ROUND)
    person = volunteer()
    [row] = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=NOW())

    commands.close_overtaken(at=role.shift.starts_at)

    row = Application.objects.get(pk=row.pk)
    assert row.status == ApplicationStatus.EXPIRED
    assert not Body.objects.filter(
        pk=role.shift.opportunity.body_id, figures__applications_answered__gt=0
    ).exists()
    assert person.messages.latest("pk").template == "placement.line_closed"


# ---------------------------------------------------------------- what a round is to fill
def test_a_round_fills_free_seats_to_come_in_its_scope():
    person = desk_person()
    wanted = shift_role(way=Way.ROUND)
    unasked = [
        shift_role(way=Way.OPEN),
        shift_role(way=Way.INVITATION),
        shift_role(way=Way.ROUND, status="paused", intake_paused=True),
        shift_role(way=Way.ROUND, reconfirm_by=timezone.localdate() - timedelta(days=1)),
    ]
    full = shift_role(way=Way.ROUND, seats=1)
    type(full).objects.filter(pk=full.pk).update(taken=1)
    elsewhere = shift_role(way=Way.ROUND)
    body = wanted.shift.opportunity.body
    row = opened(desk_body(), by=person, bodies=[body])

    assert set(queries.places_in(row, at=NOW())) == {wanted}
    to_fill = queries.bodies_to_fill(NOW())
    assert body in to_fill
    assert unasked[-1].shift.opportunity.body not in to_fill
    row.bodies.clear()
    assert set(queries.places_in(row, at=NOW())) == {wanted, elsewhere}
    row.all_ways = True
    assert set(queries.places_in(row, at=NOW())) == {wanted, elsewhere, unasked[0]}
    far = shift_role(way=Way.ROUND, governorate=GovernorateFactory(code="far"))
    row.governorates.set([far.shift.opportunity.governorate])
    assert set(queries.places_in(row, at=NOW())) == {far}
    assert not queries.places_in(row, at=far.shift.starts_at + timedelta(minutes=1)).exists()


def test_the_desk_sees_all_rounds_and_a_manager_the_own():
    person = desk_person()
    regional, mine = opened(desk_body(), by=person), opened()
    assert set(queries.rounds_visible_to(person)) == {regional, mine}
    assert set(queries.rounds_visible_to(mine.opened_by)) == {mine}
    assert not queries.rounds_visible_to(OfficeFactory(role="reviewer").person).exists()

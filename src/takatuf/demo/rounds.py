"""Matching rounds at every point of their life, and places that look for somebody else."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from takatuf.demo.past import work_fields
from takatuf.demo.words import WORK
from takatuf.demo.world import World
from takatuf.kernel.errors import DomainError
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, ShiftRole
from takatuf.placement import commands as placement
from takatuf.placement.commands import replanning, solving, trying
from takatuf.placement.models import Application, Proposal, Round
from takatuf.registry.models import Availability, VolunteerProfile

AGREED = slice(60, 220)  # of the volunteers: who may be proposed
ASKING, CHOICE = 6, 40  # people who ask at each body, and among how many they are found
KINDS = (  # none asks for a skill
    ("planting", "تشجير مداخل الحي"),
    ("visits", "مجالسة كبار السن عصرًا"),
    ("food_baskets", "فرز السلال الغذائية"),
    ("facades", "طلاء أسوار الحديقة"),
)
NOT_NOW = "رُشّح لنا من يعرف الموقع من قبل."


def add_rounds(world: World) -> None:
    world.say("matching rounds")
    home = world.bodies[0].governorate  # where most people live
    waiting, partly, approved, closed, *others = sorted(
        world.bodies, key=lambda body: body.governorate != home
    )
    _agree(world)
    for number, body in enumerate((waiting, partly, approved, closed)):
        _filled_by_round(world, body, number)
    _tried(world, _worked_out(world, waiting))
    _partly(world, _worked_out(world, partly))
    _approved(world, _worked_out(world, approved))
    _closed(world, _worked_out(world, closed))
    _worked_out(world, others[0])  # fails: it has no shift to fill
    placement.cancel_round(
        matching_round=_opened(world, others[1]), by=_manager(world, others[1]), at=_now()
    )
    _of_the_region(world)


def _now():
    """Not the load's beginning: a round counts the seconds it may take."""
    return timezone.now()


def _manager(world: World, body):
    return world.managers[body.pk][0]


def _agree(world: World) -> None:
    people = world.volunteers[AGREED]
    Availability.objects.filter(profile__person__in=people).delete()
    VolunteerProfile.objects.filter(person__in=people).update(
        proposals_agreed_at=world.now, reach_km=60
    )


def _filled_by_round(world: World, body, number: int) -> None:
    """Three shifts of an opportunity the round fills, and who asked for the first."""
    work, title = KINDS[number]
    manager, made = _manager(world, body), world.now - timedelta(days=5)
    draft = opportunities.create_draft(body=body, by=manager, at=made)
    values = work_fields(world, body, replace(WORK[work], title=title)) | {
        "supervisor": manager, "supervisor_role": "إدارة وحدة التطوع", "way": Way.ROUND,
        "hours_estimate": 9,
    }  # fmt: skip
    Opportunity.objects.filter(pk=draft.pk).update(**values)
    role = draft.roles.get()
    for day in (5, 6, 9):
        start = world.local(day, 16)
        opportunities.add_shift(
            opportunity_id=draft.pk, starts_at=start, ends_at=start + timedelta(hours=3),
            seats={role.pk: (2, 4)}, by=manager, at=made,
        )  # fmt: skip
    opportunities.submit(opportunity_id=draft.pk, by=manager, at=made)
    first = ShiftRole.objects.filter(shift__opportunity=draft).order_by("shift__starts_at")[0]
    begin, asking = AGREED.start + number * CHOICE, 0
    for person in world.volunteers[begin : begin + CHOICE]:
        VolunteerProfile.objects.filter(person=person).update(weekly_minutes=1_200)
        with suppress(DomainError):  # who is elsewhere at that time, or too far away, does not
            placement.apply(
                person=person, shift_role_ids=[first.pk], by=person,
                at=world.now - timedelta(days=2),
            )  # fmt: skip
            asking += 1
        if asking == ASKING:
            return


def _opened(world: World, body, *, by=None) -> Round:
    today = timezone.localdate(world.now)
    scope = placement.Scope(first_day=today, last_day=today + timedelta(days=13))
    return placement.open_round(
        body=body, scope=scope, by=by or _manager(world, body), at=_now()
    )


def _worked_out(world: World, body) -> Round:
    made = placement.start_round(
        matching_round=_opened(world, body), by=_manager(world, body), at=_now(),
        enqueue=False,
    )  # fmt: skip
    solving.work_out(made.pk, made.attempt)
    made.refresh_from_db()
    return made


def _undecided(made: Round) -> list[Proposal]:
    return list(made.proposals.filter(status="proposed").order_by("pk"))


def _tried(world: World, made: Round) -> None:
    """Other settings beside the plan; of one the worker will say what they give."""
    by = _manager(world, made.body)
    for options in ({"spread": 1000}, {"away": 40}):
        trial = placement.try_settings(matching_round=made, options=options, by=by, at=_now())
        if "spread" in options:
            trying.try_out(trial.pk)


def _partly(world: World, made: Round) -> None:
    """Some approved; one refused the place, so the next has it; one not approved."""
    by = _manager(world, made.body)
    first, second, third, *_rest = _undecided(made)
    for proposal in (first, second):
        placement.approve_proposal(proposal_id=proposal.pk, by=by, at=_now())
    placement.reject_proposal(proposal_id=third.pk, reason=NOT_NOW, by=by, at=_now())
    refused = Application.objects.get(proposal=first)
    placement.withdraw(application_id=refused.pk, by=refused.person, at=_now())
    replanning.pass_seat_on(refused.pk)


def _approved(world: World, made: Round) -> None:
    """Everybody hears; half have said yes, and some of them look for somebody instead."""
    by = _manager(world, made.body)
    offers = placement.approve_all(matching_round=made, by=by, at=_now()).approved
    for offer in offers[::2]:
        placement.confirm_place(application_id=offer.pk, by=offer.person, at=_now())
    _covers(world, offers[::2])


def _covers(world: World, places: list[Application]) -> None:
    asked = [
        placement.ask_for_cover(application_id=place.pk, by=place.person, at=_now())
        for place in places[:4]
    ]
    still, taken, back, left = asked
    placement.ask_around(cover_id=still.pk, at=_now())
    stranger = next(
        person for person in world.volunteers[AGREED.stop :]
        if not Application.objects.filter(person=person).exists()
    )  # fmt: skip
    placement.take_cover(cover_id=taken.pk, by=stranger, at=_now())
    owner = back.application.person
    placement.call_back_cover(cover_id=back.pk, by=owner, at=_now())
    owner = left.application.person
    placement.withdraw(application_id=left.application_id, by=owner, at=_now())
    replanning.pass_seat_on(left.application_id)


def _closed(world: World, made: Round) -> None:
    """One place came of it; the others wait in line."""
    by = _manager(world, made.body)
    placement.approve_proposal(proposal_id=_undecided(made)[0].pk, by=by, at=_now())
    placement.close_round(matching_round=made, by=by, at=_now())


def _of_the_region(world: World) -> None:
    """The desk prepares one, and has started another: the worker goes on with it."""
    desk = world.desk_person
    _opened(world, world.desk, by=desk)
    placement.start_round(
        matching_round=_opened(world, world.desk, by=desk), by=desk, at=_now()
    )

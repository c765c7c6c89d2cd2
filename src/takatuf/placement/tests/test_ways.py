"""The way between two places counts, for a plan and for a yes alike."""

import json
from dataclasses import replace
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import product

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone

from takatuf.engine.matching.exchange import WAYS
from takatuf.engine.tests.matching.drawing import changed
from takatuf.kernel.models import Message
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands, ways
from takatuf.placement.models import Application, Proposal, Round, RoundPlan
from takatuf.placement.rounds import settings
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.rounds.explaining import PlanReader
from takatuf.placement.rounds.gathering import gather
from takatuf.placement.rounds.ranking import ranked_for
from takatuf.placement.rounds.storing import INPUTS, digest_of, packed, unpacked
from takatuf.placement.rounds.suggesting import suggested_to
from takatuf.placement.rounds.words import why_not
from takatuf.placement.tests.factories import application, manager_of, volunteer
from takatuf.placement.tests.rounds import agreed, opened, place, proposed, solved
from takatuf.placement.tests.test_gathering import eligible_pairs, judged_pairs
from takatuf.registry.tests.factories import GovernorateFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
DUBA = {"latitude": "27.35130", "longitude": "35.69010"}  # 144 km from Tabuk's middle
NEAR = {"latitude": "28.45000", "longitude": "36.53400"}  # 4 km from it
REMOTE = {"mode": "remote", "place": ""}


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Proposal, ShiftRole, Message)
    ]


# ---------------------------------------------------------------- where, and how long
def test_a_place_is_where_it_says_or_in_the_middle_of_its_governorate_or_anywhere():
    middle, duba = place(), place(governorate=GovernorateFactory(), **DUBA)
    spots = [ways.spot_of(role.shift.opportunity) for role in (middle, duba, place(**REMOTE))]

    assert spots[0] == ways.plane("28.4150", "36.5340")
    assert spots[1] == ways.plane("27.35130", "35.69010")
    assert spots[2] is None
    assert ways.km_between(spots[0], spots[1]) == 144
    assert ways.minutes_between(spots[0], spots[1]) == ways.BUFFER + 145
    assert ways.minutes_between(spots[0], spots[2]) == ways.BUFFER
    assert ways.minutes_between(spots[0], spots[0]) == ways.BUFFER


# ---------------------------------------------------------------- one answer
def test_the_engine_and_the_rules_find_the_same_pairs_where_ways_lie_between():
    """Everybody holds one shift of three hours; places at every distance, before and after."""
    people = []
    for hours, where in product((6, 9), ({}, NEAR, DUBA, REMOTE)):
        person = agreed()
        application(person=person, role=place(hours, way=Way.OPEN, **where))
        people.append(person)
    night = agreed()  # into the Sunday of another week
    application(person=night, role=place(21, days=2, way=Way.OPEN, **DUBA))
    people.append(night)
    minutes = (-145 - 30, -30, 0, 30, 33, 34, 35, 36, 145, 174, 175, 176, 210, 400)
    roles = [
        place(9 + 3 + more / 60, **where)
        for more, where in product(minutes, ({}, DUBA, NEAR, REMOTE))
    ]

    gathered = gather(opened(), at=NOW())

    keys = {role.pk for role in roles}
    found = {pair for pair in eligible_pairs(gathered) if pair[1] in keys}
    assert found == judged_pairs(people, roles, at=NOW())
    assert len(found) > len(people)
    assert len(found) < len(people) * len(roles)


@pytest.mark.parametrize(
    ("hours", "where", "fits"),
    [
        (13, DUBA, False), (15.9, DUBA, False), (16, DUBA, True), (13, {}, False),
        (13.5, {}, True), (13.5, NEAR, False), (13.6, NEAR, True), (13.5, REMOTE, True),
    ],
)  # fmt: skip
def test_a_second_place_is_to_be_had_where_there_is_time_for_the_way(hours, where, fits):
    """What is held ends at one in the afternoon, in Tabuk."""
    person = agreed()
    application(person=person, role=place(10, way=Way.OPEN))
    role = place(hours, way=Way.OPEN, **where)
    before = everything()

    if fits:
        [made] = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=NOW())
        assert made.status == "confirmed"
    else:
        with pytest.raises(commands.NotEligible):
            commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=NOW())
        assert everything() == before


def test_who_is_too_far_is_neither_suggested_the_place_nor_asked_to_cover_it():
    person = agreed()
    application(person=person, role=place(10, way=Way.OPEN))
    soon, later = (place(hours, way=Way.OPEN, **DUBA) for hours in (14, 17))

    suggested = {each.shift_role.pk for each in suggested_to(person, at=NOW()).found}
    assert suggested == {later.pk}
    assert [each.fits for each in ranked_for(soon, [person.pk], at=NOW())] == [False]
    assert [each.fits for each in ranked_for(later, [person.pk], at=NOW())] == [True]


def test_the_sentence_names_the_shift_the_kilometres_and_the_time():
    person = volunteer()
    held = application(person=person, role=place(10, way=Way.OPEN))
    role = place(14, way=Way.OPEN, **DUBA)

    with pytest.raises(commands.NotEligible) as refused:
        commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=NOW())

    title = held.opportunity.title
    assert str(refused.value) == (
        f"About 144 km from your shift “{title}” in a straight line: "
        "allow 2.9 hours to get there."
    )


# ---------------------------------------------------------------- rounds
def two_far_shifts(hours):
    """One volunteer, a shift in Tabuk until one o'clock and one in Duba."""
    return agreed(), place(10, seats=1), place(hours, seats=1, **DUBA)


@pytest.mark.parametrize(("hours", "filled"), [(13.5, 1), (15.9, 1), (16, 2)])
def test_a_plan_sends_nobody_where_they_cannot_be_in_time(hours, filled):
    two_far_shifts(hours)

    row = solved()

    assert row.seats_filled == filled
    assert faults_of(row) == []


def test_a_round_may_allow_more_minutes_a_kilometre_and_never_fewer():
    two_far_shifts(16)

    row = solved(options={"pace": 2})
    assert (row.seats_filled, row.plan.options["pace"]) == (1, 2)
    assert faults_of(row) == []
    with pytest.raises(settings.BadSetting, match="from 1 to 3"):
        opened(options={"pace": 0})


def test_what_is_proposed_and_meanwhile_too_far_is_not_approved():
    role = place(10, seats=1)
    person = agreed()
    proposal = Proposal.objects.get(round=solved())
    application(person=person, role=place(14, way=Way.OPEN, **DUBA))
    before = everything()

    with pytest.raises(commands.CannotApprove, match="No clash"):
        commands.approve_proposal(
            proposal_id=proposal.pk, by=manager_of(role.shift.opportunity.body), at=NOW()
        )
    assert everything() == before


def test_why_not_names_the_place_that_does_not_go_with_it_for_the_way():
    person, first, second = two_far_shifts(14)
    row = solved()
    [(_person, given)] = proposed(row)
    other = second.pk if given == first.pk else first.pk

    reader = PlanReader(row)
    answer = reader.explain(person.pk, other, at=NOW())

    assert [reader.role_key(role) for role in answer.instead] == [given]


def test_an_engagement_too_far_away_is_said_to_be_that():
    role, person = place(10, seats=1), agreed()
    application(person=person, role=place(14, way=Way.OPEN, **DUBA))
    row = solved()

    answer = PlanReader(row).explain(person.pk, role.pk, at=NOW())

    assert answer.rule == "clash"
    assert "for the way" in str(why_not(answer)[0])


# ---------------------------------------------------------------- what is stored
def test_a_stored_plan_knows_where_its_places_are_and_a_moved_one_is_found_out():
    two_far_shifts(16)
    row = solved()
    stored = unpacked(row.plan.arrays)
    assert set(WAYS) <= set(stored.arrays())
    assert sorted(stored.instance.role_x) == sorted(
        [ways.plane("28.4150", "36.5340")[0], ways.plane(*DUBA.values())[0]]
    )

    farther = changed(stored.instance, role_x=stored.instance.role_x * 2)
    moved = replace(stored, instance=farther)
    RoundPlan.objects.filter(round=row).update(arrays=packed(moved))
    found = faults_of(Round.objects.get(pk=row.pk))
    assert "its inputs are not those that were digested" in found
    assert any("leave time for the way" in sentence for sentence in found)

    nowhere = replace(stored, instance=changed(stored.instance, pace=0))
    RoundPlan.objects.filter(round=row).update(arrays=packed(nowhere))
    found = faults_of(Round.objects.get(pk=row.pk))
    assert found == ["its inputs are not those that were digested"]


def test_a_plan_of_before_ways_counted_is_verified_as_it_was():
    two_far_shifts(16)
    row = solved()
    stored = unpacked(row.plan.arrays)
    old = replace(stored, instance=changed(stored.instance, pace=0))
    options = {name: value for name, value in row.plan.options.items() if name != "pace"}
    archive = packed(old)
    RoundPlan.objects.filter(round=row).update(
        arrays=archive, options=options,
        digest=_digest_of_before(old, options=options, seed=row.plan.seed),
    )  # fmt: skip

    with np.load(BytesIO(archive)) as file:
        assert not set(WAYS) & set(file.files)
    out = StringIO()
    call_command("verify_round", row.pk, stdout=out)
    assert "holds" in out.getvalue()


def _digest_of_before(stored, *, options, seed) -> str:
    """As it was worked out before places were stored."""
    found = sha256(json.dumps([options, seed, stored.gathered], sort_keys=True).encode())
    for name in INPUTS:
        array = np.ascontiguousarray(stored.arrays()[name])
        found.update(f"{name} {array.dtype.str} {array.shape}".encode())
        found.update(array.tobytes())
    assert found.hexdigest() == digest_of(stored, options=options, seed=seed)
    return found.hexdigest()

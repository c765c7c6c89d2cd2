"""Marking the sheet and closing it."""

from datetime import timedelta

import pytest

from takatuf.attendance import commands
from takatuf.attendance.commands.day import NotNow
from takatuf.attendance.models import Presence
from takatuf.attendance.tests.days import END, HOUR, LATER, START, a_day, marks
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import Transition
from takatuf.kernel.transitions import WrongState
from takatuf.placement import commands as placement
from takatuf.placement.tests.factories import application, manager_of, volunteer
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory, TeamFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def refused(command, why=DomainError, match=None):
    """The refusal, after which everything is as it was."""
    before = marks()
    with pytest.raises(why, match=match) as caught:
        command()
    assert marks() == before
    return caught.value


# ---------------------------------------------------------------- coming and leaving
def test_the_first_who_is_marked_from_the_start_on_starts_the_shift():
    day = a_day()

    day.come(at=START - HOUR)

    assert day.status() == "present"
    assert day.outcome() == "attended"
    assert day.shift.status == "planned"
    assert day.presence().came_at == START - HOUR

    day.come(1, at=START)
    assert day.shift.status == "running"


def test_ticking_twice_is_ticking_once():
    day = a_day()
    day.come()
    entries = Transition.objects.count()

    day.come(at=START + HOUR)
    assert day.presence().came_at == START
    day.leave(at=END - HOUR)
    entries_after_leaving = Transition.objects.count()
    day.leave(at=END)
    day.come(at=END)  # a phone that had not heard of the leaving

    assert (day.status(), day.presence().left_at) == ("left", END - HOUR)
    assert Transition.objects.count() == entries_after_leaving > entries


def test_leaving_is_recorded_with_who_and_when():
    day = a_day()
    day.come()

    day.leave(at=END, left_at=END - MINUTE)

    presence = day.presence()
    assert (presence.left_at, presence.recorded_at) == (END - MINUTE, END)
    assert presence.recorded_by == day.manager


@pytest.mark.parametrize(
    ("at", "came_at"),
    [
        (START - 2 * HOUR - MINUTE, None),
        (START, START + MINUTE),
        (START, START - 2 * HOUR - MINUTE),
        (LATER, None),
        (LATER, END + MINUTE),
    ],
)
def test_times_of_coming_that_cannot_be_are_refused(at, came_at):
    day = a_day()

    refused(lambda: day.come(at=at, came_at=came_at), NotNow)
    assert not Presence.objects.exists()


@pytest.mark.parametrize(
    ("at", "left_at"),
    [
        (END, END + MINUTE),
        (END, START),
        (START, None),
        (END + 2 * HOUR + MINUTE, None),
        (END + 20 * HOUR, END + 12 * HOUR + MINUTE),
    ],
)
def test_times_of_leaving_that_cannot_be_are_refused(at, left_at):
    day = a_day()
    day.come()

    refused(lambda: day.leave(at=at, left_at=left_at), NotNow)


def test_nobody_leaves_who_did_not_come():
    day = a_day()

    refused(day.leave, NotNow, match="came first|الحضور")


@pytest.mark.parametrize("later", [timedelta(0), timedelta(milliseconds=700), MINUTE / 2])
def test_a_second_tap_on_the_same_spot_is_no_leaving(later):
    """The button for leaving appears right where the one for coming was."""
    day = a_day()
    day.come(at=START + HOUR)

    refused(lambda: day.leave(at=START + HOUR + later), NotNow, match="moments ago|لحظات")

    day.leave(at=START + HOUR + MINUTE)
    assert (day.status(), day.presence().left_at) == ("left", START + HOUR + MINUTE)


def test_times_typed_by_hand_are_free_in_the_minute_of_the_tick():
    day = a_day()
    day.come(0, at=START + HOUR)
    commands.record_times(
        application_id=day.places[0].pk, came_at=START, left_at=START + HOUR, by=day.manager,
        at=START + HOUR + MINUTE / 4,
    )  # fmt: skip
    day.come(1, at=START + HOUR, came_at=START)  # entered later than it happened
    day.leave(1, at=START + HOUR + MINUTE / 4)

    assert [day.status(0), day.status(1)] == ["left", "left"]


# ---------------------------------------------------------------- all at once
def test_everybody_does_not_leave_by_a_second_tap_on_everybody_came():
    day = a_day(3)
    near_the_end = END - 20 * MINUTE
    day.come(0)
    everybody(commands.everybody_came, day, at=near_the_end)

    refused(
        lambda: everybody(commands.everybody_left, day, at=near_the_end + MINUTE / 60),
        NotNow, match="moments ago|لحظات",
    )  # fmt: skip

    assert everybody(commands.everybody_left, day, at=near_the_end + MINUTE) == 3


def everybody(command, day, *, by=None, at=START):
    return command(shift_id=day.shift.pk, by=by or day.manager, at=at)


def test_everybody_comes_by_one_tick_but_who_ticks_and_who_is_marked_already():
    day = a_day(4)
    OfficeFactory(body=day.body, role="unit_manager", person=day.places[0].person)
    day.come(1, at=START - HOUR)
    commands.mark_absent(
        application_id=day.places[2].pk, excused=True, by=day.manager, at=START
    )

    marked = everybody(commands.everybody_came, day, by=day.places[0].person)

    assert marked == 1
    assert [day.status(n) for n in range(4)] == ["", "present", "excused", "present"]
    assert day.presence(1).came_at == START - HOUR


def test_everybody_leaves_at_the_end_at_the_latest():
    day = a_day(3)
    day.come(0)
    day.come(1)

    assert everybody(commands.everybody_left, day, at=LATER) == 2
    assert [day.status(n) for n in range(3)] == ["left", "left", ""]
    assert day.presence(0).left_at == END
    assert everybody(commands.everybody_left, day, at=LATER) == 0


@pytest.mark.parametrize("command", [commands.everybody_came, commands.everybody_left])
def test_strangers_mark_nobody(command):
    day = a_day()
    day.come(0)
    for stranger in strangers(day):
        refused(lambda: everybody(command, day, by=stranger), NotAllowed)  # noqa: B023


@pytest.mark.parametrize("at", [START - 3 * HOUR, LATER])
def test_everybody_comes_only_while_the_sheet_is_open(at):
    day = a_day()
    refused(lambda: everybody(commands.everybody_came, day, at=at), NotNow)


def test_absence_waits_for_the_start_and_an_excuse_does_not():
    day = a_day()
    place = day.places[0].pk

    def mark(excused, at):
        return commands.mark_absent(
            application_id=place, excused=excused, by=day.manager, at=at
        )

    refused(lambda: mark(excused=False, at=START - MINUTE), NotNow)
    mark(excused=True, at=START - 24 * HOUR)
    assert (day.status(), day.outcome()) == ("excused", "excused")
    mark(excused=False, at=START)
    mark(excused=False, at=START)
    assert (day.status(), day.outcome()) == ("no_show", "no_show")
    day.come(at=START + HOUR)  # late, but here
    assert (day.status(), day.outcome()) == ("present", "attended")
    refused(lambda: mark(excused=False, at=START + HOUR), WrongState)


def test_undoing_goes_back_one_step():
    day = a_day()
    day.come()
    day.leave()

    def undo():
        commands.undo_mark(application_id=day.places[0].pk, by=day.manager, at=END)
        return day.status(), day.outcome()

    assert undo() == ("present", "attended")
    assert undo() == ("expected", "confirmed")
    assert undo() == ("expected", "confirmed")
    assert day.presence().came_at is None


def test_times_are_put_right_whatever_stood_there():
    day = a_day(1)
    place = day.places[0].pk

    def record(came, left, at=LATER):
        commands.record_times(
            application_id=place, came_at=came, left_at=left, by=day.manager, at=at
        )
        found = day.presence()
        return found.status, found.came_at, found.left_at

    assert record(START, END) == ("left", START, END)
    assert day.outcome() == "attended"
    assert record(START + MINUTE, END) == ("left", START + MINUTE, END)
    count = Transition.objects.count()
    assert record(START + MINUTE, END) == ("left", START + MINUTE, END)
    assert Transition.objects.count() == count
    assert record(START + 2 * MINUTE, None) == ("present", START + 2 * MINUTE, None)
    assert record(START, None) == ("present", START, None)


@pytest.mark.parametrize(
    ("came", "left", "at"),
    [
        (START, START, LATER),
        (START, LATER + MINUTE, LATER),
        (START - 3 * HOUR, END, LATER),
        (START, None, END + 3 * HOUR),
    ],
)
def test_times_that_cannot_be_are_not_put_down(came, left, at):
    day = a_day(1)

    refused(
        lambda: commands.record_times(
            application_id=day.places[0].pk, came_at=came, left_at=left, by=day.manager, at=at
        ),
        NotNow,
    )


def test_a_note_is_kept_and_removed():
    day = a_day()

    def note(text):
        commands.note(application_id=day.places[0].pk, text=text, by=day.manager, at=START)
        return day.presence().note

    assert note("  يصل متأخرًا ") == "يصل متأخرًا"
    count = Transition.objects.count()
    note("يصل متأخرًا")
    assert Transition.objects.count() == count
    assert note("") == ""
    assert len(note("ن" * 400)) == 300


# ---------------------------------------------------------------- who may
def acts(day, by, at=START):
    """Every command on somebody's row."""
    given = {"application_id": day.places[0].pk, "by": by, "at": at}
    return [
        lambda: commands.check_in(**given),
        lambda: commands.check_out(**given),
        lambda: commands.record_times(came_at=START, **given),
        lambda: commands.mark_absent(excused=True, **given),
        lambda: commands.undo_mark(**given),
        lambda: commands.note(text="كلمة", **given),
    ]


def strangers(day):
    return [
        volunteer(),
        manager_of(BodyFactory()),
        OfficeFactory(body=day.body, role="reviewer").person,
        OfficeFactory(
            body=day.body, role="team_leader", team=TeamFactory(body=day.body)
        ).person,
    ]


def test_strangers_mark_nothing():
    day = a_day()
    for stranger in strangers(day):
        for act in acts(day, stranger):
            refused(act, NotAllowed)
    assert not Presence.objects.exists()


def test_nobody_marks_their_own_row():
    day = a_day(1)
    OfficeFactory(body=day.body, role="unit_manager", person=day.places[0].person)

    for act in acts(day, day.places[0].person):
        refused(act, NotAllowed)


def test_supervisor_and_team_leader_run_the_day():
    team = TeamFactory()
    day = a_day(3, team=team, supervisor=volunteer())
    leader = OfficeFactory(body=team.body, role="team_leader", team=team).person
    sponsor = manager_of(team.body)

    for number, person in enumerate((day.opportunity.supervisor, leader, sponsor)):
        commands.check_in(application_id=day.places[number].pk, by=person, at=START)
        assert day.status(number) == "present"


def test_who_has_no_place_is_not_on_the_sheet():
    day = a_day()
    waiting = application(role=day.role, status="waiting")
    placement.withdraw(application_id=day.places[0].pk, by=day.places[0].person, at=START)

    for place in (waiting, day.places[0]):
        day.places[0] = place
        for act in acts(day, day.manager):
            refused(act, WrongState)
    assert not Presence.objects.exists()


def test_who_left_and_came_back_has_one_row():
    day = a_day(1)
    person = day.places[0].person
    commands.note(application_id=day.places[0].pk, text="كلمة", by=day.manager, at=START)
    placement.withdraw(application_id=day.places[0].pk, by=person, at=START - 24 * HOUR)
    again = application(role=day.role, person=person)

    commands.check_in(application_id=again.pk, by=day.manager, at=START)

    assert Presence.objects.get().application == again

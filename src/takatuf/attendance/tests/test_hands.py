"""Whoever marked a row at any time vouched for its hours once; another person approves them."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from takatuf.attendance import commands, contributions, queries
from takatuf.attendance.commands.hours import OwnHours
from takatuf.attendance.queries import hands
from takatuf.attendance.tests.days import (
    END,
    HOUR,
    LATER,
    START,
    a_day,
    claims,
    closed_day,
    head_of,
    ledger,
)
from takatuf.attendance.tests.pages import browser, text, url
from takatuf.attendance.tests.test_merging import merge
from takatuf.placement.tests.factories import manager_of
from takatuf.registry import queries as registry
from takatuf.registry.commands import office_queues
from takatuf.registry.policies import merge_obstacles
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory, PersonFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def times(day, by, came_at=START, left_at=END):
    commands.record_times(
        application_id=day.places[0].pk, came_at=came_at, left_at=left_at, by=by, at=LATER
    )


def leaves(day, by):
    commands.check_out(application_id=day.places[0].pk, left_at=END, by=by, at=LATER)


def undone(day, by):
    commands.undo_mark(application_id=day.places[0].pk, by=by, at=LATER)


def came_and_left(day, first, second):
    day.come()
    leaves(day, second)


def put_right(day, first, second):
    times(day, first)
    times(day, second, left_at=END - MINUTE)


def coming_alone_put_right(day, first, second):
    commands.check_in(application_id=day.places[0].pk, by=second, at=START)
    times(day, first, came_at=START + MINUTE, left_at=None)
    leaves(day, second)


def taken_back_and_marked_again(day, first, second):
    day.come()
    undone(day, second)
    times(day, second)


def only_taken_back(day, first, second):
    commands.check_in(application_id=day.places[0].pk, by=second, at=START)
    undone(day, first)
    times(day, second)


def said_to_be_absent(day, first, second):
    commands.mark_absent(
        application_id=day.places[0].pk, excused=False, by=first, at=START + HOUR
    )
    times(day, second)


def everybody(day, first, second):
    commands.everybody_came(shift_id=day.shift.pk, by=first, at=START)
    commands.everybody_left(shift_id=day.shift.pk, by=second, at=END)


def assumed_then_known(day, first, second):
    day.come()
    commands.assume_forgotten_checkouts(at=END + 3 * HOUR)
    commands.check_out(
        application_id=day.places[0].pk, left_at=END, by=second, at=END + 3 * HOUR
    )


def assumed_then_confirmed(day, first, second):
    day.come()
    day.close(by=second)
    [claim] = claims(day)
    commands.confirm_hours(claim_id=claim.pk, by=second, at=LATER)


STORIES = [
    came_and_left, put_right, coming_alone_put_right, taken_back_and_marked_again,
    only_taken_back, said_to_be_absent, everybody, assumed_then_known, assumed_then_confirmed,
]  # fmt: skip


def approve(found, by):
    return commands.approve_hours(claim_ids=[claim.pk for claim in found], by=by, at=LATER)


def refused(found, by):
    before = ledger()
    with pytest.raises(OwnHours):
        approve(found, by)
    assert ledger() == before


def marked_by_two(story=came_and_left):
    """A closed day of one person; the day's manager and the colleague both had a hand in it."""
    day = a_day(1)
    story(day, day.manager, day.colleague)
    if day.shift.status != "closed":
        day.close(by=day.colleague, at=END + 3 * HOUR)
    return day


@pytest.mark.parametrize("story", STORIES)
def test_neither_of_two_who_marked_a_row_approves_its_hours(story):
    day = marked_by_two(story)
    found = claims(day)

    for one in (day.manager, day.colleague):
        refused(found, one)
    approve(found, head_of(day.body))

    assert [claim.state for claim in claims(day)] == ["approved"]
    assert list(contributions.self_approved()) == []


def test_one_marked_row_among_others_keeps_all_of_them_from_approval():
    foreign, day = closed_day(2), marked_by_two()
    for mine in claims(foreign):
        type(mine).objects.filter(pk=mine.pk).update(body=day.body)

    refused([*claims(foreign), *claims(day)], day.colleague)


def test_a_word_beside_a_name_is_no_mark():
    day = a_day(1)
    day.come()
    commands.note(
        application_id=day.places[0].pk, text="نسي القفازات", by=day.colleague, at=START
    )
    day.leave()
    day.close()

    approve(claims(day), day.colleague)

    assert [claim.state for claim in claims(day)] == ["approved"]


def test_a_tick_that_changed_nothing_is_no_mark():
    day = a_day(1)
    day.come()
    commands.check_in(application_id=day.places[0].pk, by=day.colleague, at=START + HOUR)
    day.leave()
    day.close()

    approve(claims(day), day.colleague)

    assert [claim.state for claim in claims(day)] == ["approved"]


def test_the_page_shows_the_first_of_them_the_hours_apart_and_refuses_a_forged_tick():
    day = marked_by_two()
    client, [claim] = browser(day.manager), claims(day)

    page = client.get(url("approvals"))
    assert not page.context["groups"]
    assert len(page.context["blocked"][0]["rows"]) == 1
    assert 'type="checkbox"' not in text(page)

    before = ledger()
    answer = client.post(url("approve"), {"claim": [claim.pk]})
    assert answer.status_code == 409
    assert [left.pk for left, _why in answer.context["left"].left] == [claim.pk]
    assert ledger() == before


def test_the_office_is_not_called_to_what_it_may_not_approve():
    day = marked_by_two()

    [waiting] = office_queues["attendance.hours"].find(day.body, None)

    assert not waiting.is_for(day.manager)
    assert not waiting.is_for(day.colleague)
    assert not waiting.is_for(day.places[0].person)
    assert waiting.is_for(head_of(day.body))


def on_the_desk(person) -> list[str]:
    """What the desk says waits for this person's approval."""
    offices = registry.offices_of(person)
    found = contributions.hours_to_answer(person, offices, LATER)
    return [item.title for item in found]


@pytest.mark.parametrize("story", STORIES)
def test_the_desk_counts_for_nobody_what_they_had_a_hand_in(story):
    day = marked_by_two(story)
    for person in (day.manager, day.colleague):
        assert on_the_desk(person) == []
    with override("en"):
        assert on_the_desk(head_of(day.body)) == ["Hours of 1 entry to approve"]


def test_the_desk_counts_what_is_left_beside_one_s_own_and_what_one_marked():
    day = a_day(3)
    for number, by in enumerate((day.manager, day.manager, day.colleague)):
        commands.check_in(application_id=day.places[number].pk, by=by, at=START)
        commands.check_out(application_id=day.places[number].pk, by=by, at=END, left_at=END)
    day.close(by=day.colleague)
    OfficeFactory(body=day.body, person=day.places[0].person, role="unit_manager")

    with override("en"):
        assert on_the_desk(day.manager) == ["Hours of 1 entry to approve"]
        assert on_the_desk(day.colleague) == ["Hours of 2 entries to approve"]
        # One's own not, of the two others both.
        assert on_the_desk(day.places[0].person) == ["Hours of 2 entries to approve"]


def test_the_desk_counts_not_what_one_marked_under_a_record_given_up():
    day, kept = marked_by_two(), PersonFactory()
    merge(kept, day.manager)
    assert registry.offices_of(kept)
    assert on_the_desk(kept) == []


def test_under_a_record_one_became_the_hours_stay_ones_own():
    day, kept = marked_by_two(), manager_of(BodyFactory())
    OfficeFactory(body=day.body, role="body_head", person=kept)
    merge(kept, day.manager)  # who marked first

    refused(claims(day), kept)


def test_who_approved_what_the_other_record_marked_does_not_become_one_with_it():
    day = marked_by_two()
    head = head_of(day.body)
    approve(claims(day), head)
    obstacle = merge_obstacles["attendance"]

    assert obstacle(head, day.manager)
    assert obstacle(day.manager, head)
    assert obstacle(day.manager, day.colleague) == ""


@pytest.mark.parametrize("people", [1, 30])
def test_two_statements_tell_whose_hands_they_were(people, django_assert_num_queries):
    found = claims(closed_day(people))

    with django_assert_num_queries(2):
        queries.entered_by(found)


def test_many_are_asked_in_parts(monkeypatch):
    day = closed_day(3)
    at_one_go = queries.entered_by(claims(day))
    monkeypatch.setattr(hands, "AT_ONCE", 2)

    assert queries.entered_by(claims(day)) == at_one_go
    assert set(at_one_go.values()) == {frozenset({day.manager.ref})}

"""A minute of a person counts once: hours at one time are flagged, and approved once."""

from datetime import timedelta

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takatuf.attendance import commands, contributions, queries
from takatuf.attendance.commands.approving import AtTheSameTime
from takatuf.attendance.commands.hours import OwnHours, append
from takatuf.attendance.flags import flags_of
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import (
    END,
    HOUR,
    LATER,
    START,
    claims,
    closed_day,
    elsewhere,
    head_of,
    ledger,
)
from takatuf.attendance.tests.pages import browser, text, url
from takatuf.attendance.tests.test_merging import merge
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import Message
from takatuf.kernel.transitions import WrongState
from takatuf.placement import queries as placement
from takatuf.placement.tests.factories import volunteer
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def approve(*days):
    wanted = [claim.pk for day in days for claim in claims(day)]
    return commands.approve_hours(claim_ids=wanted, by=days[0].colleague, at=LATER)


def everything() -> tuple:
    totals = VolunteerProfile.objects.order_by("pk").values_list("total_minutes", flat=True)
    return ledger(), list(totals), Message.objects.count()


def refused(day, why=AtTheSameTime) -> str:
    before = everything()
    with pytest.raises(why) as caught:
        approve(day)
    assert everything() == before
    return str(caught.value)


def one_time_twice(**second):
    """Hours of one person from 9 to 12, approved; and others of theirs that wait."""
    first = closed_day(1)
    other = elsewhere([first.places[0].person], **second)
    approve(first)
    return first, other


# ---------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("came_at", "left_at", "minutes"),
    [
        (START, END, "09:00 to 12:00"),
        (START - HOUR, START + timedelta(minutes=1), "09:00 to 09:01"),
        (END - timedelta(minutes=1), END + HOUR, "11:59 to 12:00"),
        (START + HOUR, END - HOUR, "10:00 to 11:00"),
        (START - HOUR, END + HOUR, "09:00 to 12:00"),
    ],
)
def test_hours_that_share_a_minute_with_approved_ones_are_not_approved(
    came_at, left_at, minutes
):
    _first, other = one_time_twice(came_at=came_at, left_at=left_at)

    assert f"from {minutes} already" in refused(other)


@pytest.mark.parametrize(
    ("came_at", "left_at"), [(START - HOUR, START), (END, END + HOUR)], ids=["before", "after"]
)
def test_hours_that_only_touch_are_approved(came_at, left_at):
    first, other = one_time_twice(came_at=came_at, left_at=left_at)

    approve(other)

    profile = VolunteerProfile.objects.get(person=first.places[0].person)
    assert profile.total_minutes == 180 + 60


def test_two_people_may_work_at_one_time():
    day = closed_day(2)

    approve(day)

    assert list(contributions.counted_once()) == []


def test_another_bodys_manager_learns_the_minutes_alone():
    first, other = one_time_twice(came_at=START + HOUR, left_at=END + HOUR)

    sentence = refused(other)

    assert "at another body from 10:00 to 12:00" in sentence
    assert first.opportunity.title not in sentence
    assert first.body.name_ar not in sentence


def test_the_bodys_own_work_is_named():
    first = closed_day(1)
    other = elsewhere([first.places[0].person], body=first.body)
    approve(first)

    assert f"({first.opportunity.title})" in refused(other)


def test_hours_of_both_records_count_once_after_a_merge():
    first, other = closed_day(1), closed_day(1)
    approve(first)
    merge(first.places[0].person, other.places[0].person)

    refused(other)


def test_two_that_wait_are_not_approved_together():
    first = closed_day(1)
    other = elsewhere([first.places[0].person], body=first.body, came_at=START + HOUR)
    before = everything()

    with pytest.raises(AtTheSameTime):
        approve(first, other)
    assert everything() == before

    wanted = [claim.pk for day in (other, first) for claim in claims(day)]
    approval = commands.approve_each(claim_ids=wanted, by=first.colleague, at=LATER)
    assert approval.taken == claims(first)  # the earlier one
    assert [claim for claim, _why in approval.left] == claims(other)


# ---------------------------------------------------------------- not in the way
def test_hours_that_count_for_nothing_are_not_in_the_way():
    first, other = one_time_twice()
    person = first.places[0].person
    commands.reverse_hours(
        claim_id=claims(first)[0].pk, reason="خطأ", by=head_of(first.body), at=LATER
    )
    third = elsewhere([person])
    commands.reject_hours(
        claim_id=claims(third)[0].pk, reason="لم يحضر", by=third.colleague, at=LATER
    )
    commands.import_hours(
        person=person, body=first.body, work="قديم", started_at=START, ended_at=END,
        minutes=180, by=None, at=LATER,
    )  # fmt: skip

    assert queries.others_at_the_time(claims(other))[claims(other)[0].pk] == []
    approve(other)

    assert VolunteerProfile.objects.get(person=person).total_minutes == 180


def test_hours_of_somebody_erased_have_nobody_to_compare_with():
    first, other = one_time_twice()
    HourClaim.objects.filter(person=first.places[0].person).update(person=None)

    assert [len(approve(other)), list(contributions.counted_once())] == [1, []]


# ---------------------------------------------------------------- several at once
def test_what_can_be_approved_is_and_each_other_row_has_its_reason():
    day = closed_day(4)
    fine, own, answered, clashing = claims(day)
    manager = OfficeFactory(body=day.body, role="body_head", person=own.person).person
    commands.reject_hours(claim_id=answered.pk, reason="سبب", by=day.colleague, at=LATER)
    other = elsewhere([clashing.person])
    approve(other)

    approval = commands.approve_each(
        claim_ids=[claim.pk for claim in claims(day)], by=manager, at=LATER
    )

    assert approval.taken == [fine]
    assert {claim.pk: type(why) for claim, why in approval.left} == {
        own.pk: OwnHours, answered.pk: WrongState, clashing.pk: AtTheSameTime,
    }  # fmt: skip
    told = Message.objects.filter(template__startswith="attendance.")
    assert set(told.values_list("person", flat=True)) >= {fine.person_id}


def test_hours_of_another_body_among_them_stop_everything():
    day, other = closed_day(1), closed_day(1)
    before = everything()

    with pytest.raises(NotAllowed):
        commands.approve_each(
            claim_ids=[claims(day)[0].pk, claims(other)[0].pk], by=day.colleague, at=LATER
        )
    with pytest.raises(DomainError):
        commands.approve_each(claim_ids=[], by=day.colleague, at=LATER)

    assert everything() == before


def test_hours_that_a_merge_moved_at_that_moment_are_looked_at_again(monkeypatch):
    day, other = closed_day(1), elsewhere([volunteer()], came_at=END, left_at=LATER)
    keep, drop = other.places[0].person, day.places[0].person
    lock = placement.lock_people

    def merged_before(keys):
        merge(keep, drop)
        lock(keys)

    monkeypatch.setattr(placement, "lock_people", merged_before)
    refused_lines = [line for line in ledger() if "approved" in line]

    with pytest.raises(WrongState, match="just changed"):
        approve(day)

    assert [line for line in ledger() if "approved" in line] == refused_lines


# ---------------------------------------------------------------- flags
def flags(day, *bodies):
    found = claims(day)
    beside = queries.others_at_the_time(found)
    said = flags_of(found, beside=beside, bodies=[body.pk for body in bodies])
    return [(flag.text, flag.tone) for flag in said[found[0].pk]]


def test_a_flag_says_what_else_stands_at_the_time():
    first = closed_day(1)
    other = elsewhere([first.places[0].person], came_at=START + HOUR, left_at=END + HOUR)
    title = first.opportunity.title

    waits = f"Overlaps hours that wait too, 10:00 to 12:00: {title}"
    assert flags(other, other.body, first.body) == [(waits, "warn")]
    away = "Overlaps hours at another body that wait too, 10:00 to 12:00"
    assert flags(other, other.body) == [(away, "warn")]
    approve(first)
    counts = f"Overlaps approved hours, 10:00 to 12:00: {title}"
    assert flags(other, other.body, first.body) == [(counts, "bad")]
    away = "Overlaps approved hours at another body, 10:00 to 12:00"
    assert flags(other, other.body) == [(away, "bad")]


def test_approved_hours_are_named_before_those_that_wait():
    first = closed_day(1)
    person = first.places[0].person
    other = elsewhere([person], came_at=START + HOUR, left_at=END + HOUR)
    third = elsewhere([person], came_at=END, left_at=END + HOUR)
    approve(third)

    assert [tone for _text, tone in flags(other)] == ["bad"]


@pytest.mark.usefixtures("now")
def test_the_page_flags_and_tells_no_more_than_the_minutes():
    first, other = one_time_twice()

    page = text(browser(other.colleague).get("/en" + url("approvals")))

    assert "Overlaps approved hours at another body, 09:00 to 12:00" in page
    assert first.opportunity.title not in page
    assert first.body.name_ar not in page
    assert "checked" not in page


# ---------------------------------------------------------------- any times, any order
SPANS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 4)), min_size=1, max_size=6
)  # hours after the start, and how long


@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(spans=SPANS)
def test_no_minute_counts_twice_whatever_is_approved_in_whatever_order(spans):
    person, day = volunteer(), closed_day(0)
    counting: list[tuple[int, int]] = []
    for begins, length in spans:
        claim = HourClaim.objects.create(
            person=person, body=day.body, work="عمل", state="confirmed", evidence="leader",
            started_at=START + begins * HOUR, ended_at=START + (begins + length) * HOUR,
            minutes=60 * length,
        )  # fmt: skip
        append(claim, "confirmed", by=day.manager, at=LATER)
        own = set(range(begins, begins + length))
        clashes = any(own & set(range(*one)) for one in counting)
        try:
            commands.approve_hours(claim_ids=[claim.pk], by=day.colleague, at=LATER)
        except AtTheSameTime:
            assert clashes
        else:
            assert not clashes
            counting.append((begins, begins + length))

    assert list(contributions.counted_once()) == []
    worked = {hour for one in counting for hour in range(*one)}
    assert VolunteerProfile.objects.get(person=person).total_minutes == 60 * len(worked)

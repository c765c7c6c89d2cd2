"""Of hours that overlap others which count, what is left is approved."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from takatuf.attendance import commands, contributions, queries
from takatuf.attendance.commands.approving import AtTheSameTime
from takatuf.attendance.commands.hours import OwnHours
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import END, HOUR, LATER, START, claims, elsewhere, head_of
from takatuf.attendance.tests.pages import browser, text, url
from takatuf.attendance.tests.test_same_time import everything, one_time_twice
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message, Transition
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import WrongState
from takatuf.registry.models import VolunteerProfile

pytestmark = pytest.mark.django_db
LEDGER = (
    contributions.counted_once,
    contributions.totals_add_up,
    contributions.claims_mirror_the_ledger,
    contributions.broken_ledger,
)


def approve_rest(day, by=None):
    [claim] = claims(day)
    return commands.approve_rest(claim_id=claim.pk, by=by or day.colleague, at=LATER)


def test_the_rest_is_approved_and_counts_once():
    first, other = one_time_twice(came_at=START + HOUR, left_at=END + HOUR)
    marked = other.presence().came_at, other.presence().left_at

    claim = approve_rest(other)

    assert (claim.started_at, claim.ended_at, claim.minutes) == (END, END + HOUR, 60)
    lines = claim.entries.order_by("position").values_list("state", "minutes", "counted")
    assert list(lines) == [("confirmed", 180, 0), ("approved", 60, 60)]
    profile = VolunteerProfile.objects.get(person=first.places[0].person)
    assert profile.total_minutes == 180 + 60
    assert (other.presence().came_at, other.presence().left_at) == marked
    assert [list(check()) for check in LEDGER] == [[]] * len(LEDGER)
    [told] = Message.objects.filter(template="attendance.certificate").order_by("-pk")[:1]
    assert "ساعة" in told.body
    assert "المسجل في الكشف 3 ساعات" in told.body
    assert not Message.objects.filter(body__contains="المسجل").exclude(pk=told.pk).exists()
    log = Transition.objects.get(subject=reference(claim), action="times entered")
    assert log.actor == other.colleague.ref


def test_the_rest_taken_back_takes_back_no_more_than_counted():
    first, other = one_time_twice(came_at=START + HOUR, left_at=END + HOUR)
    claim = approve_rest(other)

    commands.reverse_hours(claim_id=claim.pk, reason="خطأ", by=head_of(other.body), at=LATER)

    profile = VolunteerProfile.objects.get(person=first.places[0].person)
    assert profile.total_minutes == 180
    assert [list(check()) for check in LEDGER] == [[]] * len(LEDGER)


def test_where_nothing_is_beside_them_any_more_the_rest_is_all():
    first, other = one_time_twice()
    commands.reverse_hours(
        claim_id=claims(first)[0].pk, reason="خطأ", by=head_of(first.body), at=LATER
    )

    assert approve_rest(other).minutes == 180
    assert not Transition.objects.filter(action="times entered", to_state="").filter(
        subject__startswith="attendance.hourclaim"
    )


def test_nothing_left_is_not_approved():
    _first, other = one_time_twice(came_at=START + HOUR, left_at=END)
    before = everything()

    with pytest.raises(AtTheSameTime):
        approve_rest(other)

    assert everything() == before


def test_a_no_leaves_the_times_as_they_were():
    first, other = one_time_twice(came_at=START + HOUR, left_at=END + HOUR)
    before = everything(), claims(other)[0].minutes, claims(other)[0].started_at

    for by, why in ((other.manager, OwnHours), (first.colleague, NotAllowed)):
        with pytest.raises(why):
            approve_rest(other, by=by)
    with pytest.raises(WrongState):
        approve_rest(first, by=first.colleague)

    claim = claims(other)[0]
    assert (everything(), claim.minutes, claim.started_at) == before
    assert not Transition.objects.filter(subject=reference(claim)).exists()


def test_hours_that_say_more_than_the_sheet_are_found():
    first, other = one_time_twice(came_at=START + HOUR, left_at=END + HOUR)
    approve_rest(other)
    assert list(queries.sheet_claims_out_of_step()) == []

    for day, times in ((other, {"ended_at": END + 2 * HOUR}), (first, {"started_at": END})):
        [claim] = claims(day)
        state = claim.state if day is other else "confirmed"
        with transaction.atomic():
            rows = HourClaim.objects.filter(pk=claim.pk)
            rows.update(**{"ended_at": END + HOUR, **times}, state=state)
            assert list(queries.sheet_claims_out_of_step()) == [claim]
            transaction.set_rollback(True)


@given(
    pieces=st.lists(st.tuples(st.integers(-2, 12), st.integers(1, 6)), max_size=5),
    counting=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_the_rest_is_the_longest_stretch_nothing_counts_in(pieces, counting):
    claim = HourClaim(started_at=START, ended_at=START + 10 * HOUR)
    others = [
        HourClaim(
            started_at=START + begins * HOUR, ended_at=START + (begins + length) * HOUR,
            state="approved" if counts else "confirmed",
        )
        for (begins, length), counts in zip(pieces, counting, strict=False)
    ]  # fmt: skip
    beside = [
        queries.Beside(
            one, max(one.started_at, claim.started_at), min(one.ended_at, claim.ended_at)
        )
        for one in others
        if one.started_at < claim.ended_at and one.ended_at > claim.started_at
    ]
    taken = {
        hour
        for one in others
        if one.state == "approved"
        for hour in range(10)
        if one.started_at <= START + hour * HOUR < one.ended_at
    }
    runs = [
        (first, last)
        for first in range(10)
        for last in range(first + 1, 11)
        if not taken & set(range(first, last))
    ]
    longest = max(runs, key=lambda run: (run[1] - run[0], -run[0]), default=None)

    rest = queries.rest_of(claim, beside)

    expected = longest and (START + longest[0] * HOUR, START + longest[1] * HOUR)
    assert rest == expected


@pytest.mark.usefixtures("now")
def test_the_page_offers_what_is_left():
    first, other = one_time_twice(came_at=START + HOUR, left_at=END + HOUR)
    whole = elsewhere([first.places[0].person], body=other.body)
    client, [claim] = browser(other.colleague), claims(other)

    page = text(client.get("/en" + url("approvals")))

    assert page.count(f'form="rest-{claim.pk}"') == 1
    assert "12:00–13:00" in page
    assert f'form="rest-{claims(whole)[0].pk}"' not in page
    assert client.post("/en" + url("approve_rest", claim.pk), follow=True).status_code == 200
    assert claims(other)[0].state == "approved"
    refusal = client.post("/en" + url("approve_rest", claim.pk))
    assert refusal.status_code == 409
    assert browser(first.colleague).post(url("approve_rest", claim.pk)).status_code == 404

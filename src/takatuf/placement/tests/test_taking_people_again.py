"""A seat freed while nobody new is taken goes to who waits as soon as people are taken again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, Message
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.notices import TakesPeopleAgain
from takatuf.placement import commands, receivers
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
NOW = timezone.now
DAY = timedelta(days=1)


def states(*rows):
    return [Application.objects.get(pk=row.pk).status for row in rows]


def act(command, role):
    """The body's manager does it, and the worker what follows."""
    opportunity = role.shift.opportunity
    command(opportunity_id=opportunity.pk, by=manager_of(opportunity.body), at=NOW())
    run_jobs()


def ran_out(role):
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
        reconfirm_by=timezone.localdate() - DAY
    )


def pause(role):
    act(opportunities.pause, role)


def leave(row):
    commands.withdraw(application_id=row.pk, by=row.person, at=NOW())
    run_jobs()


def offers() -> list[Message]:
    return list(Message.objects.filter(template="placement.offered").order_by("pk"))


@pytest.mark.parametrize(
    ("shut", "open_again"),
    [(pause, opportunities.resume), (ran_out, opportunities.reconfirm)],
    ids=["paused", "unconfirmed"],
)
def test_the_first_in_line_is_offered_what_was_freed(shut, open_again):
    role = shift_role(seats=1)
    held = application(role=role)
    first, second = (application(role=role, status="waiting") for _ in range(2))
    shut(role)
    leave(held)
    assert states(held, first, second) == ["withdrawn", "waiting", "waiting"]
    assert not offers()

    act(open_again, role)

    assert states(first, second) == ["offered", "waiting"]
    assert [message.person for message in offers()] == [first.person]
    role.refresh_from_db()
    assert role.taken == 1


@pytest.fixture
def roles():
    """Two days of one opportunity with the same role, two seats each."""
    opportunity = OpportunityFactory()
    first = shift_role(seats=2, shift=ShiftFactory(opportunity=opportunity))
    later = ShiftFactory(opportunity=opportunity, starts_at=first.shift.starts_at + DAY)
    return [first, shift_role(seats=2, role=first.role, shift=later)]


def test_every_free_seat_of_every_shift_goes_and_each_person_reads_one_message(roles):
    held = [application(role=role) for role in roles for _ in range(2)]
    people = [volunteer() for _ in range(3)]
    lines = [
        [application(person=person, role=role, status="waiting") for person in people]
        for role in roles
    ]
    pause(roles[0])
    for row in held:
        leave(row)

    act(opportunities.resume, roles[0])

    for line in lines:
        assert states(*line) == ["offered", "offered", "waiting"]
    assert [message.person for message in offers()] == people[:2]
    for message in offers():
        assert message.context["more"].count("http") == 1
        assert message.context["day"] not in message.context["more"]


def test_a_seat_that_stayed_taken_is_offered_to_nobody(roles):
    freed = application(role=roles[0])
    application(role=roles[1])
    application(role=roles[1])
    lines = [application(role=role, status="waiting") for role in roles]
    pause(roles[0])
    leave(freed)

    act(opportunities.resume, roles[0])

    assert states(*lines) == ["offered", "waiting"]


def test_saying_that_a_paused_listing_stands_takes_nobody_yet(roles):
    waits = application(role=roles[0], status="waiting")
    pause(roles[0])
    ran_out(roles[0])

    act(opportunities.reconfirm, roles[0])
    assert states(waits) == ["waiting"]

    act(opportunities.resume, roles[0])
    assert states(waits) == ["offered"]


def test_confirming_in_good_time_has_nothing_to_announce(roles):
    opportunity = roles[0].shift.opportunity
    confirmed = {"opportunity_id": opportunity.pk, "by": manager_of(opportunity.body)}

    opportunities.reconfirm(**confirmed, at=NOW())
    assert not Job.objects.exists()

    ran_out(roles[0])
    opportunities.reconfirm(**confirmed, at=NOW())
    assert Job.objects.count() == 1


def test_who_no_longer_fits_is_passed_over_and_keeps_the_place_in_line(roles):
    stranger = volunteer()
    stranger.charter_acceptances.all().delete()
    no_longer = application(person=stranger, role=roles[0], status="waiting")
    fits = application(role=roles[0], status="waiting")
    pause(roles[0])

    act(opportunities.resume, roles[0])

    assert states(no_longer, fits) == ["waiting", "offered"]


def test_what_begins_within_two_hours_or_has_begun_is_not_offered():
    opportunity = OpportunityFactory()
    begun, soon, later = (
        shift_role(shift=ShiftFactory(opportunity=opportunity, starts_at=NOW() + ahead))
        for ahead in (timedelta(hours=-1), timedelta(hours=1), DAY)
    )
    rows = [application(role=role, status="waiting") for role in (begun, soon, later)]
    pause(begun)

    act(opportunities.resume, begun)

    assert states(*rows) == ["waiting", "waiting", "offered"]


def test_heard_twice_it_changes_nothing_the_second_time(roles):
    application(role=roles[0], status="waiting")
    news = TakesPeopleAgain(opportunity_id=roles[0].shift.opportunity_id)
    receivers.fill_free_seats(news)
    before = list(Application.objects.values()), len(offers())
    assert before[1] == 1

    receivers.fill_free_seats(news)

    assert (list(Application.objects.values()), len(offers())) == before

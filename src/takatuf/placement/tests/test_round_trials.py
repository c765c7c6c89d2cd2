"""What if: a job works out other settings, the page shows the difference, taking starts anew."""

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Transition
from takatuf.placement import commands
from takatuf.placement.commands.trying import try_out
from takatuf.placement.models import Proposal, Round, RoundTrial
from takatuf.placement.templatetags.rounds import signed, signed_points
from takatuf.placement.tests.factories import desk_person, manager_of
from takatuf.placement.tests.rounds import agreed, place, solved, step
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


@pytest.fixture
def desk(client):
    person = desk_person()
    sign_in(client, person)
    return person


@pytest.fixture
def row(desk):
    """Two places of one day, one who is rested and one who gave many hours lately."""
    for hours in (8, 16):
        place(seats=1, hours=hours)
    agreed()
    VolunteerProfile.objects.filter(person=agreed()).update(recent_minutes=2300)
    return solved(by=desk)


def at(name, row, *more):
    return reverse(f"placement:{name}", args=[row.pk, *more])


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode().replace('<bdi dir="ltr">', "").replace("</bdi>", "")


def typed(**changed):
    chosen = {"spread": 100, "stay": 30, "away": 4} | changed
    return {name: step(name, value) for name, value in chosen.items()}


def given(row):
    return sorted(Proposal.objects.filter(round=row).values_list("person_id", "shift_role_id"))


# ---------------------------------------------------------------- trying
def test_sharing_out_more_serves_more_people_and_says_what_it_costs(client, row):
    assert len({person for person, _role in given(row)}) == 1
    before = given(row)

    assert client.post(at("round_what_if", row), typed(spread=1000)).status_code == 302
    shown = page(client, at("round_what_if", row))
    assert "Being worked out" in shown
    assert 'hx-trigger="every 2s"' in shown
    run_jobs()

    trial = RoundTrial.objects.get()
    assert (trial.status, trial.seats_filled, trial.people, trial.people_before) == (
        "done", 2, 2, 1,
    )  # fmt: skip
    assert (trial.moved, trial.people_more) == (1, 1)
    assert trial.points_more < 0, "by the round's own settings the plan is the better one"
    assert trial.points_before == row.objective
    shown = page(client, at("round_what_if", row))
    assert "Counts most of all" in shown
    assert "+1" in shown
    assert f"{trial.points_more / 1000:+,.1f}".replace("-", "−") in shown
    assert "every 2s" not in shown
    assert given(row) == before, "a trial proposes nobody"


def test_settings_are_taken_by_working_it_out_again(client, row):
    client.post(at("round_what_if", row), typed(spread=1000))
    run_jobs()

    answer = client.post(at("round_take", row, RoundTrial.objects.get().pk))

    assert answer.url == at("round", row)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.options["spread"]) == ("proposed", 1000)
    assert len({person for person, _role in given(row)}) == 2
    assert "Take these settings" not in page(client, at("round_what_if", row))


def test_the_same_is_worked_out_once(client, row):
    for _ in range(2):
        client.post(at("round_what_if", row), typed(away=12))
        run_jobs()
    assert RoundTrial.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (typed(), "These are the settings of the plan"),
        (typed() | {"spread": "6"}, "Choose one of the steps."),
    ],
)
def test_nothing_is_worked_out_for_the_plans_own_settings_or_nonsense(
    client, row, given, words
):
    answer = client.post(at("round_what_if", row), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RoundTrial.objects.exists()


def test_one_at_a_time(client, row):
    client.post(at("round_what_if", row), typed(spread=300))
    answer = client.post(at("round_what_if", row), typed(spread=1000))
    assert answer.status_code == 422
    assert "Another one is being worked out" in answer.content.decode()
    assert RoundTrial.objects.count() == 1


def test_run_twice_the_second_finds_it_done(client, row):
    client.post(at("round_what_if", row), typed(spread=300))
    trial = RoundTrial.objects.get()
    try_out(trial.pk)
    done = RoundTrial.objects.get().done_at
    try_out(trial.pk)
    assert RoundTrial.objects.get().done_at == done


def test_when_nothing_is_left_to_plan_it_says_so(client, row):
    client.post(at("round_what_if", row), typed(spread=300))
    Proposal.objects.filter(round=row)[0].shift_role.__class__.objects.update(taken=1)
    run_jobs()
    trial = RoundTrial.objects.get()
    assert trial.status == "failed"
    assert "No seat is free any more" in page(client, at("round_what_if", row))


def test_once_something_is_approved_nothing_is_tried(client, row):
    Round.objects.filter(pk=row.pk).update(status="partly")
    assert "no longer tried" in page(client, at("round_what_if", row))
    answer = client.post(at("round_what_if", row), typed(spread=300))
    assert "before anything is approved" in answer.content.decode()
    assert not RoundTrial.objects.exists()


# ---------------------------------------------------------------- who may
@pytest.mark.parametrize("who", ["manager", "auditor"])
def test_others_try_nothing(client, row, who):
    role = Proposal.objects.filter(round=row)[0].shift_role
    person = (
        manager_of(role.shift.opportunity.body)
        if who == "manager"
        else OfficeFactory(body=row.body, role="auditor").person
    )
    sign_in(client, person)
    before = Transition.objects.count()
    shown = page(client, at("round_what_if", row), status=404 if who == "manager" else 200)
    assert ("Whoever runs the round" in shown) == (who == "auditor")
    assert "no longer tried" not in shown
    assert client.post(at("round_what_if", row), typed(spread=300)).status_code == 404
    assert (RoundTrial.objects.count(), Transition.objects.count()) == (0, before)


def test_the_command_asks_itself(row):
    with pytest.raises(commands.CannotTry.__mro__[1]):
        commands.try_settings(
            matching_round=row, options={"spread": 300}, by=manager_of(BodyFactory()), at=NOW()
        )
    assert not RoundTrial.objects.exists()


def test_a_difference_has_its_sign():
    assert (signed(0), signed(1200)) == ("", '<bdi dir="ltr">+1,200</bdi>')
    assert signed_points(-12_340) == '<bdi dir="ltr">−12.3</bdi>'
    assert signed_points(4) == ""

"""Whom a mistyped year makes a minor asks the desk: who may, what is kept, what follows."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from takatuf.accounts import commands, contributions, policies, queries
from takatuf.accounts.models import BirthDateRequest
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.privacy import own_data
from takatuf.kernel.transitions import WrongState, history, states_out_of_step
from takatuf.kernel.typography import whole_day

pytestmark = pytest.mark.django_db
NOW, DAY = factories.NOW, timedelta(days=1)
RIGHT = date(2001, 3, 1)
WRONG = date(2010, 3, 1)
WHY, SEEN = "كتبت 2010 بدل 2001", "الهوية أمامي"


@pytest.fixture
def desk(two_of_the_desk):
    return two_of_the_desk[0]


@pytest.fixture
def young():
    return factories.minor()


def ask(person, **given) -> BirthDateRequest:
    values = {"birth_date": RIGHT, "reason": WHY, "by": person} | given
    return commands.ask_birth_date(person=person, **values, at=NOW)


def templates_to(person) -> list[str]:
    return [message.template for message in outbox.messages_to_address(person.email)]


# ---------------------------------------------------------------- asking
def test_asking_changes_nothing_but_reaches_the_desk(young, desk):
    request = ask(young)

    young.refresh_from_db()
    assert (young.birth_date, request.status) == (WRONG, "asked")
    assert not policies.may_join_activities(young, NOW)
    assert templates_to(young) == ["accounts.birth_date_asked"]
    assert whole_day(request.birth_date) in outbox.messages_to_address(young.email)[0].body
    assert [entry.action for entry in history(request)] == ["asked"]
    item = contributions.birth_dates_waiting(desk, [], NOW)[0]
    assert (item.url, item.due_at > NOW + 5 * DAY) == (
        reverse("birth_date_request", args=[request.pk]), True
    )  # fmt: skip
    late = contributions.birth_dates_waiting(desk, [], NOW + 9 * DAY)[0]
    assert (item.tone, late.tone) == ("warn", "bad")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason": " "}, "reason"), ({"birth_date": date(2012, 1, 1)}, "birth_date"),
     ({"birth_date": date(1850, 1, 1)}, "birth_date")],
    ids=["no reason", "still a minor", "too old"],
)  # fmt: skip
def test_what_the_desk_is_not_for_is_refused_at_its_field(young, given, field):
    with pytest.raises(commands.CannotChange) as refusal:
        ask(young, **given)

    assert refusal.value.field == field
    assert not BirthDateRequest.objects.exists()
    assert templates_to(young) == []


def test_an_adult_corrects_it_alone():
    with pytest.raises(commands.CannotChange):
        ask(factories.person())

    assert not BirthDateRequest.objects.exists()


def test_nobody_asks_for_another(young):
    with pytest.raises(NotAllowed):
        ask(young, by=factories.person())

    assert not BirthDateRequest.objects.exists()


def test_one_request_waits_at_a_time(young):
    first = ask(young)

    with pytest.raises(commands.CannotChange):
        ask(young, birth_date=date(2002, 3, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        BirthDateRequest.objects.create(
            person=young, birth_date=RIGHT, explanation=WHY, asked_at=NOW
        )
    commands.withdraw_birth_date(request=first, by=young, at=NOW)

    assert ask(young, birth_date=date(2002, 3, 1)).status == "asked"


# ---------------------------------------------------------------- deciding
def test_accepted_the_date_stands_and_the_consent_ends(young, desk):
    consent = factories.consent(young, status="given")
    request = ask(young)

    commands.accept_birth_date(request=request, reason=SEEN, by=desk, at=NOW)

    young.refresh_from_db()
    consent.refresh_from_db()
    request.refresh_from_db()
    assert (young.birth_date, consent.status) == (RIGHT, "expired")
    assert (request.status, request.decided_by, request.ended_at) == ("accepted", desk, NOW)
    assert policies.may_join_activities(young, NOW)
    assert templates_to(young)[0] == "accounts.birth_date_corrected"
    assert SEEN in outbox.messages_to_address(young.email)[0].body
    assert [entry.action for entry in history(young)][-1] == "birth_date_corrected"
    assert contributions.birth_dates_waiting(desk, [], NOW) == []
    assert list(states_out_of_step()) == []


def test_refused_the_reason_reaches_the_person_and_nothing_else_changes(young, desk):
    request = ask(young)

    with pytest.raises(commands.CannotChange):
        commands.refuse_birth_date(request=request, reason=" ", by=desk, at=NOW)
    commands.refuse_birth_date(request=request, reason="الهوية توافق", by=desk, at=NOW)

    young.refresh_from_db()
    assert (young.birth_date, request.status) == (WRONG, "refused")
    assert queries.why_refused(request) == "الهوية توافق"
    message = outbox.messages_to_address(young.email)[0]
    assert (message.template, "الهوية توافق" in message.body) == (
        "accounts.birth_date_refused", True
    )  # fmt: skip


DECISIONS = [
    lambda request, by: commands.accept_birth_date(request=request, reason=SEEN, by=by, at=NOW),
    lambda request, by: commands.refuse_birth_date(request=request, reason=SEEN, by=by, at=NOW),
]


@pytest.mark.parametrize("decide", DECISIONS, ids=["accept", "refuse"])
@pytest.mark.parametrize("who", ["stranger", "administrator", "oneself of the desk"])
def test_only_the_desk_decides_and_never_on_oneself(young, desk_names, decide, who):
    request = ask(young)
    if who == "oneself of the desk":
        desk_names.add(young.full_name)
        by = young
    else:
        by = factories.person(is_staff=who == "administrator")

    with pytest.raises(NotAllowed):
        decide(request, by)

    request.refresh_from_db()
    young.refresh_from_db()
    assert (request.status, request.decided_by, young.birth_date) == ("asked", None, WRONG)


def test_the_database_refuses_a_decision_on_oneself(young):
    request = ask(young)

    with pytest.raises(IntegrityError), transaction.atomic():
        BirthDateRequest.objects.filter(pk=request.pk).update(
            status="accepted", decided_by=young, ended_at=NOW
        )


def test_what_is_decided_is_decided_once(young, two_of_the_desk):
    one, other = two_of_the_desk
    request = ask(young)
    at_once = BirthDateRequest.objects.get()
    commands.refuse_birth_date(request=request, reason="لا", by=one, at=NOW)

    for late in (
        lambda: commands.accept_birth_date(request=at_once, reason=SEEN, by=other, at=NOW),
        lambda: commands.withdraw_birth_date(request=request, by=young, at=NOW),
    ):
        with pytest.raises(WrongState):
            late()
    young.refresh_from_db()
    assert young.birth_date == WRONG
    assert len(history(request)) == 2


def test_a_correction_that_fails_leaves_the_request_waiting(young, desk):
    request = ask(young)

    with pytest.raises(DomainError):
        commands.accept_birth_date(request=request, reason=" ", by=desk, at=NOW)

    assert BirthDateRequest.objects.get().status == "asked"


def test_the_desks_own_correction_answers_the_request_for_the_same_date(young, desk):
    request = ask(young)
    other = ask(factories.minor())

    for to in (date(2000, 1, 1), RIGHT):
        commands.correct_birth_date(
            person=young, birth_date=to, reason=SEEN, by=desk, at=NOW
        )  # fmt: skip
        request.refresh_from_db()
        assert request.status == ("accepted" if to == RIGHT else "asked")

    other.refresh_from_db()
    assert (request.decided_by, other.status) == (desk, "asked")


def test_nobody_withdraws_anothers(young, desk):
    request = ask(young)

    with pytest.raises(NotAllowed):
        commands.withdraw_birth_date(request=request, by=desk, at=NOW)

    request.refresh_from_db()
    assert request.status == "asked"


def test_the_persons_own_copy_has_it(young):
    ask(young)
    ask(factories.minor(), reason="شخص آخر")

    data = own_data(young)

    assert data["accounts.BirthDateRequest.birth_date"] == [str(RIGHT)]
    assert data["accounts.BirthDateRequest.explanation"] == [WHY]

"""The way back in: two people of the desk, a day of notice, and the owner can stop it."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takatuf.accounts import commands, links, queries
from takatuf.accounts.enums import RECOVERY_STEPS
from takatuf.accounts.models import RecoveryRequest
from takatuf.accounts.tests import factories
from takatuf.accounts.tests.factories import NEW_PHONE, ask_recovery
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.transitions import WrongState, history

pytestmark = pytest.mark.django_db
NOW, DAY = factories.NOW, timedelta(hours=24)


def confirmed(desk, **given):
    request = commands.approve_recovery(request=ask_recovery(**given), by=desk[0], at=NOW)
    return commands.confirm_recovery(request=request, by=desk[1], at=NOW)


def test_what_they_know_is_compared_and_not_kept(owner):
    right = ask_recovery()
    wrong = ask_recovery(
        claimed_name="سعد الحربي", birth_date=date(1990, 1, 1), id_last_three="111"
    )

    assert (right.name_matches, right.birth_date_matches, right.id_matches) == (True,) * 3
    assert (wrong.name_matches, wrong.birth_date_matches, wrong.id_matches) == (False,) * 3
    assert "1999" not in str(RecoveryRequest.objects.values()[0])


def test_what_was_not_said_is_not_called_wrong(owner):
    request = ask_recovery(birth_date=None, id_last_three="")

    assert (request.name_matches, request.birth_date_matches, request.id_matches) == (
        True, None, None,
    )  # fmt: skip


def test_an_unknown_contact_is_asked_for_in_the_same_way(owner):
    request = ask_recovery(claimed_contact="nobody@example.org")

    assert (request.person, request.status) == (None, "asked")


def test_approval_tells_every_old_channel_with_a_way_to_stop_it(owner, two_of_the_desk):
    commands.approve_recovery(request=ask_recovery(), by=two_of_the_desk[0], at=NOW)

    notices = outbox.recent_messages().filter(template="accounts.recovery_notice")
    assert {notice.address for notice in notices} == {owner.email, owner.phone}
    assert all("/recover/stop/" in notice.context["link"] for notice in notices)


def test_after_two_people_and_a_day_the_new_contact_opens_the_account(owner, two_of_the_desk):
    confirmed(two_of_the_desk)

    assert commands.finish_recoveries(NOW + DAY - timedelta(seconds=1)) == 0
    owner.refresh_from_db()
    assert owner.phone == "+966551110001"

    assert commands.finish_recoveries(NOW + DAY) == 1
    assert commands.finish_recoveries(NOW + DAY) == 0
    owner.refresh_from_db()
    assert (owner.phone, owner.phone_verified, owner.session_stamp) == (NEW_PHONE, True, 1)
    assert queries.person_by_contact("+966551110001") is None


def test_a_lost_factor_is_set_up_anew(owner, two_of_the_desk):
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    owner.set_password(factories.PASSWORD)
    owner.save()
    confirmed(two_of_the_desk, lost_second_factor=True)

    commands.finish_recoveries(NOW + DAY)

    owner.refresh_from_db()
    assert not Authenticator.objects.filter(user=owner).exists()
    assert not owner.has_usable_password()


def test_a_kept_factor_stays(owner, two_of_the_desk):
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    confirmed(two_of_the_desk)

    commands.finish_recoveries(NOW + DAY)

    assert Authenticator.objects.filter(user=owner).exists()


def test_the_same_person_cannot_be_both_pairs_of_eyes(owner, two_of_the_desk):
    request = commands.approve_recovery(request=ask_recovery(), by=two_of_the_desk[0], at=NOW)

    with pytest.raises(SamePerson):
        commands.confirm_recovery(request=request, by=two_of_the_desk[0], at=NOW)

    request.refresh_from_db()
    assert (request.status, request.confirmed_by) == ("approved", None)


def test_the_database_refuses_one_person_as_both(owner, two_of_the_desk):
    request = commands.approve_recovery(request=ask_recovery(), by=two_of_the_desk[0], at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryRequest.objects.filter(pk=request.pk).update(confirmed_by=two_of_the_desk[0])


def test_nobody_of_the_desk_recovers_their_own_account(two_of_the_desk):
    request = ask_recovery(claimed_contact=two_of_the_desk[0].email)

    with pytest.raises(NotAllowed):
        commands.approve_recovery(request=request, by=two_of_the_desk[0], at=NOW)

    request.refresh_from_db()
    assert request.status == "asked"


def test_only_the_desk_decides(owner, two_of_the_desk):
    request, stranger = ask_recovery(), factories.person()

    for act in (commands.approve_recovery, commands.confirm_recovery):
        with pytest.raises(NotAllowed):
            act(request=request, by=stranger, at=NOW)
    with pytest.raises(NotAllowed):
        commands.refuse_recovery(request=request, reason="x", by=stranger, at=NOW)

    request.refresh_from_db()
    assert request.status == "asked"
    assert _written_to(NEW_PHONE) == ["recovery_asked"]


def test_without_an_account_it_can_only_be_refused_with_a_reason(two_of_the_desk):
    request = ask_recovery(claimed_contact="nobody@example.org")

    with pytest.raises(commands.CannotRecover):
        commands.approve_recovery(request=request, by=two_of_the_desk[0], at=NOW)
    with pytest.raises(commands.CannotRecover):
        commands.refuse_recovery(request=request, reason=" ", by=two_of_the_desk[0], at=NOW)
    commands.refuse_recovery(
        request=request, reason="لا حساب بهذه الوسيلة", by=two_of_the_desk[0], at=NOW
    )

    refused = outbox.messages_to_address(NEW_PHONE).get(template="accounts.recovery_refused")
    assert "لا حساب" in refused.body


def test_two_requests_for_one_account_are_not_under_way_at_once(owner, two_of_the_desk):
    commands.approve_recovery(request=ask_recovery(), by=two_of_the_desk[0], at=NOW)
    second = ask_recovery(new_contact="+966551110003")

    with pytest.raises(commands.CannotRecover):
        commands.approve_recovery(request=second, by=two_of_the_desk[1], at=NOW)

    second.refresh_from_db()
    assert second.status == "asked"


def test_the_owner_stops_it_by_the_link_and_twice_is_once(owner, two_of_the_desk, client):
    request = confirmed(two_of_the_desk)
    address = "/recover/stop/" + links.stop_link(request, at=NOW).split("/stop/")[1]

    assert client.get(address).status_code in {200, 409}
    commands.stop_recovery(request=request, at=NOW)
    commands.stop_recovery(request=request, at=NOW)

    assert commands.finish_recoveries(NOW + DAY) == 0
    owner.refresh_from_db()
    assert owner.phone == "+966551110001"


def test_opening_the_stop_link_alone_stops_nothing(owner, two_of_the_desk, client):
    request = confirmed(two_of_the_desk)
    address = "/recover/stop/" + links.stop_link(request, at=None).split("/stop/")[1]

    assert client.get(address).status_code == 200
    request.refresh_from_db()
    assert request.status == "confirmed"

    client.post(address)
    request.refresh_from_db()
    assert request.status == "stopped"
    again = client.get(address)
    assert (again.status_code, "<form" in again.content.decode().split("<main")[1]) == (
        409,
        False,
    )


def test_what_is_done_cannot_be_stopped(owner, two_of_the_desk):
    request = confirmed(two_of_the_desk)
    commands.finish_recoveries(NOW + DAY)
    request.refresh_from_db()

    with pytest.raises(WrongState):
        commands.stop_recovery(request=request, at=NOW + DAY)


def test_a_new_contact_that_got_an_owner_meanwhile_moves_nothing(owner, two_of_the_desk):
    request = confirmed(two_of_the_desk)
    factories.person(phone=NEW_PHONE)

    assert commands.finish_recoveries(NOW + DAY) == 0

    request.refresh_from_db()
    owner.refresh_from_db()
    assert (request.status, owner.phone) == ("refused", "+966551110001")


def test_the_way_back_does_not_lead_over_the_guardians_contact(owner, two_of_the_desk):
    request = confirmed(two_of_the_desk)
    factories.consent(owner, status="given", guardian_contact=NEW_PHONE)
    with pytest.raises(commands.CannotRecover):
        ask_recovery()

    assert commands.finish_recoveries(NOW + DAY) == 0

    request.refresh_from_db()
    owner.refresh_from_db()
    assert (request.status, owner.phone) == ("refused", "+966551110001")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.sampled_from(
            ["approve0", "approve1", "confirm0", "confirm1", "refuse0", "stop", "day"]
        ),
        max_size=9,
    )
)
def test_no_order_of_events_moves_an_account_without_two_people_and_a_day(
    two_of_the_desk, acts
):
    with transaction.atomic():
        owner = factories.person(phone="+966551110001", phone_verified=True)
        request, at = ask_recovery(), NOW
        for act in acts:
            at += DAY if act == "day" else timedelta(minutes=1)
            _try(act, request, two_of_the_desk, at)
            request.refresh_from_db()
        owner.refresh_from_db()
        _holds(owner, request, at)
        transaction.set_rollback(True)


def _try(act, request, desk, at):
    try:
        with transaction.atomic():
            if act == "day":
                commands.finish_recoveries(at)
            elif act == "stop":
                commands.stop_recovery(request=request, at=at)
            elif act.startswith("refuse"):
                commands.refuse_recovery(request=request, reason="لا", by=desk[0], at=at)
            else:
                command = getattr(commands, f"{act[:-1]}_recovery")
                command(request=request, by=desk[int(act[-1])], at=at)
    except DomainError:
        request.refresh_from_db()


def _holds(owner, request, at):
    moved = owner.phone == NEW_PHONE
    assert moved == (request.status == "done")
    if moved:
        assert request.approved_by_id != request.confirmed_by_id
        assert at >= request.cooling_ends_at
    for entry in history(request):
        if entry.from_state:
            assert entry.to_state in RECOVERY_STEPS[entry.from_state]


def _written_to(contact) -> list[str]:
    return [sent.template.removeprefix("accounts.") for sent in
            outbox.messages_to_address(contact).order_by("pk")]  # fmt: skip


def test_whoever_asked_hears_of_every_step_at_the_new_contact(owner, two_of_the_desk):
    request = confirmed(two_of_the_desk)
    commands.finish_recoveries(NOW + DAY)

    assert _written_to(NEW_PHONE) == ["recovery_asked", "recovery_started", "recovery_done"]
    started = outbox.messages_to_address(NEW_PHONE).get(template="accounts.recovery_started")
    assert f"{timezone.localtime(request.cooling_ends_at):%H:%M}" in started.body


def test_whoever_asked_hears_that_the_old_mobile_stopped_it(owner, two_of_the_desk):
    request = confirmed(two_of_the_desk)

    commands.stop_recovery(request=request, at=NOW)
    commands.stop_recovery(request=request, at=NOW)

    assert _written_to(NEW_PHONE)[2:] == ["recovery_stopped"]


def test_a_new_contact_that_opens_another_account_is_refused_at_once(owner, two_of_the_desk):
    factories.person(phone=NEW_PHONE)

    with pytest.raises(commands.CannotRecover):
        ask_recovery()

    assert not RecoveryRequest.objects.exists()


def test_the_desk_approves_no_contact_that_opens_another_account(owner, two_of_the_desk):
    request = ask_recovery()
    factories.person(phone=NEW_PHONE)

    with pytest.raises(commands.CannotRecover):
        commands.approve_recovery(request=request, by=two_of_the_desk[0], at=NOW)


@pytest.mark.parametrize("contact", [NEW_PHONE, "new@example.org"])
def test_an_empty_account_opened_meanwhile_gives_way(owner, two_of_the_desk, contact):
    confirmed(two_of_the_desk, new_contact=contact)
    empty, _new = commands.enter_by_contact(contact=contact, language="ar", by=None, at=NOW)

    assert commands.finish_recoveries(NOW + DAY) == 1

    empty.refresh_from_db()
    assert queries.person_by_contact(contact) == owner
    assert (empty.phone, empty.email, empty.is_active) == (None, None, False)


@pytest.mark.parametrize("used", ["named", "guardian", "password", "decided"])
def test_an_account_in_use_does_not_give_way_and_they_are_told(owner, two_of_the_desk, used):
    confirmed(two_of_the_desk)
    other, _new = commands.enter_by_contact(contact=NEW_PHONE, language="ar", by=None, at=NOW)
    if used == "named":
        commands.name_person(person=other, full_name="سارة البلوي",
                             birth_date=date(1999, 9, 9), by=other, at=NOW)  # fmt: skip
    elif used == "guardian":
        factories.consent(guardian=other)
    elif used == "decided":  # a relation that has no name of its own on the person
        RecoveryRequest.objects.filter(pk=ask_recovery(new_contact="x@example.org").pk).update(
            approved_by=other
        )
    else:
        other.set_password(factories.PASSWORD)
        other.save()

    assert commands.finish_recoveries(NOW + DAY) == 0

    assert queries.person_by_contact(NEW_PHONE) == other
    assert _written_to(NEW_PHONE)[2:] == ["recovery_taken"]


def test_who_begins_to_use_the_account_at_that_moment_keeps_it(
    owner, two_of_the_desk, monkeypatch
):
    request, hold = confirmed(two_of_the_desk), queries.hold_by_contact
    other, _new = commands.enter_by_contact(contact=NEW_PHONE, language="ar", by=None, at=NOW)

    def named_just_before(contact):
        commands.name_person(person=other, full_name="سارة البلوي",
                             birth_date=date(1999, 9, 9), by=other, at=NOW)  # fmt: skip
        return hold(contact)

    monkeypatch.setattr(queries, "hold_by_contact", named_just_before)

    assert commands.finish_recoveries(NOW + DAY) == 0

    request.refresh_from_db()
    other.refresh_from_db()
    assert (request.status, history(request).last().action) == ("refused", "contact_taken")
    assert (other.phone, other.is_active) == (NEW_PHONE, True)
    assert _written_to(NEW_PHONE)[-1] == "recovery_taken"

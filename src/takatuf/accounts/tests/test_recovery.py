"""The way back in: two people of the desk, a day of notice, and the owner can stop it."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takatuf.accounts import commands, contributions, links, queries
from takatuf.accounts.enums import RECOVERY_STEPS
from takatuf.accounts.models import RecoveryRequest
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.transitions import WrongState, history

pytestmark = pytest.mark.django_db
NOW, DAY = factories.NOW, timedelta(hours=24)
NEW = "+966551110002"


@pytest.fixture
def desk(desk_names):
    first, second = (
        factories.person(full_name="مكتب أول"),
        factories.person(full_name="مكتب ثان"),
    )
    desk_names |= {first.full_name, second.full_name}
    return first, second


@pytest.fixture
def owner():
    return factories.person(
        full_name="هند العطوي", phone="+966551110001", phone_verified=True, id_last_three="525",
        id_hash="a" * 64, birth_date=date(1999, 9, 9),
    )  # fmt: skip


def ask(**given):
    values = {
        "claimed_name": "هند العطوي", "claimed_contact": "+966551110001", "new_contact": NEW,
        "birth_date": date(1999, 9, 9), "id_last_three": "525", "explanation": "ضاع الجوال",
        "lost_second_factor": False,
    } | given  # fmt: skip
    return commands.ask_recovery(**values, at=NOW)


def confirmed(desk, **given):
    request = commands.approve_recovery(request=ask(**given), by=desk[0], at=NOW)
    return commands.confirm_recovery(request=request, by=desk[1], at=NOW)


def test_what_they_know_is_compared_and_not_kept(owner):
    right = ask()
    wrong = ask(claimed_name="سعد الحربي", birth_date=date(1990, 1, 1), id_last_three="111")

    assert (right.name_matches, right.birth_date_matches, right.id_matches) == (True,) * 3
    assert (wrong.name_matches, wrong.birth_date_matches, wrong.id_matches) == (False,) * 3
    assert "1999" not in str(RecoveryRequest.objects.values()[0])


def test_an_unknown_contact_is_asked_for_in_the_same_way(owner):
    request = ask(claimed_contact="nobody@example.org")

    assert (request.person, request.status) == (None, "asked")


def test_approval_tells_every_old_channel_with_a_way_to_stop_it(owner, desk):
    commands.approve_recovery(request=ask(), by=desk[0], at=NOW)

    notices = outbox.recent_messages().filter(template="accounts.recovery_notice")
    assert {notice.address for notice in notices} == {owner.email, owner.phone}
    assert all("/recover/stop/" in notice.context["link"] for notice in notices)


def test_after_two_people_and_a_day_the_new_contact_opens_the_account(owner, desk):
    confirmed(desk)

    assert commands.finish_recoveries(NOW + DAY - timedelta(seconds=1)) == 0
    owner.refresh_from_db()
    assert owner.phone == "+966551110001"

    assert commands.finish_recoveries(NOW + DAY) == 1
    assert commands.finish_recoveries(NOW + DAY) == 0
    owner.refresh_from_db()
    assert (owner.phone, owner.phone_verified, owner.session_stamp) == (NEW, True, 1)
    assert queries.person_by_contact("+966551110001") is None


def test_a_lost_factor_is_set_up_anew(owner, desk):
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    owner.set_password(factories.PASSWORD)
    owner.save()
    confirmed(desk, lost_second_factor=True)

    commands.finish_recoveries(NOW + DAY)

    owner.refresh_from_db()
    assert not Authenticator.objects.filter(user=owner).exists()
    assert not owner.has_usable_password()


def test_a_kept_factor_stays(owner, desk):
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    confirmed(desk)

    commands.finish_recoveries(NOW + DAY)

    assert Authenticator.objects.filter(user=owner).exists()


def test_the_same_person_cannot_be_both_pairs_of_eyes(owner, desk):
    request = commands.approve_recovery(request=ask(), by=desk[0], at=NOW)

    with pytest.raises(SamePerson):
        commands.confirm_recovery(request=request, by=desk[0], at=NOW)

    request.refresh_from_db()
    assert (request.status, request.confirmed_by) == ("approved", None)


def test_the_database_refuses_one_person_as_both(owner, desk):
    request = commands.approve_recovery(request=ask(), by=desk[0], at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryRequest.objects.filter(pk=request.pk).update(confirmed_by=desk[0])


def test_nobody_of_the_desk_recovers_their_own_account(desk):
    request = ask(claimed_contact=desk[0].email)

    with pytest.raises(NotAllowed):
        commands.approve_recovery(request=request, by=desk[0], at=NOW)

    request.refresh_from_db()
    assert request.status == "asked"


def test_only_the_desk_decides(owner, desk):
    request, stranger = ask(), factories.person()

    for act in (commands.approve_recovery, commands.confirm_recovery):
        with pytest.raises(NotAllowed):
            act(request=request, by=stranger, at=NOW)
    with pytest.raises(NotAllowed):
        commands.refuse_recovery(request=request, reason="x", by=stranger, at=NOW)

    request.refresh_from_db()
    assert request.status == "asked"
    assert not outbox.recent_messages().exists()


def test_without_an_account_it_can_only_be_refused_with_a_reason(desk):
    request = ask(claimed_contact="nobody@example.org")

    with pytest.raises(commands.CannotRecover):
        commands.approve_recovery(request=request, by=desk[0], at=NOW)
    with pytest.raises(commands.CannotRecover):
        commands.refuse_recovery(request=request, reason=" ", by=desk[0], at=NOW)
    commands.refuse_recovery(request=request, reason="لا حساب بهذه الوسيلة", by=desk[0], at=NOW)

    assert "لا حساب" in outbox.messages_to_address(NEW).get().body


def test_two_requests_for_one_account_are_not_under_way_at_once(owner, desk):
    commands.approve_recovery(request=ask(), by=desk[0], at=NOW)
    second = ask(new_contact="+966551110003")

    with pytest.raises(commands.CannotRecover):
        commands.approve_recovery(request=second, by=desk[1], at=NOW)

    second.refresh_from_db()
    assert second.status == "asked"


def test_the_owner_stops_it_by_the_link_and_twice_is_once(owner, desk, client):
    request = confirmed(desk)
    address = "/recover/stop/" + links.stop_link(request, at=NOW).split("/stop/")[1]

    assert client.get(address).status_code in {200, 409}
    commands.stop_recovery(request=request, at=NOW)
    commands.stop_recovery(request=request, at=NOW)

    assert commands.finish_recoveries(NOW + DAY) == 0
    owner.refresh_from_db()
    assert owner.phone == "+966551110001"


def test_opening_the_stop_link_alone_stops_nothing(owner, desk, client):
    request = confirmed(desk)
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


def test_what_is_done_cannot_be_stopped(owner, desk):
    request = confirmed(desk)
    commands.finish_recoveries(NOW + DAY)
    request.refresh_from_db()

    with pytest.raises(WrongState):
        commands.stop_recovery(request=request, at=NOW + DAY)


def test_a_new_contact_that_got_an_owner_meanwhile_moves_nothing(owner, desk):
    request = confirmed(desk)
    factories.person(phone=NEW)

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
def test_no_order_of_events_moves_an_account_without_two_people_and_a_day(desk, acts):
    with transaction.atomic():
        owner = factories.person(phone="+966551110001", phone_verified=True)
        request, at = ask(), NOW
        for act in acts:
            at += DAY if act == "day" else timedelta(minutes=1)
            _try(act, request, desk, at)
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
    moved = owner.phone == NEW
    assert moved == (request.status == "done")
    if moved:
        assert request.approved_by_id != request.confirmed_by_id
        assert at >= request.cooling_ends_at
    for entry in history(request):
        if entry.from_state:
            assert entry.to_state in RECOVERY_STEPS[entry.from_state]


# ---------------------------------------------------------------- pages
FORM = {
    "claimed_contact": "0551110001", "claimed_name": "هند العطوي", "birth_date": "9/9/1999",
    "id_last_three": "٥٢٥", "new_contact": "0551110002", "explanation": "ضاع",
}  # fmt: skip


def test_the_form_asks_for_a_code_first_then_reaches_the_desk(client, owner, last_code):
    client.post(reverse("recover"), FORM)
    assert not RecoveryRequest.objects.exists()

    response = client.post(reverse("recover_code"), {"code": last_code(NEW)})

    assert response.url == reverse("recover_done")
    assert RecoveryRequest.objects.get().person == owner


def test_the_code_is_sent_again_and_what_was_written_is_still_there(client, owner, last_code):
    client.post(reverse("recover"), FORM)
    first = last_code(NEW)

    again = client.post(reverse("recover_code"), {"action": "resend"})
    assert (again.url, last_code(NEW)) != (reverse("recover_code"), first)

    page = client.get(reverse("recover")).content.decode()
    for written in ("هند العطوي", "055 111 0001", "1999", "525", "ضاع"):
        assert written in page
    assert client.post(reverse("recover_code"), {"code": first}).status_code == 409
    assert client.post(reverse("recover_code"), {"code": last_code(NEW)}).status_code == 302


def test_a_code_is_sent_three_times_more_and_then_the_page_says_so(client, owner, last_code):
    client.post(reverse("recover"), FORM)
    for _time in range(3):
        client.post(reverse("recover_code"), {"action": "resend"})
    sent = last_code(NEW)

    page = client.post(reverse("recover_code"), {"action": "resend"}, follow=True)

    assert last_code(NEW) == sent
    assert "notice bad" in page.content.decode()
    assert 'value="resend"' not in page.content.decode()


def test_existing_and_missing_accounts_get_the_same_answers(owner, last_code):
    answers = []
    for contact in ("0551110001", "0551110009"):
        browser = Client()
        first = browser.post(reverse("recover"), FORM | {"claimed_contact": contact})
        last = browser.post(reverse("recover_code"), {"code": last_code(NEW)})
        answers.append((first.status_code, first.url, last.status_code, last.url))

    assert answers[0] == answers[1]


def test_requests_for_one_account_are_limited(client, owner):
    statuses = [Client().post(reverse("recover"), FORM).status_code for _ in range(4)]

    assert statuses == [302] * 3 + [429]


@pytest.mark.parametrize("who", ["visitor", "volunteer", "staff", "owner"])
def test_the_desks_pages_are_closed_to_others(client, owner, desk, staff_names, who):
    request = ask()
    cast = {"volunteer": factories.person(), "staff": factories.person(full_name="موظف"),
            "owner": owner}  # fmt: skip
    staff_names.add("موظف")
    if who != "visitor":
        factories.sign_in(client, cast[who])

    answers = [
        client.get(reverse("recovery_list")).status_code,
        client.get(reverse("recovery_detail", args=[request.pk])).status_code,
        *(
            client.post(reverse("recovery_decide", args=[request.pk, act])).status_code
            for act in ("approve", "confirm", "refuse")
        ),
    ]

    assert set(answers) <= ({302} if who == "visitor" else {403, 404})
    request.refresh_from_db()
    assert request.status == "asked"


def test_the_desk_decides_on_its_page(client, owner, desk):
    request = ask()
    factories.sign_in(client, desk[0])
    assert client.get(reverse("recovery_detail", args=[request.pk])).status_code == 200
    client.post(reverse("recovery_decide", args=[request.pk, "approve"]))
    second = Client()
    factories.sign_in(second, desk[1])
    assert second.get(reverse("recovery_detail", args=[request.pk])).status_code == 200
    second.post(reverse("recovery_decide", args=[request.pk, "confirm"]))

    request.refresh_from_db()
    assert request.status == "confirmed"


def test_a_refusal_without_a_reason_keeps_the_page(client, owner, desk):
    request = ask()
    factories.sign_in(client, desk[0])

    response = client.post(
        reverse("recovery_decide", args=[request.pk, "refuse"]), {"reason": ""}
    )

    request.refresh_from_db()
    assert response.context["form"].errors["reason"]
    assert request.status == "asked"


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_for_one_and_for_twelve(
    client, desk, django_assert_max_num_queries, rows
):
    for number in range(rows):
        ask(claimed_contact=factories.person().email, new_contact=f"+9665511200{number:02}")
    factories.sign_in(client, desk[0])

    with django_assert_max_num_queries(6):
        assert client.get(reverse("recovery_list")).status_code == 200


def test_the_desks_queue_names_what_waits_for_this_person(owner, desk):
    request = ask()
    assert len(contributions.recoveries_waiting(desk[0], [], NOW)) == 1
    assert contributions.recoveries_waiting(factories.person(), [], NOW) == []

    commands.approve_recovery(request=request, by=desk[0], at=NOW)

    assert contributions.recoveries_waiting(desk[0], [], NOW) == []
    assert len(contributions.recoveries_waiting(desk[1], [], NOW)) == 1

"""The pages of the way back in: the person's own form, and the desk's queue."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import commands, contributions
from takatuf.accounts.codes import SESSION_KEY
from takatuf.accounts.models import RecoveryRequest
from takatuf.accounts.tests import factories
from takatuf.accounts.tests.factories import NEW_PHONE, ask_recovery

pytestmark = pytest.mark.django_db
NOW = factories.NOW


FORM = {
    "claimed_contact": "0551110001", "claimed_name": "هند العطوي", "birth_date": "9/9/1999",
    "id_last_three": "٥٢٥", "new_contact": "0551110002", "explanation": "ضاع",
}  # fmt: skip


def test_the_form_asks_for_a_code_first_then_reaches_the_desk(client, owner, last_code):
    client.post(reverse("recover"), FORM)
    assert not RecoveryRequest.objects.exists()
    # Nobody is told that the desk has what it has not.
    assert client.get(reverse("recover_done")).url == reverse("recover")

    response = client.post(reverse("recover_code"), {"code": last_code(NEW_PHONE)})

    assert response.url == reverse("recover_done")
    assert client.get(response.url).status_code == 200
    assert RecoveryRequest.objects.get().person == owner


def test_the_code_is_sent_again_and_what_was_written_is_still_there(client, owner, last_code):
    client.post(reverse("recover"), FORM)
    first = last_code(NEW_PHONE)

    again = client.post(reverse("recover_code"), {"action": "resend"})
    assert (again.url, last_code(NEW_PHONE)) != (reverse("recover_code"), first)

    page = client.get(reverse("recover")).content.decode()
    for written in ("هند العطوي", "055 111 0001", "1999", "525", "ضاع"):
        assert written in page
    assert client.post(reverse("recover_code"), {"code": first}).status_code == 409
    assert (
        client.post(reverse("recover_code"), {"code": last_code(NEW_PHONE)}).status_code == 302
    )


def test_a_code_is_sent_three_times_more_and_then_the_page_says_so(client, owner, last_code):
    client.post(reverse("recover"), FORM)
    for _time in range(3):
        client.post(reverse("recover_code"), {"action": "resend"})
    sent = last_code(NEW_PHONE)

    page = client.post(reverse("recover_code"), {"action": "resend"}, follow=True)

    assert last_code(NEW_PHONE) == sent
    assert "notice bad" in page.content.decode()
    assert 'value="resend"' not in page.content.decode()


@pytest.mark.parametrize("how", ["read", "typed", "sent again", "guessed at"])
def test_a_code_that_is_gone_is_said_so_and_what_was_written_is_still_there(
    client, owner, last_code, how
):
    client.post(reverse("recover"), FORM)
    code = last_code(NEW_PHONE)
    if how == "guessed at":
        for _time in range(4):
            client.post(reverse("recover_code"), {"code": "000000"})
    else:
        session = client.session
        session[SESSION_KEY]["at"] -= 11 * 60
        session.save()

    typed = {"read": None, "typed": {"code": code}, "sent again": {"action": "resend"},
             "guessed at": {"code": "000000"}}[how]  # fmt: skip
    answer = client.post(reverse("recover_code"), typed) if typed else client.get(
        reverse("recover_code")
    )  # fmt: skip

    assert answer.url == reverse("recover")
    page = client.get(answer.url).content.decode()
    assert "notice bad" in page
    for written in ("هند العطوي", "055 111 0001", "055 111 0002", "1999", "525", "ضاع"):
        assert written in page
    assert not RecoveryRequest.objects.exists()
    client.post(reverse("recover"), FORM)
    assert client.post(reverse("recover_code"), {"code": last_code(NEW_PHONE)}).url == reverse(
        "recover_done"
    )


def test_existing_and_missing_accounts_get_the_same_answers(owner, last_code):
    answers = []
    for contact in ("0551110001", "0551110009"):
        browser = Client()
        first = browser.post(reverse("recover"), FORM | {"claimed_contact": contact})
        last = browser.post(reverse("recover_code"), {"code": last_code(NEW_PHONE)})
        answers.append((first.status_code, first.url, last.status_code, last.url))

    assert answers[0] == answers[1]


def test_requests_for_one_account_are_limited(client, owner):
    def ask(number: int, **where) -> int:
        asked = {**FORM, "new_contact": f"new{number}@example.org"}
        return Client(**where).post(reverse("recover"), asked).status_code

    statuses = [ask(number) for number in range(11)]

    assert statuses == [302] * 10 + [429]
    assert ask(11, REMOTE_ADDR="198.51.100.7") == 302, "the owner, from elsewhere"


@pytest.mark.parametrize("who", ["visitor", "volunteer", "staff", "owner"])
def test_the_desks_pages_are_closed_to_others(client, owner, two_of_the_desk, staff_names, who):
    request = ask_recovery()
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


def test_the_desk_decides_on_its_page(client, owner, two_of_the_desk):
    request = ask_recovery()
    factories.sign_in(client, two_of_the_desk[0])
    assert client.get(reverse("recovery_detail", args=[request.pk])).status_code == 200
    client.post(reverse("recovery_decide", args=[request.pk, "approve"]))
    second = Client()
    factories.sign_in(second, two_of_the_desk[1])
    assert second.get(reverse("recovery_detail", args=[request.pk])).status_code == 200
    second.post(reverse("recovery_decide", args=[request.pk, "confirm"]))

    request.refresh_from_db()
    assert request.status == "confirmed"


def test_not_before_which_moment_is_said_while_it_may_still_come(
    client, two_of_the_desk, owner
):
    request = ask_recovery()
    factories.sign_in(client, two_of_the_desk[0])
    address = reverse("recovery_detail", args=[request.pk])
    seen = ["لا يُنفَّذ قبل" in client.get(address).content.decode()]
    client.post(reverse("recovery_decide", args=[request.pk, "approve"]))
    seen.append("لا يُنفَّذ قبل" in client.get(address).content.decode())
    request.refresh_from_db()
    commands.stop_recovery(request=request, at=timezone.now())
    seen.append("لا يُنفَّذ قبل" in client.get(address).content.decode())

    assert seen == [False, True, False]


def test_a_refusal_without_a_reason_keeps_the_page(client, owner, two_of_the_desk):
    request = ask_recovery()
    factories.sign_in(client, two_of_the_desk[0])

    response = client.post(
        reverse("recovery_decide", args=[request.pk, "refuse"]), {"reason": ""}
    )

    request.refresh_from_db()
    assert response.context["form"].errors["reason"]
    assert request.status == "asked"


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_for_one_and_for_twelve(
    client, two_of_the_desk, django_assert_max_num_queries, rows
):
    for number in range(rows):
        ask_recovery(
            claimed_contact=factories.person().email, new_contact=f"+9665511200{number:02}"
        )
    factories.sign_in(client, two_of_the_desk[0])

    with django_assert_max_num_queries(6):
        assert client.get(reverse("recovery_list")).status_code == 200


def test_the_desks_queue_names_what_waits_for_this_person(owner, two_of_the_desk):
    request = ask_recovery()
    assert len(contributions.recoveries_waiting(two_of_the_desk[0], [], NOW)) == 1
    assert contributions.recoveries_waiting(factories.person(), [], NOW) == []

    commands.approve_recovery(request=request, by=two_of_the_desk[0], at=NOW)

    assert contributions.recoveries_waiting(two_of_the_desk[0], [], NOW) == []
    assert len(contributions.recoveries_waiting(two_of_the_desk[1], [], NOW)) == 1


def test_why_one_was_refused_stays_on_its_page_and_it_in_the_list(
    client, owner, two_of_the_desk
):
    request, other = ask_recovery(), ask_recovery()
    commands.refuse_recovery(
        request=request, reason="الاسم لا يوافق", by=two_of_the_desk[0], at=timezone.now()
    )
    factories.sign_in(client, two_of_the_desk[1])

    listed = client.get(reverse("recovery_list")).text
    assert reverse("recovery_detail", args=[request.pk]) in listed
    assert "الاسم لا يوافق" in client.get(reverse("recovery_detail", args=[request.pk])).text
    assert "<dt>السبب</dt>" not in client.get(reverse("recovery_detail", args=[other.pk])).text


def test_what_ended_long_ago_leaves_the_list(client, owner, two_of_the_desk):
    request = ask_recovery()
    long_ago = timezone.now() - timedelta(days=31)
    commands.refuse_recovery(request=request, reason="لا", by=two_of_the_desk[0], at=long_ago)
    factories.sign_in(client, two_of_the_desk[1])

    listed = client.get(reverse("recovery_list")).text

    assert reverse("recovery_detail", args=[request.pk]) not in listed


def test_a_taken_new_contact_is_said_once_it_is_proved_and_the_rest_is_kept(
    client, owner, last_code
):
    factories.person(phone=NEW_PHONE)
    client.post(reverse("recover"), FORM)

    response = client.post(reverse("recover_code"), {"code": last_code(NEW_PHONE)}, follow=True)

    page = response.content.decode()
    assert response.redirect_chain == [(reverse("recover"), 302)]
    assert "notice bad" in page
    assert "هند العطوي" in page
    assert not RecoveryRequest.objects.exists()


def test_what_was_sent_shows_how_it_stands(client, owner, two_of_the_desk, last_code):
    client.post(reverse("recover"), FORM)
    client.post(reverse("recover_code"), {"code": last_code(NEW_PHONE)})
    asked = RecoveryRequest.objects.get()
    seen = [client.get(reverse("recover_done")).text]
    commands.approve_recovery(request=asked, by=two_of_the_desk[0], at=NOW)
    seen.append(client.get(reverse("recover_done")).text)
    commands.stop_recovery(request=asked, at=NOW)
    seen.append(client.get(reverse("recover_done")).text)

    assert "2026-11-24" in seen[1]
    assert "2026-11-24" not in seen[0] + seen[2]
    assert reverse("recover") in seen[2]

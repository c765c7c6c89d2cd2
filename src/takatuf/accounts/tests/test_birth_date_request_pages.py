"""The pages of a wrong birth date: the person's own, and the desk's."""

from datetime import date

import pytest
from django.urls import reverse

from takatuf.accounts import commands
from takatuf.accounts.models import BirthDateRequest
from takatuf.accounts.tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW
TYPED = {"birth_date": "01/03/2001", "reason": "كتبت السنة خطأ"}
PAGE, WITHDRAW = "my_birth_date_ask", "my_birth_date_withdraw"


@pytest.fixture
def young(client):
    person = factories.minor()
    factories.sign_in(client, person)
    return person


@pytest.fixture
def desk(two_of_the_desk):
    return factories.signed_in(two_of_the_desk[0])


def asked_by(person) -> BirthDateRequest:
    return commands.ask_birth_date(
        person=person, birth_date=date(2001, 3, 1), reason="خطأ", by=person, at=NOW
    )


def html(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("page", ["my_birth_date", "join_guardian"])
def test_whoever_counts_as_a_minor_is_shown_the_way(client, young, page):
    there = html(client.get(reverse(page)))

    assert f'"{reverse(PAGE if page == "my_birth_date" else "my_birth_date")}"' in there


def test_what_was_typed_on_the_page_of_the_date_is_what_the_desk_gets(client, young):
    refused = client.post(reverse("my_birth_date"), TYPED)
    assert f'formaction="{reverse(PAGE)}"' in html(refused)
    assert TYPED["reason"] in html(refused)

    sent = client.post(reverse(PAGE), TYPED)

    assert sent.url == reverse(PAGE)
    request = BirthDateRequest.objects.get()
    assert (request.person, request.explanation) == (young, TYPED["reason"])
    shown = html(client.get(sent.url))
    assert "بانتظار المكتب" in shown
    assert reverse(WITHDRAW) in shown
    assert 'name="birth_date"' not in shown
    assert reverse(PAGE) in html(client.get(reverse("my_account")))


def test_an_adult_needs_no_desk(client):
    grown = factories.person()
    factories.sign_in(client, grown)

    assert client.get(reverse(PAGE)).url == reverse("my_birth_date")
    assert reverse(PAGE) not in html(client.get(reverse("my_birth_date")))
    assert reverse(PAGE) not in html(client.get(reverse("my_account")))


def test_a_date_a_list_brought_has_the_same_way_out(client):
    listed = factories.minor(birth_date_basis="sheet")
    factories.sign_in(client, listed)
    step = reverse("join_name")
    assert reverse(PAGE) in html(client.get(step))

    answer = client.post(
        "/en" + reverse(PAGE), {"birth_date": "01/03/2001", "full_name": "سالم العطوي"}
    )

    assert answer.status_code == 422
    assert "2001" in html(answer)
    assert not BirthDateRequest.objects.exists()
    assert client.post(reverse(PAGE), TYPED).status_code == 302


def test_an_empty_form_and_a_second_request_are_said_in_place(client, young):
    assert client.post(reverse(PAGE), {"reason": ""}).status_code == 422
    asked_by(young)

    second = client.post("/en" + reverse(PAGE), TYPED)

    assert second.status_code == 422
    assert "waits at the desk" in html(second)
    assert BirthDateRequest.objects.count() == 1


def test_the_page_of_the_date_says_that_a_request_waits(client, young):
    asked_by(young)

    page = html(client.get("/en" + reverse("my_birth_date")))

    assert "A request of yours waits at the desk" in page
    assert "send to the desk" not in page


def test_requests_of_a_day_are_limited(client, young):
    for _time in range(5):
        client.post(reverse(PAGE), TYPED)
        client.post(reverse(WITHDRAW))

    client.post(reverse(PAGE), TYPED)

    assert BirthDateRequest.objects.count() == 5
    assert not BirthDateRequest.objects.filter(status="asked").exists()


def test_withdrawing_and_withdrawing_again(client, young):
    assert client.post(reverse(WITHDRAW)).status_code == 404
    asked_by(young)

    client.post(reverse(WITHDRAW))
    again = client.post("/en" + reverse(WITHDRAW), follow=True)

    assert BirthDateRequest.objects.get().status == "withdrawn"
    assert "notice bad" in html(again)
    assert 'name="birth_date"' in html(client.get(reverse(PAGE)))


def test_a_refusal_is_read_with_its_reason_and_leads_to_asking_again(client, young, desk):
    request = asked_by(young)
    page = reverse("birth_date_request", args=[request.pk])
    known = html(desk.get(page))
    assert young.full_name in known
    assert young.email.partition("@")[2] in known

    unsaid = desk.post(page + "refuse/", {"reason": ""})
    assert (unsaid.status_code, BirthDateRequest.objects.get().status) == (422, "asked")
    done = desk.post(page + "refuse/", {"reason": "الهوية توافق المسجل"})

    assert done.url == reverse("birth_date_find")
    shown = html(client.get(reverse(PAGE)))
    assert "الهوية توافق المسجل" in shown
    assert 'name="birth_date"' in shown
    assert "الهوية توافق المسجل" in html(desk.get(page))


def test_the_desk_accepts_from_its_list(client, young, desk):
    request = asked_by(young)
    find = reverse("birth_date_find")
    page = reverse("birth_date_request", args=[request.pk])
    assert page in html(desk.get(find))

    unsaid = desk.post(page + "accept/", {"seen": " "})
    young.refresh_from_db()
    assert (unsaid.status_code, young.birth_date) == (422, date(2010, 3, 1))
    desk.post(page + "accept/", {"seen": "الهوية في المكتب"})

    young.refresh_from_db()
    assert young.birth_date == date(2001, 3, 1)
    assert "قُبل" in html(client.get(reverse(PAGE)))
    late = desk.post("/en" + page + "refuse/", {"reason": "لا"})
    assert (late.status_code, "cannot be done any more" in html(late)) == (422, True)
    assert 'name="seen"' not in html(desk.get(page))


def test_nothing_waiting_says_so(desk):
    assert "لا شيء" in html(desk.get(reverse("birth_date_find")))


@pytest.mark.parametrize("who", ["visitor", "the person", "another", "of the desk, oneself"])
def test_the_desks_page_is_closed_to_others(client, desk_names, who):
    young = factories.minor(full_name="خالد العطوي")
    request = asked_by(young)
    if who != "visitor":
        factories.sign_in(client, factories.person() if who == "another" else young)
    if who == "of the desk, oneself":
        desk_names.add(young.full_name)
    page = reverse("birth_date_request", args=[request.pk])

    answers = {
        client.get(page).status_code,
        client.post(page + "accept/", {"seen": "x"}).status_code,
        client.post(page + "refuse/", {"reason": "x"}).status_code,
    }

    assert answers == ({302} if who == "visitor" else {404})
    request.refresh_from_db()
    assert request.status == "asked"

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from takatuf.kernel.errors import DomainError
from takatuf.kernel.middleware import RefusalMiddleware
from takatuf.kernel.models import Message, MessageStatus
from takatuf.kernel.rate_limits import TooMany

pytestmark = pytest.mark.django_db
Person = get_user_model()
NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)


def write(number=1, **fields):
    at = NOW + timedelta(minutes=number)
    values = {
        "channel": "email", "address": f"p{number}@example.org", "template": "kernel.test",
        "language": "ar", "subject": f"رسالة {number}", "body": f"نص {number}", "status": "held",
        "created_at": at, "not_before": at,
    }  # fmt: skip
    return Message.objects.create(**values | fields)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def noura():
    return Person.objects.create(full_name="نورة", email="n@example.org")


def mine(person, number=1, **fields):
    return write(number, person=person, in_inbox=True, status="sent", sent_at=NOW, **fields)


# ---------------------------------------------------------------- the demo's messages
def test_outside_the_demo_there_is_no_such_page(client, settings):
    settings.DEMO = False
    write()

    assert client.get("/demo/outbox").status_code == 404


@pytest.mark.parametrize("address", ["/demo/outbox", "/en/demo/outbox"])
def test_the_demo_shows_code_and_links(client, demo, settings, address):
    write(context={"code": "482913"}, body=f"482913\n{settings.BASE_URL}/offers/1/")

    page = client.get(address).content.decode()

    assert '<bdi dir="ltr">482913</bdi>' in page
    assert 'href="http://testserver/offers/1/"' in page


def test_what_a_mail_server_said_is_called_its_words_and_what_we_say_is_not(client, demo):
    write(1, status="failed", error="The mail server answered 550.")
    write(2, status="suppressed", error="The account is closed.")

    page = client.get("/demo/outbox").content.decode()

    assert page.count("بلفظ النظام:") == 1
    assert 'lang="en">The mail server answered 550.' in page
    assert "The account is closed." not in page


def test_words_of_people_stay_words(client, demo):
    write(subject="<img src=x>", body='<script>x</script> javascript:alert(1) "><b>')

    page = client.get("/demo/outbox").content.decode()

    assert "<script>x" not in page
    assert "<img src=x>" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page


def test_newest_first_and_found_by_person_or_address(client, demo, noura):
    write(1)
    write(2, person=noura)

    assert client.get("/demo/outbox").content.decode().index("رسالة 2") < 10**6
    everything = client.get("/demo/outbox").content.decode()
    assert everything.index("رسالة 2") < everything.index("رسالة 1")
    for words in ("نورة", "p2@"):
        found = client.get("/demo/outbox", {"q": words}).content.decode()
        assert "رسالة 2" in found
        assert "رسالة 1" not in found


@pytest.mark.parametrize("typed", ["0559998877", "٠٥٥ ٩٩٩ ٨٨٧٧", "+966559998877", "99988"])
def test_a_mobile_is_found_however_it_is_typed(client, demo, typed):
    write(1, address="+966559998877")
    write(2, address="+966550000000")

    found = client.get("/demo/outbox", {"q": typed}).content.decode()

    assert "رسالة 1" in found
    assert "رسالة 2" not in found


def test_an_empty_page_says_what_to_do(client, demo):
    assert 'class="empty"' in client.get("/demo/outbox").content.decode()
    assert 'class="empty"' in client.get("/demo/outbox", {"q": "x"}).content.decode()


def test_polling_changes_the_page_only_when_there_is_news(client, demo):
    first = write(1)
    ask = {"headers": {"HX-Request": "true"}}
    assert client.get("/demo/outbox", {"newest": first.pk}, **ask).status_code == 204

    write(2)

    answer = client.get("/demo/outbox", {"newest": first.pk}, **ask)
    assert answer.status_code == 200
    assert "رسالة 2" in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 40, ""])
def test_a_strange_page_key_shows_the_first_page(client, demo, before):
    write(1)

    assert "رسالة 1" in client.get("/demo/outbox", {"before": before}).content.decode()


@pytest.mark.parametrize("search", ["", "?q=p1"])
def test_every_message_is_on_exactly_one_page(client, demo, search):
    for number in range(100, 165):
        write(number, created_at=NOW)
    write(address="other@example.com")

    seen, query = [], search or "?"
    while query:
        response = client.get(f"/demo/outbox{query}")
        seen += [shown.message.pk for shown in response.context["messages_shown"]]
        query = response.context["following"]

    assert len(seen) == len(set(seen)) == (65 if search else 66)


def test_the_demo_page_asks_as_much_for_many_as_for_few(
    client, demo, noura, django_assert_num_queries
):
    for count in (1, 25):
        for number in range(count):
            write(number, person=noura)
        with django_assert_num_queries(1):
            client.get("/demo/outbox")


# ---------------------------------------------------------------- inbox
def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get(reverse("kernel:inbox"))

    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_a_person_sees_only_their_own(client, noura):
    mine(noura, 1)
    mine(Person.objects.create(email="o@example.org"), 2)
    client.force_login(noura)

    page = client.get(reverse("kernel:inbox")).content.decode()

    assert "رسالة 1" in page
    assert "رسالة 2" not in page


def test_looking_does_not_mark_as_read_but_the_button_does(client, noura):
    first, late = mine(noura, 1), mine(noura, 2)
    client.force_login(noura)
    client.get(reverse("kernel:inbox"))
    first.refresh_from_db()
    assert first.read_at is None

    client.post(reverse("kernel:inbox_read"), {"message": [first.pk, "x", "-3"]})

    first.refresh_from_db()
    late.refresh_from_db()
    assert first.read_at
    assert late.read_at is None


def test_nobody_marks_anothers_messages(client, noura):
    message = mine(Person.objects.create(email="o@example.org"))
    client.force_login(noura)

    client.post(reverse("kernel:inbox_read"), {"message": [message.pk]})

    message.refresh_from_db()
    assert message.read_at is None


def test_get_marks_nothing(client, noura):
    client.force_login(noura)

    assert client.get(reverse("kernel:inbox_read")).status_code == 405


def test_a_replaced_message_is_not_in_the_inbox(client, noura):
    write(1, person=noura, status=MessageStatus.SUPPRESSED)
    client.force_login(noura)

    assert 'class="empty"' in client.get(reverse("kernel:inbox")).content.decode()


# ---------------------------------------------------------------- too many
def test_too_many_tries_get_a_429_that_says_when_to_come_back(rf):
    request = rf.get("/")
    request.htmx = False
    refusal = TooMany("later", retry_after=40)

    response = RefusalMiddleware(lambda _: None).process_exception(request, refusal)

    assert (response.status_code, response["Retry-After"]) == (429, "40")
    assert isinstance(refusal, DomainError)

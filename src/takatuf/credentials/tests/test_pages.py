import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.credentials import commands
from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.tests.factories import (
    AT,
    card,
    certificate,
    desk_person,
    head_of,
    manager_of,
)
from takatuf.kernel.registries import measures, personal_fields
from takatuf.kernel.verify_codes import grouped
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db

LABEL = re.compile(r"<dt>(.*?)</dt>")
VALUE = re.compile(r"<dd.*?>(.*?)</dd>", re.DOTALL)


def browser_of(person) -> Client:
    browser = Client()
    sign_in(browser, person)
    return browser


@pytest.fixture
def one_moment(monkeypatch):
    """No window of the rate limits ends while the test runs."""
    monkeypatch.setattr(timezone, "now", lambda: AT)


def check_page(client, code, **headers):
    return client.get(f"/en/verify/{code}/", **headers)


def labels(response) -> set[str]:
    return set(LABEL.findall(response.content.decode()))


# ---------------------------------------------------------------- is this real?
def test_a_valid_certificate_shows_these_facts_and_no_others(client):
    holder = PersonFactory(
        full_name="نورة سالم", phone="+966500000001", email="nora@example.com"
    )
    row = certificate(holder=holder)

    page = check_page(client, row.code)
    text = page.content.decode()

    assert labels(page) == {
        "Name", "Issued by", "Work", "Type of work", "Dates", "Hours", "How they are known",
        "Issued on", "Serial", "Code",
    }  # fmt: skip
    assert "نورة سالم" in text
    assert "Scanned on the day" in text
    for secret in (holder.email, holder.phone, str(holder.ref), "1995", row.name_hash):
        assert secret not in text


def test_the_page_is_in_no_search_engine_and_never_old(client):
    for page in (check_page(client, certificate().code), check_page(client, "ABCDE23456")):
        assert "noindex" in page["X-Robots-Tag"]
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page.content.decode()


@pytest.mark.parametrize(
    "typed", ["ABCDE-23456", "abcde 23456", " aBcDe–٢٣٤٥٦ ", "A-B-C-D-E 2.3.4.5.6"]
)
def test_a_code_is_read_however_it_is_typed(client, typed):
    row = certificate()
    Certificate.objects.filter(pk=row.pk).update(code="ABCDE23456")

    page = client.get("/en/verify/", {"code": typed}, follow=True)

    assert page.status_code == 200
    assert row.serial in page.content.decode()


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDE234567", "ابجدهوزحطي"])
def test_what_cannot_be_a_code_is_said_at_the_field(client, typed):
    page = client.get("/en/verify/", {"code": typed})

    assert page.status_code == 422
    assert "form-errors" in page.content.decode()


def test_an_unknown_code_says_so_and_offers_another_try(client):
    page = check_page(client, "ABCDE-23456")

    assert page.status_code == 404
    assert "Nothing was issued with this code" in page.content.decode()


def test_a_revoked_one_says_when_and_not_why_or_whose(client):
    row = certificate()
    commands.revoke_certificate(
        certificate_id=row.pk, reason="Private words", by=head_of(row.body), at=AT
    )

    page = check_page(client, row.code)

    assert labels(page) == {"Issued by", "Issued on", "Revoked on", "Serial", "Code"}
    assert "Private words" not in page.content.decode()
    assert row.printed_name not in page.content.decode()


def test_a_replaced_one_points_to_no_fault(client):
    row = certificate()
    certificate(holder=row.holder, body=row.body, minutes=999)

    page = check_page(client, row.code)

    assert "Replaced on" in labels(page)
    assert "Replaced by a newer one" in page.content.decode()


def test_a_demo_certificate_is_labelled(client):
    page = check_page(client, certificate(is_demo=True).code)

    assert "invented" in page.content.decode()


def erased():
    row = certificate()
    Certificate.objects.filter(pk=row.pk).update(printed_name="")
    Person.objects.filter(pk=row.holder_id).update(full_name="")
    return row


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("نورة سالم العطوي", "This is the name"),
        ("نوره  سَالِم العطوى", "This is the name"),
        ("سارة سالم العطوي", "was not issued to this name"),
    ],
)
def test_after_erasure_a_typed_name_is_compared(client, typed, says):
    row = erased()

    before = check_page(client, row.code)
    page = client.post(f"/en/verify/{row.code}/", {"name": typed})

    assert "Name" not in labels(before)
    assert "removed at the holder" in before.content.decode()
    assert says in page.content.decode()


def test_after_erasure_an_empty_name_is_asked_again(client):
    page = client.post(f"/en/verify/{erased().code}/", {"name": " "})

    assert page.status_code == 422


def test_names_cannot_be_tried_without_end(client, one_moment):
    row = erased()

    answers = [
        client.post(f"/en/verify/{row.code}/", {"name": f"name {n}"}).status_code
        for n in range(22)
    ]

    assert answers[0] == 200
    assert answers[-1] == 429


def test_codes_cannot_be_tried_without_end(client, one_moment):
    answers = [check_page(client, "ABCDE23456").status_code for _ in range(65)]

    assert answers[0] == 404
    assert answers[-1] == 429
    assert check_page(client, "ABCDE23456", REMOTE_ADDR="10.1.1.1").status_code == 404


def test_behind_a_proxy_each_visitor_is_counted_apart(client, one_moment, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    row = certificate()
    for _ in range(60):
        check_page(client, row.code, HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert check_page(client, row.code, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429
    assert check_page(client, row.code, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == 200


def test_a_claimed_address_starts_no_new_count(client, one_moment):
    row = certificate()
    for n in range(60):
        check_page(client, row.code, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")

    assert check_page(client, row.code, HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 429


def test_a_card_is_checked_on_the_same_page(client):
    row = card()

    page = check_page(client, row.code)

    assert labels(page) == {
        "Name", "Issued by", "Valid from", "Valid until", "Number", "Code",
    }  # fmt: skip
    assert "valid today" in page.content.decode()


def test_a_card_whose_last_day_passed_is_expired(client):
    row = card(at=AT, days=1)
    IdCard.objects.filter(pk=row.pk).update(valid_from="2020-01-01", valid_until="2020-12-31")

    assert "Expired" in check_page(client, row.code).content.decode()


# ---------------------------------------------------------------- files and the holder's own
@pytest.mark.parametrize("kind", ["certificate", "card"])
def test_a_file_is_for_holder_manager_and_desk_and_missing_to_others(kind):
    body, holder = BodyFactory(), PersonFactory()
    row = (certificate if kind == "certificate" else card)(body=body, holder=holder)
    number = row.serial if kind == "certificate" else row.number
    address = reverse(f"credentials:{kind}_file", args=[number])

    answers = [
        browser_of(person).get(address).status_code
        for person in (
            holder,
            manager_of(body),
            desk_person(),
            PersonFactory(),
            manager_of(BodyFactory()),
        )
    ]

    assert answers == [200, 200, 200, 404, 404]
    assert Client().get(address).status_code == 302


def test_a_file_is_a_pdf_that_nobody_keeps_on_the_way():
    row = certificate()

    page = browser_of(row.holder).get(f"/certificates/{row.serial}.pdf")

    assert page.content.startswith(b"%PDF")
    assert "no-store" in page["Cache-Control"]
    assert row.serial in page["Content-Disposition"]


def test_my_page_lists_mine_alone_and_says_why_one_was_revoked():
    mine, other = certificate(), certificate()
    commands.revoke_certificate(
        certificate_id=mine.pk, reason="Why it was", by=head_of(mine.body), at=AT
    )

    text = browser_of(mine.holder).get("/en/me/certificates/").content.decode()

    assert mine.serial in text
    assert "Why it was" in text
    assert other.serial not in text


def test_an_empty_page_says_how_to_get_one():
    text = browser_of(PersonFactory()).get("/en/me/certificates/").content.decode()

    assert "No certificate yet" in text


@pytest.mark.parametrize("many", [1, 6])
def test_my_page_asks_the_same_number_of_questions_however_long(
    django_assert_max_num_queries, many
):
    holder = PersonFactory()
    for _ in range(many):
        certificate(holder=holder, body=BodyFactory())
    browser = browser_of(holder)

    with django_assert_max_num_queries(10):
        browser.get("/en/me/certificates/")


# ---------------------------------------------------------------- revoking
def test_a_head_revokes_on_the_page():
    row = certificate()
    browser = browser_of(head_of(row.body))
    address = f"/en/certificates/{row.serial}/revoke/"

    assert browser.get(address).status_code == 200
    assert browser.post(address, {"reason": " "}).status_code == 422
    page = browser.post(address, {"reason": "Not worked"}, follow=True)

    row.refresh_from_db()
    assert row.status == "revoked"
    assert "Revoked" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("holder", 403), ("stranger", 404)]
)
def test_others_cannot_revoke_on_the_page(who, status):
    row = certificate()
    people = {
        "manager": lambda: manager_of(row.body),
        "holder": lambda: row.holder,
        "stranger": PersonFactory,
    }

    page = browser_of(people[who]()).post(
        f"/certificates/{row.serial}/revoke/", {"reason": "r"}
    )

    row.refresh_from_db()
    assert page.status_code == status
    assert row.status == "valid"


# ---------------------------------------------------------------- a body's cards
def test_a_manager_issues_a_card_to_somebody_the_body_has_met():
    row = certificate()
    browser = browser_of(manager_of(row.body))
    address = f"/en/bodies/{row.body.code}/cards/"

    assert row.printed_name in browser.get(address).content.decode()
    page = browser.post(address, {"person": row.holder_id, "valid_until": "2099-01-01"})
    assert page.status_code == 422
    assert not IdCard.objects.exists()

    form = browser.get(address).context["form"]
    until = form.fields["valid_until"].initial.isoformat()
    page = browser.post(address, {"person": row.holder_id, "valid_until": until}, follow=True)

    issued = IdCard.objects.get()
    assert (issued.holder, issued.body) == (row.holder, row.body)
    assert issued.number in page.content.decode()


def test_a_card_is_not_for_somebody_the_body_never_met():
    body, stranger = BodyFactory(), PersonFactory()

    page = browser_of(manager_of(body)).post(
        f"/bodies/{body.code}/cards/", {"person": stranger.pk, "valid_until": "2026-12-31"}
    )

    assert page.status_code == 422
    assert not IdCard.objects.exists()


def test_only_the_body_sees_its_cards():
    body = BodyFactory()
    address = f"/bodies/{body.code}/cards/"

    assert browser_of(manager_of(body)).get(address).status_code == 200
    assert browser_of(manager_of(BodyFactory())).get(address).status_code == 403
    assert browser_of(PersonFactory()).get(address).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("many", [1, 6])
def test_the_cards_page_asks_the_same_number_of_questions_however_long(
    django_assert_max_num_queries, many
):
    body = BodyFactory()
    manager = manager_of(body)
    for _ in range(many):
        card(body=body, by=manager, holder=PersonFactory())
    browser = browser_of(manager)

    with django_assert_max_num_queries(20):
        page = browser.get(f"/en/bodies/{body.code}/cards/")

    assert page.content.decode().count('<bdi dir="ltr" class="serial">TC-') == many


# ---------------------------------------------------------------- figures and one's own copy
def test_the_figure_counts_what_is_in_force():
    row = certificate()
    certificate(holder=row.holder, body=row.body, minutes=1)
    certificate()

    assert measures["certificates_issued"].compute(AT) == {"": 2, "tabuk": 2}


def test_the_persons_own_copy_has_their_certificates():
    row = certificate()
    certificate()

    assert personal_fields["credentials.Certificate.serial"].export(row.holder) == [row.serial]


def test_a_printed_address_leads_to_the_certificate(client, settings):
    settings.BASE_URL = "https://takatuf.example"
    row = certificate()

    page = browser_of(row.holder).get("/me/certificates/")

    assert f"https://takatuf.example/verify/{grouped(row.code)}/" in page.content.decode()
    assert client.get(f"/verify/{grouped(row.code)}/").status_code == 200

"""The public page that says whether a certificate or a card is real."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import signed_in
from takatuf.credentials import commands
from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.tests.factories import (
    AT,
    card,
    certificate,
    desk_person,
    head_of,
)
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db

LABEL = re.compile(r"<dt>(.*?)</dt>")
VALUE = re.compile(r"<dd.*?>(.*?)</dd>", re.DOTALL)


@pytest.fixture
def one_moment(monkeypatch):
    """No window of the rate limits ends while the test runs."""
    monkeypatch.setattr(timezone, "now", lambda: AT)


def check_page(client, code, **headers):
    return client.get(f"/en/verify/{code}/", **headers)


def labels(response) -> set[str]:
    return set(LABEL.findall(response.content.decode()))


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
    "typed",
    [
        "ABCDE-23456",
        "abcde 23456",
        " aBcDe–٢٣٤٥٦ ",
        "A-B-C-D-E 2.3.4.5.6",
        "https://takatuf.example.org/en/verify/ABCDE-23456/",
        "takatuf.example/verify/abcde23456",
        "https://takatuf.example.org/verify/ABCDE-23456?from=mail",
        "https://takatuf.example.org/verify/ABCDE-23456#top",
        "HTTPS://TAKATUF.EXAMPLE.ORG/EN/VERIFY/ABCDE-23456/",
    ],
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


@pytest.mark.parametrize("typed", ["TK-2026-000061", "tc 2026 ٠٠٠٠٦١"])
def test_a_serial_is_told_from_the_code(client, typed):
    page = client.get("/en/verify/", {"code": typed})

    assert page.status_code == 422
    assert "This is the serial number." in page.content.decode()


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


def test_after_a_rename_an_issued_certificate_keeps_its_name_and_the_desk_sees_both():
    holder, body = PersonFactory(full_name="نورة سالم"), BodyFactory()
    before = certificate(holder=holder, body=body)
    accounts.change_profile(
        person=holder, full_name="هند البلوي", language="ar", channel=holder.channel, gender="",
        by=holder, at=AT,
    )  # fmt: skip
    after = certificate(holder=holder, body=body, subject=holder)

    desk = signed_in(desk_person())
    for row, printed, other in (
        (before, "نورة سالم", "هند البلوي"), (after, "هند البلوي", "نورة سالم"),
    ):  # fmt: skip
        for browser in (Client(), signed_in(holder), signed_in(head_of(body))):
            page = check_page(browser, row.code).content.decode()
            assert printed in page
            assert "Other names" not in page
        page = check_page(desk, row.code).content.decode()
        assert other in page[page.index("Other names of this account") :]


def test_two_spellings_of_one_name_are_no_other_name():
    row = certificate(holder=PersonFactory(full_name="نورة سالم"))
    Person.objects.filter(pk=row.holder_id).update(full_name="نوره سَالم")

    page = check_page(signed_in(desk_person()), row.code).content.decode()

    assert "Other names" not in page


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

"""Files, one's own certificates, a body's cards, revoking."""

import pytest
from django.test import Client
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.credentials import commands, queries
from takatuf.credentials.models import IdCard
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


def browser_of(person) -> Client:
    browser = Client()
    sign_in(browser, person)
    return browser


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
    again = browser.get(address)  # not a form that could only be refused
    assert again.headers["Location"] == page.redirect_chain[0][0]


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


def test_the_cards_page_says_that_more_people_are_found_by_name(monkeypatch):
    row = certificate()
    certificate(body=row.body, holder=PersonFactory())
    browser = browser_of(manager_of(row.body))
    address = f"/en/bodies/{row.body.code}/cards/"

    assert "search above for anybody else" not in browser.get(address).content.decode()
    monkeypatch.setattr(queries, "PEOPLE_SHOWN", 1)
    page = browser.get(address)

    assert len(page.context["people"]) == 1
    assert "search above for anybody else" in page.content.decode()


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

"""A certificate revoked for cause stays revoked until somebody who may issues it anew."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance import commands, queries
from takatuf.attendance.commands.certifying import NothingToCertify
from takatuf.attendance.tests.days import LATER, claims, closed_day, head_of
from takatuf.attendance.tests.test_hours import approve
from takatuf.credentials import commands as credentials
from takatuf.credentials.models import Certificate
from takatuf.credentials.tests.factories import desk_person
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db
WHY = "الاسم ليس باسم من عمل"


@pytest.fixture
def day():
    day = closed_day(1)
    approve(*claims(day), by=day.colleague)
    return day


def ask(day, by=None):
    person = day.places[0].person
    return commands.request_certificate(
        person=person, opportunity=day.opportunity, by=by or person, at=LATER
    )


def revoked(day, by):
    return credentials.revoke_certificate(
        certificate_id=ask(day).pk, reason=WHY, by=by, at=LATER
    )


def anew(certificate, by, reason="صُحح الاسم"):
    return commands.issue_certificate_anew(
        certificate_id=certificate.pk, reason=reason, by=by, at=LATER
    )


def browser_of(person) -> Client:
    browser = Client()
    sign_in(browser, person)
    return browser


def valid() -> int:
    return Certificate.objects.filter(status="valid").count()


@pytest.mark.parametrize("asks", ["holder", "manager"])
def test_nobodys_request_brings_back_what_was_revoked_for_cause(day, asks):
    revoked(day, head_of(day.body))

    with pytest.raises(credentials.RevokedForCause, match=WHY) as refusal:
        ask(day, by=None if asks == "holder" else day.manager)

    assert day.body.name_ar in str(refusal.value)
    assert valid() == 0


def test_hours_approved_since_do_not_lift_it(day):
    day.places[0].person.full_name = "اسم آخر"
    day.places[0].person.save(update_fields=["full_name"])
    revoked(day, head_of(day.body))
    queries.approved_claims(day.places[0].person, day.opportunity).update(minutes=60)

    with pytest.raises(credentials.RevokedForCause):
        ask(day)


def test_the_page_of_hours_says_that_and_why_and_offers_no_button(day):
    revoked(day, head_of(day.body))
    browser = browser_of(day.places[0].person)
    address = reverse("attendance:certificate", args=[day.opportunity.code])

    page = browser.get(reverse("attendance:mine")).content.decode()
    answer = browser.post(address)

    assert WHY in page
    assert address not in page
    assert reverse("registry:concern_new") in page
    assert answer.status_code == 409
    assert valid() == 0


def test_a_head_issues_anew_on_the_page_and_the_holder_has_it(day):
    head = head_of(day.body)
    old = revoked(day, head)
    browser, address = (
        browser_of(head),
        reverse("attendance:certificate_anew", args=[old.serial]),
    )
    check = reverse("credentials:check", args=[old.code])
    assert address in browser.get(check).content.decode()
    assert WHY in browser.get(address).content.decode()
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert valid() == 0

    page = browser.post(address, {"reason": "صُحح الاسم"}, follow=True)

    made = Certificate.objects.get(status="valid")
    assert page.status_code == 200
    assert ask(day) == made
    assert [entry.action for entry in history(made)] == ["issued anew"]
    assert history(made)[0].note.reason == "صُحح الاسم"
    assert address not in browser.get(check).content.decode()
    assert '<form class="form"' not in browser.get(address).content.decode()
    with pytest.raises(DomainError):
        anew(old, head)
    assert valid() == 1
    assert [line for _n, look in invariants for line in look()] == []


def test_what_the_desk_revoked_the_desk_alone_issues_anew(day):
    desk, head = desk_person(), head_of(day.body)
    old = revoked(day, desk)
    address = reverse("attendance:certificate_anew", args=[old.serial])
    for person in (head, day.manager, day.places[0].person):
        with pytest.raises(NotAllowed):
            anew(old, person)
        assert browser_of(person).post(address, {"reason": "لا"}).status_code == 403
        assert (
            address
            not in browser_of(person)
            .get(reverse("credentials:check", args=[old.code]))
            .content.decode()
        )
    with pytest.raises(credentials.RevokedForCause, match="المكتب الإقليمي"):
        ask(day)
    assert valid() == 0

    assert anew(old, desk).status == "valid"


def test_one_that_fell_with_its_hours_bars_nothing(day):
    made, claim = ask(day), claims(day)[0]
    commands.reverse_hours(claim_id=claim.pk, reason="خطأ", by=head_of(day.body), at=LATER)
    made.refresh_from_db()
    assert (made.status, made.revoked_by) == ("revoked", "")
    with pytest.raises(NothingToCertify):
        ask(day)
    with pytest.raises(DomainError):
        anew(made, head_of(day.body))
    assert valid() == 0


def test_the_database_bars_no_valid_certificate(day):
    made = ask(day)

    with (
        pytest.raises(IntegrityError, match="certificate_revoked_by_one_who_may"),
        transaction.atomic(),
    ):
        Certificate.objects.filter(pk=made.pk).update(revoked_by="body")

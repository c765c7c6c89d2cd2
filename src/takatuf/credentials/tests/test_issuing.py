import pytest
from django.db import IntegrityError, transaction

from takatuf.credentials import commands, frozen, queries
from takatuf.credentials.enums import SUPERSEDED
from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.tests.factories import (
    AT,
    SNAPSHOT,
    card,
    certificate,
    desk_person,
    head_of,
    manager_of,
)
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import IssuedNumber, Message, Transition
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import WrongState, history
from takatuf.kernel.verify_codes import ALPHABET
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    """What the checks of this floor and of the kernel find."""
    return [
        line
        for _name, check in invariants
        if check.__module__.startswith(("takatuf.credentials", "takatuf.kernel"))
        for line in check()
    ]


# ---------------------------------------------------------------- issuing
def test_the_first_certificate_of_a_year_is_number_one():
    first, second = certificate(), certificate()

    assert (first.serial, second.serial) == ("TK-2026-000001", "TK-2026-000002")
    assert len(first.code) == 10
    assert set(first.code) <= set(ALPHABET)
    assert broken() == []


def test_asking_again_for_the_same_work_gives_the_same_certificate():
    first = certificate()

    again = certificate(holder=first.holder, body=first.body)

    assert again == first
    assert IssuedNumber.objects.count() == 1


def test_changed_hours_replace_the_certificate():
    first = certificate()

    second = certificate(holder=first.holder, body=first.body, minutes=900)

    first.refresh_from_db()
    assert (first.status, first.revoke_reason) == ("revoked", SUPERSEDED)
    assert first.revoked_at == AT
    assert second.status == "valid"
    assert queries.standing_of(first, AT.date()) == "replaced"
    assert broken() == []


def test_a_corrected_name_replaces_the_certificate():
    first = certificate()
    first.holder.full_name = "نورة سالم محمد العطوي"
    first.holder.save()

    second = certificate(holder=first.holder, body=first.body)

    assert second != first
    assert second.printed_name == "نورة سالم محمد العطوي"


def test_another_spelling_of_the_same_name_is_no_other_name():
    first = certificate(holder=PersonFactory(full_name="أحمد علي"))
    first.holder.full_name = "احمد  عَلي"
    first.holder.save()

    assert certificate(holder=first.holder, body=first.body) == first


def test_the_printed_name_stays_when_the_person_changes_it():
    row = certificate()
    row.holder.full_name = "اسم آخر"
    row.holder.save()

    row.refresh_from_db()
    assert row.printed_name == "نورة سالم العطوي"


def test_the_digest_is_over_the_values_and_not_their_order():
    turned = dict(reversed(SNAPSHOT.items()))

    assert frozen.digest(turned) == frozen.digest(SNAPSHOT)
    assert frozen.digest(turned | {"minutes": 811}) != frozen.digest(SNAPSHOT)


def test_a_nameless_person_gets_no_certificate_and_takes_no_number():
    with pytest.raises(commands.NamelessHolder):
        certificate(holder=PersonFactory(full_name=" "))

    assert not IssuedNumber.objects.exists()


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    taken = card(body=BodyFactory()).code
    codes = iter([taken, taken, "NEWCODE234"])
    monkeypatch.setattr(commands, "new_code", lambda: next(codes))

    assert certificate().code == "NEWCODE234"


def test_a_code_taken_between_look_and_write_is_drawn_again(monkeypatch):
    """Two transactions draw the same code: neither sees the other's when it looks."""
    taken = certificate().code
    codes = iter([taken, "NEWCODE234"])
    monkeypatch.setattr(commands, "new_code", lambda: next(codes))
    looks = iter([False, True, False])
    monkeypatch.setattr(queries, "code_is_taken", lambda _code: next(looks))

    assert certificate().code == "NEWCODE234"


def test_the_database_allows_one_valid_certificate_for_one_piece_of_work():
    row = certificate()
    row.pk, row.serial, row.code = None, "TK-2026-999999", "ZZZZZZZZZZ"

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)

    assert Certificate.objects.count() == 1


def test_the_holder_is_told_when_the_body_issues_and_not_when_they_ask_themselves():
    body, holder = BodyFactory(), PersonFactory()

    certificate(holder=holder, body=body, by=holder)
    assert not Message.objects.exists()

    certificate(holder=holder, body=body, by=manager_of(body), minutes=1000)
    assert Message.objects.get().template == "credentials.certificate_replaced"

    certificate(holder=PersonFactory(), body=body, by=manager_of(body))
    assert Message.objects.latest("pk").template == "credentials.certificate_ready"


def test_a_stranger_cannot_have_a_certificate_issued():
    with pytest.raises(NotAllowed):
        certificate(by=PersonFactory())

    assert not Certificate.objects.exists()
    assert not Transition.objects.exists()


# ---------------------------------------------------------------- revoking
def revoke(row, by, reason="The hours were not worked."):
    return commands.revoke_certificate(certificate_id=row.pk, reason=reason, by=by, at=AT)


def test_the_head_revokes_with_a_reason_and_the_holder_reads_it():
    row = certificate()

    revoke(row, head_of(row.body))

    row.refresh_from_db()
    assert (row.status, row.revoke_reason) == ("revoked", "The hours were not worked.")
    told = Message.objects.get(template="credentials.certificate_revoked")
    assert "The hours were not worked." in told.body
    assert broken() == []


def test_the_desk_revokes_as_well():
    row = certificate()

    revoke(row, desk_person())

    row.refresh_from_db()
    assert row.status == "revoked"


def test_what_is_revoked_cannot_be_revoked_again():
    row = certificate()
    head = head_of(row.body)
    revoke(row, head)

    with pytest.raises(WrongState):
        revoke(row, head, "Another reason")

    row.refresh_from_db()
    assert row.revoke_reason == "The hours were not worked."


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 301])
def test_a_reason_is_needed_and_short(reason):
    row = certificate()

    with pytest.raises(DomainError) as refusal:
        revoke(row, head_of(row.body), reason)

    row.refresh_from_db()
    assert refusal.value.field == "reason"
    assert row.status == "valid"


def test_after_revoking_the_same_hours_are_certified_anew_by_who_may_and_says_why():
    row = certificate()
    head = head_of(row.body)
    revoke(row, head)
    asked = {"holder": row.holder, "body": row.body}
    for by, why, refusal in [
        (row.holder, "", commands.RevokedForCause),
        (manager_of(row.body), "", commands.RevokedForCause),
        (None, "", commands.RevokedForCause),
        (row.holder, "Again", NotAllowed),
        (manager_of(row.body), "Again", NotAllowed),
    ]:
        with pytest.raises(refusal):
            certificate(by=by, anew=why, **asked)
    assert Certificate.objects.count() == 1

    again = certificate(by=head, anew="The name was wrong.", **asked)

    assert again.status == "valid"
    assert again.serial != row.serial
    assert [entry.action for entry in history(again)] == ["issued anew"]
    assert broken() == []


# ---------------------------------------------------------------- cards
def test_a_second_tap_gives_the_same_card():
    body, holder = BodyFactory(), PersonFactory()
    manager = manager_of(body)

    first, second = (card(holder=holder, body=body, by=manager, at=AT) for _ in range(2))

    assert first == second
    assert first.number == "TC-2026-000001"
    assert broken() == []


def test_a_card_with_other_days_replaces_the_old_one():
    body, holder = BodyFactory(), PersonFactory()
    manager = manager_of(body)

    first = card(holder=holder, body=body, by=manager, at=AT)
    second = card(holder=holder, body=body, by=manager, at=AT, days=30)

    first.refresh_from_db()
    assert first.status == "revoked"
    assert queries.standing_of(first, AT.date()) == "replaced"
    assert second.status == "valid"


@pytest.mark.parametrize("days", [-1, 732])
def test_the_days_of_a_card_are_in_order_and_two_years_at_most(days):
    with pytest.raises(DomainError) as refusal:
        card(at=AT, days=days)

    assert refusal.value.field == "valid_until"
    assert not IdCard.objects.exists()


def test_a_body_that_may_not_use_volunteers_gives_no_cards():
    firm = BodyFactory(firm=True)

    with pytest.raises(NotAllowed):
        card(body=firm, by=manager_of(firm))

    assert not IdCard.objects.exists()


def test_a_card_is_revoked_by_the_body():
    row = card()

    commands.revoke_card(card_id=row.pk, reason="Lost", by=manager_of(row.body), at=AT)

    row.refresh_from_db()
    assert row.status == "revoked"
    told = Message.objects.get(template="credentials.card_revoked")
    assert told.person == row.holder
    assert row.number in told.subject
    assert "Lost" in told.body
    assert queries.standing_of(row, row.valid_from) == "revoked"


# ---------------------------------------------------------------- corruption is seen
def test_a_changed_snapshot_is_found():
    row = certificate()
    Certificate.objects.filter(pk=row.pk).update(snapshot=SNAPSHOT | {"minutes": 9999})

    assert broken() == [
        f"credentials.certificate:{row.pk}: the snapshot was changed after issue"
    ]


def test_a_serial_nobody_issued_is_found():
    row = certificate()
    Certificate.objects.filter(pk=row.pk).update(serial="TK-2026-000007")

    assert broken() == [
        f"credentials.certificate:{row.pk}: TK-2026-000007 was not issued for it",
        "TK-2026-000001: issued, but nothing carries it",
    ]


def test_swapped_serials_are_found():
    one, two = certificate(), certificate()
    Certificate.objects.filter(pk=one.pk).update(serial="X")
    Certificate.objects.filter(pk=two.pk).update(serial=one.serial)
    Certificate.objects.filter(pk=one.pk).update(serial=two.serial)

    assert len(broken()) == 2

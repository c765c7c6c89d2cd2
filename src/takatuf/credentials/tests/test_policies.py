"""Who may do what: every office against every question."""

import pytest

from takatuf.credentials import commands, policies, queries
from takatuf.credentials.tests.factories import (
    AT,
    card,
    certificate,
    desk_person,
    head_of,
    manager_of,
)
from takatuf.kernel.errors import NotAllowed
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

#                    sees   revokes  manages  issues  revokes  compares
#                    it     it       cards    a card  a card   names
TABLE = {
    "holder":       (True,  False,   False,   False,  False,  False),
    "stranger":     (False, False,   False,   False,  False,  False),
    "manager":      (True,  False,   True,    True,   True,   False),
    "head":         (True,  True,    True,    True,   True,   False),
    "other head":   (False, False,   False,   False,  False,  False),
    "team leader":  (False, False,   False,   False,  False,  False),
    "desk":         (True,  True,    False,   False,  True,   True),
    "auditor":      (False, False,   False,   False,  False,  False),
}  # fmt: skip


def somebody(who, body, holder):
    return {
        "holder": lambda: holder,
        "stranger": PersonFactory,
        "manager": lambda: manager_of(body),
        "head": lambda: head_of(body),
        "other head": lambda: head_of(BodyFactory()),
        "team leader": lambda: (
            OfficeFactory(body=body, role=Role.TEAM_LEADER, team=TeamFactory(body=body)).person
        ),
        "desk": desk_person,
        "auditor": lambda: OfficeFactory(body=BodyFactory(desk=True), role=Role.AUDITOR).person,
    }[who]()


@pytest.mark.parametrize("who", TABLE)
def test_the_table_holds(who):
    body, holder = BodyFactory(), PersonFactory()
    paper, plastic = certificate(body=body, holder=holder), card(body=body, holder=holder)
    person = somebody(who, body, holder)

    answers = (
        queries.certificates_visible_to(person).filter(pk=paper.pk).exists(),
        policies.may_revoke_certificate(person, paper),
        policies.may_manage_cards(person, body),
        policies.may_issue_card(person, holder, body),
        policies.may_revoke_card(person, plastic),
        policies.may_compare_names(person),
    )

    assert answers == TABLE[who]
    assert queries.cards_visible_to(person).filter(pk=plastic.pk).exists() == answers[0]


@pytest.mark.parametrize("who", [who for who, row in TABLE.items() if not row[1]])
def test_the_command_itself_refuses(who):
    body, holder = BodyFactory(), PersonFactory()
    paper = certificate(body=body, holder=holder)
    person = somebody(who, body, holder)

    with pytest.raises(NotAllowed):
        commands.revoke_certificate(certificate_id=paper.pk, reason="r", by=person, at=AT)

    paper.refresh_from_db()
    assert paper.status == "valid"


@pytest.mark.parametrize("who", [who for who, row in TABLE.items() if not row[4]])
def test_the_card_command_refuses_too(who):
    body, holder = BodyFactory(), PersonFactory()
    plastic = card(body=body, holder=holder)
    person = somebody(who, body, holder)

    with pytest.raises(NotAllowed):
        commands.revoke_card(card_id=plastic.pk, reason="r", by=person, at=AT)

    plastic.refresh_from_db()
    assert plastic.status == "valid"


def test_a_head_who_holds_the_certificate_cannot_revoke_it():
    body = BodyFactory()
    head = head_of(body)
    paper = certificate(body=body, holder=head)

    assert not policies.may_revoke_certificate(head, paper)
    assert not policies.may_issue_card(head, head, body)

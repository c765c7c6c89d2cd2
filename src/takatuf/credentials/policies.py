"""Who may, with certificates and cards. Every function is a question."""

from datetime import date

from takatuf.credentials.enums import Revoker
from takatuf.credentials.models import Certificate, IdCard
from takatuf.registry import policies as registry


def may_issue_certificate(person, holder, body, on: date | None = None) -> bool:
    """The volunteer asks for their own, or the body's manager gives it."""
    return person.pk == holder.pk or registry.may_manage_body(person, body, on=on)


def may_revoke_certificate(person, certificate: Certificate, on: date | None = None) -> bool:
    """The desk or the body's head; never the holder."""
    return person.pk != certificate.holder_id and (
        registry.may_act_for_desk(person, on=on)
        or registry.may_head_body(person, certificate.body, on=on)
    )


def may_issue_anew(person, certificate: Certificate, on: date | None = None) -> bool:
    """After one revoked for cause: whoever may revoke it; what the desk revoked, the desk."""
    if certificate.revoked_by == Revoker.DESK and not registry.may_act_for_desk(person, on=on):
        return False
    return may_revoke_certificate(person, certificate, on=on)


def may_compare_names(person, on: date | None = None) -> bool:
    """Under which other names the account has certificates is for the desk alone."""
    return registry.may_act_for_desk(person, on=on)


def may_manage_cards(person, body, on: date | None = None) -> bool:
    """Whoever manages the body sees its cards and issues them."""
    return registry.may_manage_body(person, body, on=on)


def may_issue_card(person, holder, body, on: date | None = None) -> bool:
    """A manager of a body that may use volunteers; nobody gives a card to themselves."""
    return (
        person.pk != holder.pk
        and registry.body_may_use_volunteers(body)
        and may_manage_cards(person, body, on=on)
    )


def may_revoke_card(person, card: IdCard, on: date | None = None) -> bool:
    """The body's manager or the desk; never the holder."""
    return person.pk != card.holder_id and (
        may_manage_cards(person, card.body, on=on) or registry.may_act_for_desk(person, on=on)
    )

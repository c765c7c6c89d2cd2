"""What credentials add to the kernel's registries."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy, ngettext

from takatuf.credentials import commands, queries
from takatuf.credentials.models import Certificate, IdCard
from takatuf.kernel.measures import Measure
from takatuf.kernel.outbox import Template
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.references import reference
from takatuf.kernel.registries import invariants, measures, message_templates
from takatuf.registry import queries as registry
from takatuf.registry.policies import Clash, merge_clashes

SAMPLE = {
    "work": "غرس شتلات", "body_ar": "جهة", "body_en": "A body", "serial": "TK-2026-000001",
    "number": "TC-2026-000001", "reason": "سبب", "link": "https://example.org/x",
}  # fmt: skip
READY: Any = gettext_lazy("Volunteer: a certificate is ready")
REPLACED: Any = gettext_lazy("Volunteer: a certificate was replaced by a corrected one")
TAKEN_BACK: Any = gettext_lazy("Volunteer: a certificate was revoked")
CARD_TAKEN_BACK: Any = gettext_lazy("Volunteer: a card was revoked")
message_templates.add(
    "credentials.certificate_ready",
    Template(purpose=READY, sample=SAMPLE),
)
message_templates.add(
    "credentials.certificate_replaced",
    Template(purpose=REPLACED, sample=SAMPLE),
)
message_templates.add(
    "credentials.certificate_revoked",
    Template(purpose=TAKEN_BACK, sample=SAMPLE),
)
message_templates.add(
    "credentials.card_revoked",
    Template(purpose=CARD_TAKEN_BACK, sample=SAMPLE),
)


# ---------------------------------------------------------------- whom a body has met
@queries.ways_to_meet.register("certified")
def certified(body):
    return queries.certified_by(body)


@queries.ways_to_meet.register("in its teams")
def in_its_teams(body):
    teams = registry.public_teams_of(body).order_by()
    return registry.rosters_of(teams).values("person")


# ---------------------------------------------------------------- people under two records
merge_clashes.add(
    "credentials.Certificate",
    Clash(
        settle=gettext_lazy(
            "Both records hold a certificate of one opportunity: have one revoked first."
        )
    ),
)
merge_clashes.add(
    "credentials.IdCard",
    Clash(settle=gettext_lazy("Both records hold a card of one body: have one revoked first.")),
)


# ---------------------------------------------------------------- invariants
@invariants.register("certificates say what was signed off")
def digests_are_right() -> Iterator[str]:
    for row in queries.altered():
        yield f"{reference(row)}: the snapshot was changed after issue"


@invariants.register("certificates and their serials belong together")
def serials_match() -> Iterator[str]:
    return _unnumbered(Certificate, "serial", commands.CERTIFICATES, "TK")


@invariants.register("cards and their numbers belong together")
def card_numbers_match() -> Iterator[str]:
    return _unnumbered(IdCard, "number", commands.CARDS, "TC")


@invariants.register("one valid certificate per person and subject")
def one_valid() -> Iterator[str]:
    for row in queries.valid_twice():
        yield f"{reference(row)}: another one is valid for the same work"


def _unnumbered(model: type[models.Model], field: str, kind: str, prefix: str) -> Iterator[str]:
    """Rows whose number was never issued for them, and issued numbers without their row."""
    issued = {
        f"{prefix}-{row.sequence.year}-{row.number:06d}": row
        for row in queries.numbers_of(kind)
    }
    stored = queries.numbers_printed(model, field)
    for pk, number in stored:
        row = issued.pop(number, None)
        if row is None or row.subject != f"{model._meta.label_lower}:{pk}":
            yield f"{model._meta.label_lower}:{pk}: {number} was not issued for it"
    for number, row in issued.items():
        if row.voided_at is None:
            yield f"{number}: issued, but nothing carries it"


# ---------------------------------------------------------------- figures
def certificates_in_force(at: datetime) -> dict[str, Decimal]:
    """By governorate of the body, and "" for the region."""
    rows = queries.in_force(at).values_list("body__governorate__code").annotate(n=Count("pk"))
    counted = {code: Decimal(n) for code, n in rows.order_by()}
    return {"": Decimal(sum(counted.values())), **counted}


measures.add(
    "certificates_issued",
    Measure(
        title=gettext_lazy("certificates issued"),
        definition=gettext_lazy(
            "Certificates of volunteering issued since the start and not revoked; "
            "one replaced by a newer one counts once."
        ),
        compute=certificates_in_force,
        counted=lambda n: ngettext("certificate issued", "certificates issued", n),
    ),
)


# ---------------------------------------------------------------- personal data
def _all(model: type[models.Model], field: str) -> Callable:
    return lambda person: queries.values_held(model, person, field)


ANYONE = gettext_lazy("Anyone who has the paper and its code")
BODY = gettext_lazy("The body that issued it and the regional desk")
PRINTED = gettext_lazy("To print it, and to show that the paper is genuine")
PROOF = gettext_lazy("To prove what was certified, without a name")
REASON = gettext_lazy("To tell the holder why it no longer holds")
classify(
    *(
        PersonalField(
            model=f"credentials.{model.__name__}", field=field, purpose=purpose,
            who_may_see=seen_by, export=_all(model, field), erase=erase,
        )
        for model, field, purpose, seen_by, erase in (
            (Certificate, "printed_name", PRINTED, ANYONE, Erase.CLEAR),
            (Certificate, "name_hash", gettext_lazy(
                "To compare a name typed from the paper, once the name is removed"
            ), gettext_lazy("Nobody: it cannot be read back"), Erase.KEEP),
            (Certificate, "snapshot", PROOF, ANYONE, Erase.KEEP),
            (Certificate, "serial", PROOF, ANYONE, Erase.KEEP),
            (Certificate, "issued_at", PROOF, ANYONE, Erase.KEEP),
            (Certificate, "revoke_reason", REASON, BODY, Erase.KEEP),
            (IdCard, "printed_name", PRINTED, ANYONE, Erase.CLEAR),
            (IdCard, "number", PROOF, ANYONE, Erase.KEEP),
            (IdCard, "valid_from", PROOF, ANYONE, Erase.KEEP),
            (IdCard, "valid_until", PROOF, ANYONE, Erase.KEEP),
            (IdCard, "revoke_reason", REASON, BODY, Erase.KEEP),
        )
    )
)  # fmt: skip

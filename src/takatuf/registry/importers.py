"""What importers have in common: whose rows belong to a body, how rows name its places."""

from abc import ABC
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from takatuf.imports.importers import ActingBody, Importer
from takatuf.kernel.errors import DomainError
from takatuf.kernel.references import reference
from takatuf.kernel.sayings import Saying
from takatuf.registry import commands, policies, queries
from takatuf.registry.enums import MANAGERS, Role
from takatuf.registry.models import Body
from takatuf.registry.vocabulary import place_codes, place_name, plain, read_place

__all__ = [
    "OfABody", "acting", "bodies_run_by", "place_codes", "place_name", "plain", "read_place",
]  # fmt: skip


def bodies_run_by(person, *, at: datetime) -> Iterable[Body]:
    """Those the person may import for."""
    return queries.bodies_where(person, (*MANAGERS, Role.DESK), timezone.localdate(at))


def acting(bodies: Iterable[Body]) -> list[ActingBody]:
    """As the framework of imports names them."""
    return [ActingBody(reference(body), body.name) for body in bodies]


class OfABody(Importer, ABC):
    """Managers take rows for their body and the desk for any; with no code named, for its own.

    ``no_body`` is the sentence where nobody is named and there is no desk.
    """

    no_body: ClassVar[Promise]

    def bodies_for(self, person, *, at: datetime) -> Sequence[ActingBody]:
        return acting(bodies_run_by(person, at=at))

    def may_read_all(self, person, *, at: datetime) -> bool:
        return policies.may_audit(person, timezone.localdate(at))

    def body_for_code(self, code: str) -> str:
        body = queries.body_by_code(code) if code else queries.desk_body()
        if body is None and code:
            raise DomainError(Saying(_("No body has the code “%(code)s”."), code=code))
        if body is None:
            raise DomainError(self.no_body)
        return reference(body)

    def get_ready(self, *, at: datetime) -> None:
        commands.ensure_region(at=at)

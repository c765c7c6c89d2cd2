"""Who of the known people a spreadsheet's rows may be; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model

from takatuf.kernel.identities import possible_hashes
from takatuf.kernel.references import resolve
from takatuf.kernel.text.names import Namesakes
from takatuf.registry.enums import BodyStatus
from takatuf.registry.models import Body
from takatuf.registry.queries.offices import offices_of


class People:
    """Known people by what identifies them."""

    def __init__(self, hashes, by_hash, by_phone, by_email, by_date):
        self.hashes = hashes  # those a number may be stored under
        self.by_hash, self.by_phone, self.by_email = by_hash, by_phone, by_email
        self.by_date = by_date

    def matches(self, row: Mapping[str, Any]) -> tuple[str, list]:
        """Why, and who, the strongest reason first; ("", []) if the row is like nobody."""
        if row.get("national_id"):
            hashes = self.hashes[row["national_id"]]
            found = [self.by_hash[h] for h in hashes if h in self.by_hash]
            if found:
                return "id", found
        if row.get("mobile") in self.by_phone:
            return "mobile", [self.by_phone[row["mobile"]]]
        if row.get("email") in self.by_email:
            return "email", [self.by_email[row["email"]]]
        born = self.by_date.get(row.get("birth_date"))
        like = born.like(row["name"]) if born else []
        return ("name", like) if like else ("", [])


def people_like(rows: Sequence[Mapping[str, Any]]) -> People:
    """Four queries, however many rows."""
    people = get_user_model().objects.filter(erased_at=None)
    numbers = {row["national_id"] for row in rows if row.get("national_id")}
    hashes = {number: possible_hashes(number) for number in numbers}
    phones = [row["mobile"] for row in rows if row.get("mobile")]
    emails = [row["email"] for row in rows if row.get("email")]
    dates = {row["birth_date"] for row in rows if row.get("birth_date")}
    by_date: dict = defaultdict(Namesakes)
    for person in people.filter(birth_date__in=dates).exclude(full_name="").order_by("pk"):
        by_date[person.birth_date].add(person.full_name, person)
    kept = [each for one in hashes.values() for each in one]
    return People(
        hashes,
        {person.id_hash: person for person in people.filter(id_hash__in=kept)},
        {person.phone: person for person in people.filter(phone__in=phones)},
        {person.email: person for person in people.filter(email__in=emails)},
        by_date,
    )


def body_by_code(code: str) -> Body | None:
    return Body.objects.exclude(status=BodyStatus.CLOSED).filter(code=code).first()


def body_by_reference(ref: str) -> Body | None:
    found = resolve(ref) if ref else None
    return found if isinstance(found, Body) else None


def is_regional(by, acting_body: str) -> bool:
    """The system itself, or the desk acting as the desk."""
    if by is None:
        return True
    body = body_by_reference(acting_body)
    offices = offices_of(by)
    return bool(body and body.is_desk) and any(
        office.role == "desk" and office.body.is_desk for office in offices
    )

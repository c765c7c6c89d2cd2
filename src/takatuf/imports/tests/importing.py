"""An importer of plain notes, for the tests of the framework: it stores rows as evidence.

It uses kernel tables only: ``sequence`` names stand for people, so that no module above is
needed. What it does is what a real one does: batched look-ups, natural keys, merging.
"""

from takatuf.imports.importers import (
    BIRTH_DATE,
    EMAIL,
    HOURS,
    MOBILE,
    NATIONAL_ID,
    PERSON_NAME,
    PLACE,
    SKILLS,
    ActingBody,
    Bad,
    Candidate,
    CellProblem,
    Duplicate,
    Importer,
    New,
    Unchanged,
)
from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Evidence, TraceLink
from takatuf.kernel.text.arabic import normalise

BODY = "kernel.evidence:1"
OTHER_BODY = "kernel.evidence:2"
MERGED = (TraceLink.Relation.DUPLICATES, "tests.merged:1")  # evidence itself never changes


class GuestImporter(Importer):
    """Guests are Evidence rows: title is the name, ``sha256`` the identity number."""

    kind = "guests"
    title = "Guests"
    explanation = "A list of guests."
    fields = (
        PERSON_NAME.as_required(),
        NATIONAL_ID.as_required(),
        MOBILE,
        EMAIL,
        BIRTH_DATE,
        PLACE,
        SKILLS,
        HOURS,
    )

    def bodies_for(self, person, *, at):  # noqa: ARG002
        if not person.is_authenticated or not (person.email or "").startswith("importer"):
            return []
        bodies = [ActingBody(BODY, "First body")]
        if person.email.startswith("importer-of-two"):
            bodies.append(ActingBody(OTHER_BODY, "Second body"))
        return bodies

    def body_for_code(self, code):
        if code == "":
            return ""
        if code != "FIRST":
            return super().body_for_code(code)
        return BODY

    def check(self, values):
        if values["minutes"] is not None and values["minutes"] > 100_000:
            raise CellProblem("Nobody has so many hours.")

    def keys(self, values):
        return [f"id {values['national_id']}"]

    def prepare(self, rows, run):  # noqa: ARG002
        numbers = [row.values["national_id"] for row in rows]
        names = [normalise(row.values["name"]) for row in rows]
        by_number = {one.sha256: one for one in Evidence.objects.filter(sha256__in=numbers)}
        by_name = {one.url: one for one in Evidence.objects.filter(url__in=names)}
        return [self._outcome(row, by_number, by_name) for row in rows]

    def _outcome(self, row, by_number, by_name):
        name = row.values["name"]
        if name == "مرفوض":
            return Bad("This guest is refused.", "name")
        if known := by_number.get(row.values["national_id"]):
            if normalise(known.title) == normalise(name):
                return Unchanged(self._reference(known))
            return Duplicate("The number is known.", [self._candidate(known)], may_differ=False)
        if known := by_name.get(normalise(name)):
            return Duplicate("A guest of this name is known.", [self._candidate(known)])
        remark = "No mobile number." if row.values["mobile"] is None else ""
        return New(data=name.upper(), remark=remark)

    def apply(self, entries, run):
        if any(entry.row.values["name"] == "ممنوع" for entry in entries):
            raise DomainError("The database refuses this guest.")
        guests = [
            Evidence(
                subject="tests.guests:1",
                title=entry.row.values["name"],
                url=normalise(entry.row.values["name"]),
                sha256=entry.row.values["national_id"],
                actor=run.by.ref if run.by else None,
                uploaded_at=run.at,
            )
            for entry in entries
        ]
        return [self._reference(guest) for guest in Evidence.objects.bulk_create(guests)]

    def merge(self, row, reference, run):
        if row.values["name"] == "لا يدمج":
            raise DomainError("These two cannot be one.")
        TraceLink.objects.get_or_create(
            source=reference, relation=MERGED[0], target=MERGED[1],
            defaults={"made_at": run.at},
        )  # fmt: skip
        return reference

    def _reference(self, guest):
        return f"kernel.evidence:{guest.pk}"

    def _candidate(self, guest):
        return Candidate(self._reference(guest), guest.title, {"name": guest.title})

"""What needs add to the kernel's registries."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.kernel import search
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.measures import Measure
from takatuf.kernel.outbox import Template
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.references import reference
from takatuf.kernel.registries import desk_items, invariants, measures, message_templates
from takatuf.needs import queries
from takatuf.needs.models import Need
from takatuf.registry import commands as registry
from takatuf.registry.enums import Role

search.sources.add("needs", queries.search_documents)

SAMPLE = {
    "title": "زيارة كبار السن",
    "code": "N-2026-0001",
    "answer": "سبب",
    "into": "N-2026-0002",
    "due": "الاثنين 7 ديسمبر 2026",
    "link": "https://example.org/x",
}

for _name, _purpose in {
    "reported": gettext_lazy("A need you reported has arrived: number and clock"),
    "validated": gettext_lazy("A need you reported was validated"),
    "rejected": gettext_lazy("A need you reported was not taken up"),
    "merged": gettext_lazy("A need you reported was already known"),
    "closed": gettext_lazy("A need you reported was closed: what came of it"),
}.items():
    message_templates.add(f"needs.{_name}", Template(purpose=_purpose, sample=SAMPLE))


@invariants.register("merged needs lead to a living one")
def merged_needs_lead_somewhere() -> Iterator[str]:
    for need in queries.merged_without_target():
        into = need.merged_into_id
        yield f"needs.need:{need.pk} was merged into {into}, itself merged or refused"


@desk_items.register("needs: reported")
def reported_needs(_person, offices, at: datetime) -> list[DeskItem]:
    if not any(office.role == Role.DESK for office in offices):
        return []
    waiting = list(queries.waiting_for_desk()[:200])
    if not waiting:
        return []
    return [
        DeskItem(
            title=ngettext(
                "%(count)s need waits for an answer", "%(count)s needs wait for an answer",
                len(waiting),
            )
            % {"count": len(waiting)},
            detail=waiting[0].title,
            action=_("Answer"),
            url=reverse("needs:queue"),
            label=_("Needs"),
            tone="bad" if waiting[0].due_at <= at else "neutral",
            due_at=waiting[0].due_at,
        )
    ]  # fmt: skip


def _needs_to_answer(_body, due_by) -> Iterator[registry.Waiting]:
    for need in queries.waiting_for_desk(due_by):
        yield registry.Waiting(
            ref=reference(need), title=need.title, body=None, due_at=need.due_at,
            page=("needs:queue", ()), barred=frozenset([need.reporter_id or 0]),
        )  # fmt: skip


registry.office_queues.add(
    "needs.reported",
    registry.OfficeQueue(
        roles=(Role.DESK,), find=_needs_to_answer,
        words=lambda n: ngettext(
            "%(count)s need waits for an answer", "%(count)s needs wait for an answer", n
        ) % {"count": n},
    ),
)  # fmt: skip


def _with_region(counts: dict[str, int]) -> dict[str, Decimal]:
    found = {code: Decimal(n) for code, n in counts.items()}
    return found | {"": sum(found.values(), Decimal(0))}


def _open_needs(at: datetime) -> dict[str, Decimal]:
    return _with_region(queries.open_by_governorate(at))


def _needs_waiting(at: datetime) -> dict[str, Decimal]:
    return _with_region(queries.waiting_by_governorate(at))


measures.add(
    "open_needs",
    Measure(
        title=gettext_lazy("open needs"),
        definition=gettext_lazy(
            "Needs the regional desk has validated that are neither closed, merged nor "
            "answered in full."
        ),
        compute=_open_needs,
        counted=lambda n: ngettext("open need", "open needs", n),
    ),
)
measures.add(
    "needs_waiting",
    Measure(
        title=gettext_lazy("needs without an opportunity"),
        definition=gettext_lazy("Open needs no opportunity has been published for yet."),
        compute=_needs_waiting,
        counted=lambda n: ngettext(
            "need without an opportunity", "needs without an opportunity", n
        ),
    ),
)
measures.add(
    "needs_covered_share",
    Measure(
        title=gettext_lazy("needs covered"),
        definition=gettext_lazy(
            "The share served so far of the people estimated in needs not closed, those "
            "answered in full included: counted on the day by whoever led the shift, confirmed "
            "by a second person. Needs without an estimate are left out."
        ),
        compute=queries.covered_share,
    ),
)


# ---------------------------------------------------------------- personal data
def _reported_by(person) -> list[str]:
    return [need.code for need in queries.reported_by(person)]


def _contacts_left_by(_person) -> list[str]:
    return []  # only visitors leave one, and who they are is not known


DESK = gettext_lazy("The regional desk")
classify(
    PersonalField(
        model=Need._meta.label, field="reporter", who_may_see=DESK,
        purpose=gettext_lazy("To tell who reported a need what became of it"),
        export=_reported_by, erase=Erase.CLEAR,
    ),
    PersonalField(
        model=Need._meta.label, field="reporter_contact", who_may_see=DESK,
        purpose=gettext_lazy("A visitor's address for the answer; deleted with the last one"),
        export=_contacts_left_by, erase=Erase.CLEAR,
    ),
)  # fmt: skip

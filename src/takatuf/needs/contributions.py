"""What needs add to the kernel's registries."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.kernel.desk import DeskItem
from takatuf.kernel.measures import Measure
from takatuf.kernel.outbox import Template
from takatuf.kernel.registries import desk_items, invariants, measures, message_templates
from takatuf.needs import queries
from takatuf.registry.enums import Role

SAMPLE = {"title": "زيارة كبار السن", "code": "N-2026-0001", "answer": "سبب", "into": "N-2026-0002"}

for _name, _purpose in {
    "validated": gettext_lazy("A need you reported was validated"),
    "rejected": gettext_lazy("A need you reported was not taken up"),
    "merged": gettext_lazy("A need you reported was already known"),
}.items():
    message_templates.add(f"needs.{_name}", Template(purpose=_purpose, sample=SAMPLE))


@invariants.register("merged needs lead to a living one")
def merged_needs_lead_somewhere() -> Iterator[str]:
    for need in queries.merged_without_target():
        yield f"needs.need:{need.pk} was merged into {need.merged_into_id}, itself merged or refused"


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


def _open_needs(at: datetime) -> dict[str, Decimal]:
    counts = {code: Decimal(n) for code, n in queries.open_by_governorate(at).items()}
    return counts | {"": sum(counts.values(), Decimal(0))}


measures.add(
    "open_needs",
    Measure(
        title=gettext_lazy("open needs"),
        definition=gettext_lazy(
            "Needs the regional desk has validated and that are neither closed nor merged."
        ),
        compute=_open_needs,
    ),
)

"""The guardian of a young volunteer hears which opportunity they joined."""

from datetime import datetime

from django.utils import timezone, translation

from takatuf.accounts import commands as accounts
from takatuf.accounts import queries as agreed
from takatuf.kernel.typography import when
from takatuf.placement import links, queries
from takatuf.placement.models import Application


def tell_guardian(application: Application, *, at: datetime) -> None:
    """Once for the shifts of one opportunity taken within minutes, with the covenant they
    signed and the way to take the consent back; nothing for grown-ups.
    """
    person, opportunity = application.person, application.opportunity
    consent = None
    if person.is_minor(on=timezone.localdate(at)):
        consent = agreed.live_consent_of(person)
    if consent is None:
        return
    with translation.override(person.language):
        times = [
            when(row.shift.starts_at) for row in queries.held_at(person, opportunity, at=at)
        ]
        accounts.tell_guardian(
            minor=person, template="placement.guardian", at=at,
            collapse_key=f"placement.guardian:{person.pk}:{opportunity.pk}",
            context={
                "title": opportunity.title, "body": opportunity.body.name,
                "place": opportunity.place, "times": "\n".join(f"- {one}" for one in times),
                "covenant": links.guardian_link(person, opportunity, consent, at=at),
            },
        )  # fmt: skip

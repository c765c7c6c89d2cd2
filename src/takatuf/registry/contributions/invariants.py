"""What must hold of the registry, whatever happened."""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.utils import timezone

from takatuf.kernel.registries import invariants
from takatuf.registry.enums import REGIONAL_ROLES, BodyStatus, Role
from takatuf.registry.models import (
    Body,
    BodyFigures,
    Concern,
    Office,
    TeamMember,
    VolunteerProfile,
)


@invariants.register("verified bodies have a head who was appointed")
def bodies_without_a_head() -> Iterator[str]:
    today = timezone.localdate()
    held = Office.objects.filter(role=Role.BODY_HEAD, starts_on__lte=today).filter(
        Q(ends_on=None) | Q(ends_on__gt=today)
    )
    rows = Body.objects.filter(status=BodyStatus.ACTIVE, is_desk=False)
    for body in rows.exclude(pk__in=held.values("body_id")).iterator():
        yield f"registry.body:{body.pk} is active and nobody heads it"


@invariants.register("the region has one desk, and regional offices are in it")
def regional_offices_astray() -> Iterator[str]:
    rows = Office.objects.filter(role__in=REGIONAL_ROLES, body__is_desk=False)
    for office in rows.iterator():
        yield f"registry.office:{office.pk} is regional, but not in the desk's body"


@invariants.register("team leaders and members are in teams of their body")
def leaders_astray() -> Iterator[str]:
    rows = Office.objects.filter(team__isnull=False).exclude(team__body=F("body"))
    for office in rows.iterator():
        yield f"registry.office:{office.pk} is in a team of another body"
    doubled = TeamMember.objects.filter(left_on=None).values("team", "person")
    for row in doubled.annotate(n=Count("pk")).filter(n__gt=1):
        yield f"registry.team:{row['team']} counts person {row['person']} twice"


@invariants.register("registry roll-ups are possible figures")
def impossible_figures() -> Iterator[str]:
    for row in VolunteerProfile.objects.filter(
        recent_minutes__gt=F("total_minutes")
    ).iterator():
        yield f"registry.volunteerprofile:{row.pk} has more recent minutes than minutes"
    wrong = BodyFigures.objects.filter(answered_in_time__gt=F("applications_answered"))
    wrong |= BodyFigures.objects.filter(applications_answered=0, answer_minutes__gt=0)
    for figures in wrong.iterator():
        yield f"registry.bodyfigures:{figures.pk} counts more than was answered"


@invariants.register("concerns keep their clock")
def concerns_without_sense() -> Iterator[str]:
    for concern in Concern.objects.filter(due_at__lte=F("reported_at")).iterator():
        yield f"registry.concern:{concern.pk} was due before it was reported"
    inside = Concern.objects.filter(handler__offices__body=F("about_body"))
    for concern in inside.exclude(about_body__is_desk=True).distinct().iterator():
        yield f"registry.concern:{concern.pk} is handled by the body it is about"

"""Offices, teams, roll-ups and concerns."""

from datetime import timedelta

from django.utils import timezone

from takatuf.registry.enums import Role
from takatuf.registry.models import Body, Concern, Office, VolunteerProfile
from takatuf.registry.tests import factories as registry
from tests.invariants import case

HOUR = timedelta(hours=1)


@case("verified bodies have a head who was appointed")
def _headless():
    registry.OfficeFactory(role=Role.BODY_HEAD)
    yield
    Office.objects.filter(role=Role.BODY_HEAD).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate()
    )


@case("the region has one desk, and regional offices are in it")
def _astray():
    registry.OfficeFactory(role=Role.DESK, body=registry.BodyFactory(desk=True))
    yield
    Body.objects.update(is_desk=False)


@case("team leaders and members are in teams of their body")
def _foreign_team():
    team = registry.TeamFactory()
    office = registry.OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team)
    yield
    Office.objects.filter(pk=office.pk).update(body=registry.BodyFactory())


@case("registry roll-ups are possible figures")
def _figures():
    registry.VolunteerFactory(total_minutes=60, recent_minutes=60)
    yield
    VolunteerProfile.objects.update(recent_minutes=90)


@case("concerns keep their clock")
def _clock():
    concern = registry.ConcernFactory()
    yield
    Concern.objects.filter(pk=concern.pk).update(due_at=concern.reported_at - HOUR)

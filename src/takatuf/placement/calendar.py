"""A person's places as a calendar file."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone

from takatuf.kernel.links import absolute
from takatuf.opportunities.enums import HELD_SHIFTS
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
STATUSES: dict[str, str] = {ApplicationStatus.CONFIRMED: CONFIRMED}
REMIND_BEFORE = timedelta(hours=3)


def calendar_of(applications: Iterable[Application], *, at: datetime) -> bytes:
    """One event a place, in the region's time; taking the file in twice changes nothing.

    :param applications: with shift, role, opportunity, body and governorate at hand.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Takatuf//Places//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add_component(Timezone.from_tzid(settings.TIME_ZONE))
    for application in applications:
        calendar.add_component(_event(application, at=at))
    return calendar.to_ical()


def _event(application: Application, *, at: datetime) -> Event:
    opportunity, shift = application.opportunity, application.shift
    zone = ZoneInfo(settings.TIME_ZONE)
    event = Event()
    event.add("uid", f"place-{application.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", at)
    event.add("dtstart", shift.starts_at.astimezone(zone))
    event.add("dtend", shift.ends_at.astimezone(zone))
    title = (
        _("%(title)s (demo)") % {"title": opportunity.title}
        if opportunity.is_demo
        else opportunity.title
    )
    event.add("summary", title)
    event.add("location", _where(opportunity))
    event.add("description", _about(application))
    page = absolute("site:opportunity", opportunity.code, language=get_language() or "ar")
    event.add("url", page)
    if opportunity.latitude is not None and opportunity.longitude is not None:
        event.add("geo", (float(opportunity.latitude), float(opportunity.longitude)))
    # Whoever was excused keeps that mark when the shift is called off: nothing ended the place.
    over = application.ended_at is not None or shift.status not in HELD_SHIFTS
    event.add("sequence", 1 if over else 0)  # a calendar that has the event learns of its end
    event.add("last-modified", application.ended_at or application.applied_at)
    event.add("status", CANCELLED if over else STATUSES.get(application.status, TENTATIVE))
    if not over:
        event.add_component(_alarm(title))
    return event


def _where(opportunity) -> str:
    governorate = opportunity.governorate.name if opportunity.governorate else ""
    places = [part for part in (opportunity.place, governorate) if part]
    return _(", ").join(places) or _("remote")


def _about(application: Application) -> str:
    opportunity = application.opportunity
    lines = [
        opportunity.body.name,
        _("Role: %(role)s") % {"role": application.shift_role.role.title},
        opportunity.safety,
        opportunity.training,
        _("Demo data: nobody is expected there.") if opportunity.is_demo else "",
    ]
    return "\n".join(line for line in lines if line)


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm

"""Addresses that answer for a person without signing in."""

from datetime import date, datetime

from takatuf.kernel import signed_links
from takatuf.kernel.links import absolute

STILL_STANDS = "opportunities.still_stands"


def still_stands_link(opportunity, person, *, until: date, at: datetime) -> str:
    """Where one manager says that the opportunity still stands; good for a month.

    :param until: the last day it is listed unless somebody says so.
    """
    payload = {"opportunity": opportunity.pk, "person": person.pk, "until": until.isoformat()}
    token = signed_links.make(STILL_STANDS, payload, at=at)
    return absolute("opportunities:still_stands", token, language=person.language)

"""What people of more than one journey do."""

from datetime import date, timedelta

from django.utils import timezone

from takatuf.attendance.models import HourClaim
from takatuf.placement.models import Application
from tests.journeys.visitor import Visitor

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def born(years_ago: int) -> str:
    """A birth date as somebody types it on an Arabic keyboard."""
    day: date = timezone.localdate() - timedelta(days=366 * years_ago)
    return day.strftime("%d/%m/%Y").translate(ARABIC_DIGITS)


def prove_address(visitor: Visitor, address: str, code_sent_to) -> None:
    visitor.fill(contact=address)
    visitor.send()
    visitor.fill(code=code_sent_to(address))
    visitor.send()


def finish_welcome(visitor: Visitor) -> None:
    """Where they live, three interests, the charter."""
    visitor.find("[name=governorate]").select_option(index=1)
    for number in range(3):
        visitor.find("[name=interests]").nth(number).check()
    visitor.find("[name=charter]").check()
    visitor.send()


def choose_a_shift(visitor: Visitor) -> None:
    visitor.find("#shifts [name=place]").first.check()
    visitor.press("#shifts .form-actions button")
    visitor.sees("لك مكان", "You have a place")


def close_the_day(leader: Visitor, place: Application) -> None:
    """From the list of day sheets: this person was there the whole time, and that is all."""
    leader.press(f"main a[href*='{place.shift_id}']")
    leader.find(f"#p{place.pk} button[name=whole]").click()
    leader.find(f"#p{place.pk}.left").wait_for()
    leader.press("#closing button")
    assert HourClaim.objects.get(person=place.person).state == "confirmed"


def approve_hours(colleague: Visitor, place: Application) -> None:
    for box in colleague.find("[name=claim]").all():
        box.check()
    colleague.send()
    assert HourClaim.objects.get(person=place.person).state == "approved"

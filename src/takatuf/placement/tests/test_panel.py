"""The opportunity's page for one person: what waits, and which of several roles suits."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.models import GuardianConsent
from takatuf.kernel.typography import day
from takatuf.opportunities.models import OpportunityRole, ShiftRole
from takatuf.opportunities.tests.factories import soon
from takatuf.placement import commands
from takatuf.placement.eligibility import parts_of
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    in_the_morning,
    minor,
    shift_role,
    volunteer,
)
from takatuf.placement.texts import COVENANT_VERSION
from takatuf.registry.models import Availability, VolunteerProfile
from takatuf.registry.tests.factories import SkillFactory

pytestmark = pytest.mark.django_db
ASKED = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("Asia/Riyadh"))


def page(client, person, opportunity, language="en") -> str:
    client.force_login(person)
    with translation.override(language):
        address = reverse("site:opportunity", args=[opportunity.code])
        return client.get(address).content.decode()


def asked(person, *, expires_on: date) -> None:
    GuardianConsent.objects.create(
        minor=person, guardian_name="ولي أمر", guardian_contact="guardian@example.com",
        relation="father", status="asked", text_version="1", asked_at=ASKED,
        expires_on=expires_on,
    )  # fmt: skip


# ---------------------------------------------------------------- the guardian's link
@pytest.mark.parametrize(
    ("language", "said", "again", "first"),
    [
        ("en", "The link went to your guardian on Monday 23 November", "Send it again",
         "Send the guardian a link"),
        ("ar", "أُرسل الرابط إلى ولي أمرك يوم الاثنين 23 نوفمبر", "إعادة الإرسال", "إرسال رابط"),
    ],
)  # fmt: skip
def test_a_link_that_is_out_is_said_to_be_out_and_may_go_again(
    client, language, said, again, first
):
    person, place = minor(consent=False), shift_role(min_age=15)
    asked(person, expires_on=timezone.localdate() + timedelta(days=300))

    shown = page(client, person, place.shift.opportunity, language)

    assert said in shown
    assert again in shown
    assert first not in shown
    with translation.override(language):
        back = reverse("site:opportunity", args=[place.shift.opportunity.code])
        way = f"{reverse('join_guardian')}?{urlencode({'next': back})}"
    assert f'method="post" action="{way}"' in shown
    assert 'name="action" value="resend"' in shown


def test_a_link_that_has_run_out_is_not_waited_for(client):
    person, place = minor(consent=False), shift_role(min_age=15)
    asked(person, expires_on=timezone.localdate())

    shown = page(client, person, place.shift.opportunity)

    assert "Send the guardian a link" in shown
    assert "Send it again" not in shown


def test_a_guardian_who_agreed_is_asked_nothing(client):
    person, place = minor(), shift_role(min_age=15)

    shown = page(client, person, place.shift.opportunity)

    assert "Your guardian has agreed." in shown
    assert "Send it again" not in shown


# ---------------------------------------------------------------- the age
def test_who_is_too_young_is_sent_on_no_errand_but_to_what_is_for_them(client):
    person, place = minor(consent=False), with_a_skilled_role(min_age=18)

    shown = page(client, person, place.shift.opportunity)

    panel = shown.split('id="eligibility"')[1].split("</aside>")[0]
    assert "This one is from 18 on." in panel
    assert "None that is open now takes your age" in panel
    assert f'"{reverse("opportunities:list")}"' in panel.replace("/en/", "/")
    assert "?age=" not in panel
    for errand in ("guardian", "covenant", "Driving", 'class="unmet"'):
        assert errand not in panel


@pytest.mark.parametrize(
    ("years", "fits", "said"),
    [
        (14, 1, "1 other opportunity takes your age"),
        (15, 3, "3 other opportunities take your age"),
        (16, 3, "3 other opportunities take your age"),
    ],
)
def test_the_others_are_of_an_age_the_reader_may_join(client, years, fits, said):
    """Under 18 is not enough: from 16 on is no way for who is 14."""
    person, place = minor(consent=False, years=years), shift_role(min_age=18)
    for from_age, to_age in ((14, None), (15, None), (15, 16), (17, None), (18, None)):
        soon(title=f"{from_age}-{to_age}", min_age=from_age, max_age=to_age)

    shown = page(client, person, place.shift.opportunity)

    panel = shown.split('id="eligibility"')[1].split("</aside>")[0]
    assert said in panel
    address = f"{reverse('opportunities:list')}?age={years}"
    assert f'"{address}"' in panel.replace("/en/", "/")
    cards = client.get(address).content.decode()
    assert cards.count('class="card opp"') == fits
    assert "17-None" not in cards


def test_the_one_looked_at_is_not_among_the_others(client):
    young = minor(gender="female")
    only = soon(min_age=15, minors_ready=True, gender_rule="men", gender_reason="سكن رجال")
    commands.sign_covenant(
        person=young, opportunity=only, signed_name=young.full_name,
        text_version=COVENANT_VERSION, by=young, at=timezone.now(),
    )  # fmt: skip

    assert "None that is open now takes your age" in page(client, young, only)


def test_who_is_too_old_is_sent_to_the_whole_list(client):
    person, place = volunteer(), shift_role(min_age=15, max_age=17)

    shown = page(client, person, place.shift.opportunity)

    panel = shown.split('id="eligibility"')[1].split("</aside>")[0]
    assert "This place is for ages 15 to 17." in panel
    assert "age=" not in panel


# ---------------------------------------------------------------- several roles
def with_a_skilled_role(**fields):
    place = shift_role(**fields)
    driver = OpportunityRole.objects.create(
        opportunity=place.shift.opportunity, title="سائق",
        skill=SkillFactory(name_en="Driving"), level=2, least_basis="course",
    )  # fmt: skip
    ShiftRole.objects.create(shift=place.shift, role=driver, seats=2, minimum=1)
    return place


def test_the_role_that_suits_is_named_and_the_other_folded_away(client):
    place = with_a_skilled_role()

    shown = page(client, volunteer(), place.shift.opportunity)

    heading = shown.split('id="eligibility-heading">')[1].split("</h2>")[0]
    assert heading == f"Suits you: <bdi>{place.role.title}</bdi>"
    panel = shown.split('id="eligibility"')[1].split("</aside>")[0]
    above, folded = panel.split("<details>")
    assert 'class="unmet"' not in above
    assert "What another role asks for" in folded
    assert "سائق" in folded
    assert 'class="unmet"' in folded


def test_one_role_that_suits_is_not_named(client):
    place = shift_role()

    shown = page(client, volunteer(), place.shift.opportunity)

    assert "This suits you" in shown
    assert "asks for</summary>" not in shown


def test_where_nothing_suits_every_answer_stays_in_sight(client):
    place = with_a_skilled_role(gender_rule="men", gender_reason="سكن رجال")

    shown = page(client, volunteer(gender="female"), place.shift.opportunity)

    panel = shown.split('id="eligibility"')[1].split("</aside>")[0]
    assert "Not yet" in panel
    assert "Driving" in panel
    assert "<details>" not in panel


# ---------------------------------------------------------------- said once
OUTSIDE = "Outside the times you said you are usually free."


def test_what_holds_for_every_role_of_a_shift_is_said_once_and_the_rest_at_its_role(client):
    place = with_a_skilled_role(shift=ShiftFactory(starts_at=in_the_morning()))
    person = volunteer()
    taken = {day for day, _part in parts_of(place.shift.starts_at, place.shift.ends_at)}
    Availability.objects.create(
        profile=VolunteerProfile.objects.get(person=person),
        weekday=({*range(7)} - taken).pop(),
        part="morning",
    )

    shown = page(client, person, place.shift.opportunity)
    shifts = shown.split('<section class="stack" id="shifts">')[1]

    assert "Open to you, outside your usual times:" in shown
    assert "Suits you:" not in shown
    assert shifts.count(OUTSIDE) == 1
    assert shifts.count("Asks for Driving") == 1
    assert shifts.index("سائق") < shifts.index("Asks for Driving") < shifts.index(OUTSIDE)


# ---------------------------------------------------------------- the date above the button
def test_the_date_shown_first_is_one_that_has_a_seat(client):
    full = shift_role(seats=1)
    application(role=full)
    later = full.shift.starts_at + timedelta(days=7)
    free = shift_role(shift=ShiftFactory(
        opportunity=full.shift.opportunity, starts_at=later, ends_at=later + timedelta(hours=2)
    ))  # fmt: skip

    shown = client.get(reverse("site:opportunity", args=[full.shift.opportunity.code]))
    facts = shown.content.decode().split('id="eligibility"')[1].split("</dl>")[0]

    with translation.override("ar"):
        assert day(free.shift.starts_at, "short") in facts
        assert day(full.shift.starts_at, "short") not in facts


def test_where_all_is_full_the_soonest_date_is_shown(client):
    full = shift_role(seats=1)
    application(role=full)

    shown = client.get(reverse("site:opportunity", args=[full.shift.opportunity.code]))
    facts = shown.content.decode().split('id="eligibility"')[1].split("</dl>")[0]

    with translation.override("ar"):
        assert day(full.shift.starts_at, "short") in facts

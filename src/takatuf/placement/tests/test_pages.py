"""The pages of placement: what they show, in how many queries, and whom they let in."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from takatuf.opportunities.commands import reconfirm
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, OpportunityRole, ShiftRole
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    manager_of,
    shift_role,
    volunteer,
)
from takatuf.registry.tests.factories import SkillFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HELD = datetime(2025, 3, 19, 9, tzinfo=UTC)  # a Wednesday


def page_of(opportunity) -> str:
    return reverse("site:opportunity", args=[opportunity.code])


def signed_in(client, person):
    client.force_login(person)
    return client


def many_shifts(count: int, **fields):
    opportunity = OpportunityFactory(**fields)
    part = OpportunityRole.objects.create(opportunity=opportunity, title="مساعد")
    for n in range(count):
        start = timezone.now() + timedelta(days=1 + n)
        shift = ShiftFactory(
            opportunity=opportunity, starts_at=start, ends_at=start + timedelta(hours=2)
        )
        ShiftRole.objects.create(shift=shift, role=part, seats=3, minimum=1)
    return opportunity


# ---------------------------------------------------------------- the opportunity's page
def test_a_visitor_reads_the_rules_and_one_way_in(client):
    role = shift_role(min_age=16)

    response = client.get(page_of(role.shift.opportunity))

    page = response.content.decode()
    assert response.status_code == 200
    assert "Under 18: a guardian" in page
    assert page.count("?next=") >= 1
    assert f"{reverse('join')}?next={page_of(role.shift.opportunity)}" in page
    assert 'name="place"' not in page


def test_somebody_who_fits_chooses_and_has_a_place(client):
    role, person = shift_role(), volunteer()
    signed_in(client, person)
    page = page_of(role.shift.opportunity)
    assert f'name="place" value="{role.pk}"' in client.get(page).content.decode()

    response = client.post(page, {"place": role.pk})

    assert response.status_code == 302
    assert "You have a place" in client.get(response.url).content.decode()


def test_the_only_place_there_is_comes_ticked_and_is_joined_by_the_first_button(client):
    role, person = shift_role(), volunteer()
    signed_in(client, person)
    page = page_of(role.shift.opportunity)
    ticked = f'name="place" value="{role.pk}" checked'

    shown = client.get(page).content.decode()
    assert ticked in shown
    assert 'form="join"' in shown

    more = ShiftFactory(
        opportunity=role.shift.opportunity,
        starts_at=role.shift.starts_at + timedelta(days=2),
        ends_at=role.shift.ends_at + timedelta(days=2),
    )
    ShiftRole.objects.create(shift=more, role=role.role, seats=3, minimum=1)
    shown = client.get(page).content.decode()
    assert 'name="place"' in shown
    assert ticked not in shown
    assert 'form="join"' not in shown


@pytest.mark.parametrize(
    ("status", "heading", "act"),
    [
        ("confirmed", "You have a place", "See your place"),
        ("waiting", "You are on the waiting list", "See how it stands"),
        ("applied", "Your application has arrived", "See how it stands"),
    ],
)
def test_the_panel_claims_no_place_for_who_has_none(client, status, heading, act):
    role, person = shift_role(), volunteer()
    signed_in(client, person)
    client.post(page_of(role.shift.opportunity), {"place": role.pk})
    Application.objects.update(status=status)

    page = client.get(page_of(role.shift.opportunity)).content.decode()
    panel = page[page.index('id="eligibility"') : page.index("</aside>")]

    assert heading in panel
    assert act in panel
    assert ("You have a place" in panel) is (status == "confirmed")


def test_the_result_comes_in_place_by_htmx(client):
    role, person = shift_role(), volunteer()
    signed_in(client, person)

    response = client.post(
        page_of(role.shift.opportunity), {"place": role.pk}, headers={"HX-Request": "true"}
    )

    body = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in body
    assert "You have a place" in body
    assert 'id="notices"' in body  # what was said before joining is over
    assert response["HX-Push-Url"].endswith("/joined/")


def test_a_button_pressed_after_the_session_ended_opens_the_sign_in(client):
    role = shift_role()
    page = page_of(role.shift.opportunity)
    on = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}

    asked = client.post(page, {"place": role.pk}, headers=on)
    places = on | {"HX-Current-URL": "http://testserver/en/me/places/"}
    confirmed = client.post(reverse("placement:confirm", args=[1]), headers=places)

    back = f"{page}?place={role.pk}#shifts"
    assert asked["HX-Redirect"] == f"{reverse('account_login')}?{urlencode({'next': back})}"
    assert confirmed["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fen%2Fme%2Fplaces%2F"


def test_a_choice_sent_after_the_session_ended_is_kept_and_said_to_be_unsent(client):
    opportunity = many_shifts(9)
    page, role = page_of(opportunity), ShiftRole.objects.order_by("-shift__starts_at")[0]

    answer = client.post(page, {"place": [role.pk, "x", "9" * 30, "0"]})

    back = f"{page}?place={role.pk}#shifts"
    assert answer.url == f"{reverse('account_login')}?{urlencode({'next': back})}"
    assert not Application.objects.exists()
    entrance = client.get(answer.url).content.decode()
    assert "Nothing was sent: you were signed out meanwhile." in entrance
    assert f'name="next" value="{back}"' in entrance
    signed_in(client, volunteer())
    shown = client.get(back).content.decode()
    assert re.findall(r'name="place" value="(\d+)" checked', shown) == [str(role.pk)]


def test_a_long_choice_still_leads_back(client):
    page = page_of(shift_role().shift.opportunity)

    answer = client.post(page, {"place": list(range(10**17, 10**17 + 200))})

    shown = client.get(answer.url).content.decode()
    assert f'name="next" value="{page}?place=' in shown


@pytest.mark.parametrize("days", [1, 5])
def test_the_answer_to_joining_says_what_its_page_says(client, days):
    place = many_shifts(days)
    role = ShiftRole.objects.order_by("-shift__starts_at")[0]
    signed_in(client, volunteer())

    answer = client.post(page_of(place), {"place": role.pk}, headers={"HX-Request": "true"})
    again = client.get(reverse("placement:joined", args=[place.code]))

    for page in (answer, again):
        assert ("Two days before, we ask you once more." in page.content.decode()) == (days > 2)


def test_a_word_to_the_unit_that_is_too_long_is_refused_whole(client):
    role = shift_role(way=Way.BY_REQUEST)
    signed_in(client, volunteer())
    page, fitting = page_of(role.shift.opportunity), "كلمة\r\n" * 120  # a line's end is one

    long = client.post(page, {"place": role.pk, "message": "ك" * 601})

    shown = long.content.decode()
    assert long.status_code == 409
    assert "at most 600 characters" in shown
    assert "ك" * 601 in shown
    assert f'value="{role.pk}" checked' in shown
    assert not Application.objects.exists()
    client.post(page, {"place": role.pk, "message": fitting})
    assert Application.objects.get().message == "كلمة\n" * 119 + "كلمة"


def test_a_refusal_keeps_what_was_chosen_and_says_what_to_change(client):
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    person = volunteer()
    signed_in(client, person)
    opportunity = role.shift.opportunity

    response = client.post(page_of(opportunity), {"message": "خبرة سنتين"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Choose at least one shift." in page
    assert "خبرة سنتين" in page
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("basis", "way_on"),
    [("declared", "registry:profile_skills"), ("evidenced", "placement:ask_skill")],
)
def test_who_does_not_fit_sees_the_first_obstacle_and_a_way_that_leads_somewhere(
    client, basis, way_on
):
    skill = SkillFactory(name_en="First aid")
    opportunity = OpportunityFactory()
    part = OpportunityRole.objects.create(
        opportunity=opportunity, title="مسعف", skill=skill, level=2, least_basis=basis
    )
    shift_role(shift=ShiftFactory(opportunity=opportunity), role=part)
    signed_in(client, volunteer())

    page = client.get(page_of(opportunity)).content.decode()
    panel = page[page.index('id="eligibility"') : page.index("</aside>")]

    assert "Asks for First aid" in panel
    assert f'href="{reverse(way_on)}' in panel
    assert ("Saying so in the profile is not enough" in panel) is (basis == "evidenced")
    assert 'name="place"' not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("paused", "Not taking people just now"),
        ("closed", "This is over"),
        ("cancelled", "Cancelled"),
    ],
)
def test_every_state_says_why_nobody_can_join(client, status, words):
    role = shift_role()
    closed = timezone.now() if status in ("closed", "cancelled") else None
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
        status=status, intake_paused=status == "paused", closed_at=closed
    )
    signed_in(client, volunteer())

    page = client.get(page_of(role.shift.opportunity)).content.decode()

    assert words in page
    assert 'name="place"' not in page


@pytest.mark.parametrize("status", ["closed", "published"])
@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([-9], "It was held on Monday 10 March 2025."),
        ([-9, -2], "held from Monday 10 March 2025 to Monday 17 March 2025."),
    ],
)
def test_what_has_ended_says_when_it_was(client, status, days, words):
    opportunity = OpportunityFactory()
    for day, state in [(d, "closed") for d in days] + [(-20, "cancelled")]:
        start = HELD + timedelta(days=day)
        ShiftFactory(
            opportunity=opportunity, starts_at=start, ends_at=start + timedelta(hours=2),
            status=state, reason="مطر" if state == "cancelled" else "",
        )  # fmt: skip
    Opportunity.objects.filter(pk=opportunity.pk).update(
        status=status, closed_at=timezone.now() if status == "closed" else None
    )

    page = strip_tags(client.get(page_of(opportunity)).content.decode())

    assert words in " ".join(page.split())


@pytest.mark.parametrize("somebody", [True, False])
def test_a_listing_not_confirmed_lately_says_so_and_lets_nobody_join(client, somebody):
    role = shift_role(reconfirm_by=timezone.localdate() - timedelta(days=1))
    if somebody:
        signed_in(client, volunteer())

    page = client.get(page_of(role.shift.opportunity)).content.decode()

    assert "Not confirmed lately" in page
    assert "Joining waits until it does" in page
    assert 'name="place"' not in page
    assert f'href="{reverse("join")}?next={page_of(role.shift.opportunity)}' not in page


def test_on_the_last_day_of_a_listing_people_still_join(client):
    role = shift_role(reconfirm_by=timezone.localdate())
    signed_in(client, volunteer())

    page = client.get(page_of(role.shift.opportunity)).content.decode()

    assert "Not confirmed lately" not in page
    assert 'name="place"' in page


def test_a_place_in_what_is_not_confirmed_is_refused_until_it_is(client):
    role = shift_role(reconfirm_by=timezone.localdate() - timedelta(days=1))
    opportunity = role.shift.opportunity
    signed_in(client, volunteer())

    refused = client.post(page_of(opportunity), {"place": role.pk})

    assert refused.status_code == 409
    assert "has not confirmed lately that this still stands" in refused.content.decode()
    assert not Application.objects.exists()
    reconfirm(opportunity_id=opportunity.pk, by=manager_of(opportunity.body), at=timezone.now())
    client.post(page_of(opportunity), {"place": role.pk})
    assert Application.objects.get().status == "confirmed"


def test_a_draft_is_not_there_for_strangers(client):
    opportunity = OpportunityFactory(status="draft", published_at=None, reconfirm_by=None)
    assert client.get(page_of(opportunity)).status_code == 404
    assert signed_in(client, volunteer()).post(page_of(opportunity)).status_code == 404


@pytest.mark.parametrize("place", ["x", "-1", "٣", "9" * 18, "9" * 5000, "1 or 1=1"])
def test_a_place_that_is_none_gets_a_sentence(client, place):
    role = shift_role()
    signed_in(client, volunteer())
    response = client.post(page_of(role.shift.opportunity), {"place": place})
    assert response.status_code == 409
    assert not Application.objects.exists()


@pytest.mark.parametrize("shifts", [2, 200])
def test_the_page_takes_the_same_queries_at_any_size(client, shifts):
    opportunity = many_shifts(shifts)
    address = page_of(opportunity)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as visitor:
        assert client.get(address + "?all=1").status_code == 200
    signed_in(client, volunteer())
    with CaptureQueriesContext(connection) as member:
        assert client.get(address + "?all=1").status_code == 200

    assert (len(visitor), len(member)) == (6, 12)

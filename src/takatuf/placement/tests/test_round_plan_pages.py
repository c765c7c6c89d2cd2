"""The pages of a plan: figures, what lacks, body by body, place by place; who sees which part."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Transition
from takatuf.kernel.typography import number_text
from takatuf.opportunities.models import Shift
from takatuf.placement import queries
from takatuf.placement.models import Application, Proposal, Round, RoundPlace
from takatuf.placement.templatetags.rounds import points, points_up, tenths
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    desk_person,
    manager_of,
    shift_role,
)
from takatuf.placement.tests.rounds import agreed, asks, opened, place, solved, worked_out
from takatuf.registry.models import Body, VolunteerProfile
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


@pytest.fixture
def desk(client):
    person = desk_person()
    sign_in(client, person)
    return person


def at(name, row, *more):
    return reverse(f"placement:{name}", args=[row.pk, *more])


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def plain(html):
    """Without marks of direction, so that sentences with figures can be looked for."""
    return html.replace('<bdi dir="ltr">', "").replace("</bdi>", "").replace("\n", " ")


# ---------------------------------------------------------------- the whole
def test_the_first_figures_are_seats_risk_and_how_good_the_plan_is(client, desk):
    place(seats=3, minimum=2)
    agreed()
    row = solved(by=desk)

    shown = plain(page(client, at("round", row)))

    assert "Is this the plan?" in shown
    assert "1 of 3 seats filled" in shown
    assert "No better plan is possible." in shown
    assert f"worth {number_text(row.objective / 1000)}" in shown
    assert "1 person missing" in shown
    assert "Shifts at risk" in shown


def test_what_another_try_changes_is_said(client, desk):
    place(seats=2)
    for _ in range(4):
        agreed()
    row = solved(by=desk)
    assert "Against the plan before" not in page(client, at("round", row))
    gone = Proposal.objects.filter(round=row)[0].person
    VolunteerProfile.objects.filter(person=gone).update(proposals_agreed_at=None)

    worked_out(row, stay=2000)

    shown = plain(page(client, at("round", row)))
    assert "1 place stays" in shown
    assert "1 is new" in shown
    assert "1 is gone" in shown


def test_a_missing_skill_has_its_price_and_where_it_is_missing(client, desk):
    skill = SkillFactory(name_en="First aid")
    role = place(
        seats=3, minimum=2, role={"skill": skill, "level": 1, "least_basis": "declared"}
    )
    agreed()
    row = solved(by=desk)
    opportunity = role.shift.opportunity

    [scarce] = queries.summary_of(row).scarce

    assert (scarce.name, scarce.empty, scarce.short) == ("First aid", 3, 2)
    assert scarce.places == [(opportunity.governorate.name, 3)]
    shown = plain(page(client, at("round", row)))
    assert "3 seats empty" in shown
    assert "whoever fills one is worth 150 points more" in shown
    assert "Nobody could be placed" in shown


def test_seats_that_ask_for_a_second_skill_lack_that_one_too(client, desk):
    first, second = SkillFactory(name_en="First aid"), SkillFactory(name_en="Driving")
    alone = {"skill": first, "level": 1, "least_basis": "declared"}
    role = place(seats=3, minimum=2, role=alone | {"credential": second})
    place(hours=15, seats=2, role=alone)
    agreed()

    shown = queries.summary_of(solved(by=desk)).scarce

    assert [(each.name, each.empty) for each in shown] == [("First aid", 5), ("Driving", 3)]
    both, driving = shown
    assert driving.short == 2
    assert driving.price == both.price > 0
    assert driving.places == [(role.shift.opportunity.governorate.name, 3)]


def test_a_plan_nothing_changed_since_says_nothing_of_changes(client, desk):
    place()
    agreed()
    row = solved(by=desk)
    assert not queries.since_solved(row, at=NOW())
    assert "something has changed" not in page(client, at("round", row))


def test_what_happened_since_is_said_and_it_can_be_worked_out_again(client, desk):
    first, second = place(seats=1), place(hours=15, seats=1)
    for _ in range(2):
        agreed()
    row = solved(by=desk)
    assert row.seats_filled == 2
    asks(agreed(), first)
    first.__class__.objects.filter(pk=first.pk).update(taken=1)
    Shift.objects.filter(pk=second.shift_id).update(status="cancelled", reason="مطر")

    since = queries.since_solved(row, at=NOW())

    assert (since.gone, since.tight, since.asked) == (1, 1, 1)
    shown = page(client, at("round", row))
    assert "Work it out again" in shown
    client.post(at("round_start", row))
    row.refresh_from_db()
    assert row.status == "solving"


def test_a_closed_round_says_so_and_offers_nothing_to_do(client, desk):
    place()
    agreed()
    row = solved(by=desk)
    client.post(at("round_close", row))
    shown = page(client, at("round", row))
    assert "This round is closed" in shown
    assert at("round_close", row) not in shown


def test_bodies_are_a_page_at_a_time(client, desk, monkeypatch):
    monkeypatch.setattr("takatuf.placement.views.round_plan.BODIES_A_PAGE", 2)
    for hours in (8, 12, 16):
        place(hours=hours)
    agreed()
    row = solved(by=desk)
    names = [part.code for part in queries.summary_of(row).parts]

    first, second = (page(client, f"{at('round', row)}?page={n}") for n in (1, 2))

    assert [at("round_body", row, code) in first for code in names] == [True, True, False]
    assert [at("round_body", row, code) in second for code in names] == [False, False, True]
    assert "?page=2" in first


# ---------------------------------------------------------------- a body's part
def test_a_body_has_its_places_with_who_and_why(client, desk):
    role = place(seats=7, minimum=1)
    asking = agreed(full_name="Huda Salem")
    asks(asking, role)
    quiet = agreed(full_name="Noura Harbi")
    row = solved(by=desk)
    body = role.shift.opportunity.body

    shown = plain(page(client, at("round_body", row, body.code)))

    assert asking.full_name in shown
    assert "asked for it" in shown
    assert quiet.full_name not in shown, "who did not ask is known by the first name"
    assert quiet.full_name.partition(" ")[0] in shown
    assert role.shift.opportunity.title in shown


def test_a_place_shows_its_first_people_and_leads_to_the_rest(client, desk):
    role = place(seats=9)
    for _ in range(7):
        agreed()
    row = solved(by=desk)
    body = role.shift.opportunity.body
    shown = plain(page(client, at("round_body", row, body.code)))
    assert "2 more people" in shown
    everybody = page(client, at("round_place", row, role.pk))
    assert everybody.count('id="proposal-') == 7


def test_places_at_risk_alone(client, desk):
    body = BodyFactory()
    fine = place(seats=1, minimum=1, body=body)
    short = place(hours=15, seats=5, minimum=5, body=body)
    agreed()
    row = solved(by=desk)
    for role, only, seen in (
        (fine, "", True), (short, "", True), (fine, "risk", False), (short, "risk", True),
        (fine, "empty", False), (short, "nonsense", True), (fine, "nonsense", True),
    ):  # fmt: skip
        shown = page(client, f"{at('round_body', row, body.code)}?only={only}")
        assert (at("round_place", row, role.pk) in shown) is seen


def test_a_page_beyond_the_last_leads_back(client, desk):
    role = place()
    agreed()
    row = solved(by=desk)
    address = at("round_body", row, role.shift.opportunity.body.code)
    assert client.get(f"{address}?page=7").url == address
    page(client, f"{address}?page=nonsense")


# ---------------------------------------------------------------- who sees what
def test_a_manager_sees_the_own_part_of_the_regions_round_alone(client):
    ours, theirs = place(), place(hours=15)
    people = [agreed(), agreed()]
    row = solved()
    body, other = ours.shift.opportunity.body, theirs.shift.opportunity.body
    sign_in(client, manager_of(body))

    shown = page(client, at("round", row))

    assert at("round_body", row, body.code) in shown
    assert other.name not in shown
    assert at("round_close", row) not in shown
    page(client, at("round_body", row, body.code))
    page(client, at("round_place", row, ours.pk))
    page(client, at("round_body", row, other.code), status=404)
    page(client, at("round_place", row, theirs.pk), status=404)
    assert len(people) == 2


def test_the_auditor_reads_and_closes_nothing(client):
    role = place()
    agreed()
    row = solved()
    sign_in(client, OfficeFactory(body=row.body, role="auditor").person)
    before = Transition.objects.count()
    assert at("round_close", row) not in page(client, at("round", row))
    page(client, at("round_place", row, role.pk))
    assert client.post(at("round_close", row)).status_code == 404
    assert Transition.objects.count() == before


def test_a_round_without_a_plan_has_no_parts(client, desk):
    role = place()
    row = opened(by=desk)
    page(client, at("round_place", row, role.pk), status=404)
    page(client, at("round_body", row, role.shift.opportunity.body.code), status=404)


# ---------------------------------------------------------------- size
def test_a_large_plan_keeps_to_its_budgets(client, desk, django_assert_max_num_queries):
    """2,000 proposals: at most 12 questions and 40 KB."""
    role = place(seats=2)
    for _ in range(2):
        agreed()
    row = solved(by=desk)
    grow(row, role)

    for address in (
        at("round", row), at("round_body", row, role.shift.opportunity.body.code),
        at("round_place", row, role.pk),
    ):  # fmt: skip
        for language in ("en", "ar"):
            with translation.override(language), django_assert_max_num_queries(12):
                shown = client.get(address.replace("/en/", "/" if language == "ar" else "/en/"))
            assert shown.status_code == 200
            assert len(shown.content) <= 40 * 1024
    assert Proposal.objects.filter(round=row).count() == 2000


def grow(row, role):
    """Rows as a plan of 2,000 places for 40 bodies leaves them."""
    roles = [role]
    for _ in range(39):
        body = BodyFactory()
        opportunity = OpportunityFactory(
            body=body, title="تنظيم زيارات كبار السن في أحياء تبوك"
        )
        for hours in range(2):
            start = NOW() + timedelta(days=2, hours=5 * hours)
            shift = ShiftFactory(
                opportunity=opportunity, starts_at=start, ends_at=start + timedelta(hours=3)
            )
            roles.append(shift_role(shift=shift, seats=60, minimum=40))
    people = [PersonFactory() for _ in range(60)]
    like, spot = Proposal.objects.filter(round=row)[0], RoundPlace.objects.get(round=row)
    made, spots = [], []
    for number, each in enumerate(roles[1:], start=1):
        opportunity = each.shift.opportunity
        spots.append(
            RoundPlace(round=row, shift_role=each, body=opportunity.body, number=number,
                       seats=60, minimum=40, filled=26, price=-150_000.0)
        )  # fmt: skip
        made += [
            Proposal(round=row, body=opportunity.body, opportunity=opportunity,
                     shift=each.shift, shift_role=each, person=person, agent=n,
                     score=like.score, parts=like.parts, made_at=like.made_at)
            for n, person in enumerate(people)
        ]  # fmt: skip
    RoundPlace.objects.bulk_create(spots)
    Proposal.objects.bulk_create(made[:1998])
    assert spot.pk


# ---------------------------------------------------------------- words
def test_points_are_never_said_better_than_they_are():
    assert points(118_400) == '<bdi dir="ltr">118.4</bdi>'
    assert points_up(118_401) == '<bdi dir="ltr">118.5</bdi>'
    assert points_up(118_400) == '<bdi dir="ltr">118.4</bdi>'
    assert tenths(1000) == '<bdi dir="ltr">100</bdi>'
    assert "—" in points(None)


def test_nothing_of_this_changes_anything(client, desk):
    role = place()
    agreed()
    row = solved(by=desk)
    before = (Transition.objects.count(), Application.objects.count())
    for address in (at("round", row), at("round_place", row, role.pk)):
        page(client, address)
    assert (Transition.objects.count(), Application.objects.count()) == before
    assert Round.objects.get(pk=row.pk).status == "proposed"
    assert Body.objects.exists()

"""Approving on the pages of a plan: all, a body's, one by one; no with a reason; left out."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Transition
from takatuf.placement import commands
from takatuf.placement.commands import approving
from takatuf.placement.commands.answering import OWN_WORDS
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import desk_person, manager_of
from takatuf.placement.tests.rounds import agreed, asks, place, solved, worked_out
from takatuf.registry.models import Body
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
ANEW = "This round is being worked out anew"
TWO = '<bdi dir="ltr">2</bdi>'


@pytest.fixture
def body():
    return BodyFactory()


@pytest.fixture
def manager(client, body):
    person = manager_of(body)
    sign_in(client, person)
    return person


@pytest.fixture
def row(body):
    """Two places of the body, two people proposed."""
    for hours in (8, 15):
        place(hours=hours, seats=1, body=body)
    agreed()
    agreed()
    return solved()


def at(name, row, *more):
    return reverse(f"placement:{name}", args=[row.pk, *more])


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def post(client, address, status=302, **given):
    answer = client.post(address, given, follow=status == 200)
    assert answer.status_code == status
    return answer.content.decode()


def statuses(row):
    return sorted(Proposal.objects.filter(round=row).values_list("status", flat=True))


# ---------------------------------------------------------------- all
def test_all_at_once_says_how_many_are_offered(client, manager, row):
    assert "Approve all 2 proposals" in page(client, at("round", row))

    shown = post(client, at("round_approve", row), 200)

    assert "2 places are offered" in shown
    assert "The plan is approved" in shown
    assert "Approve all" not in shown
    assert statuses(row) == ["approved", "approved"]
    assert Application.objects.filter(status="offered").count() == 2


def test_all_at_once_pressed_again_says_that_nothing_waits(client, manager, body, row):
    for given in ({}, {"body": body.code}):
        post(client, at("round_approve", row), 200, **given)
        shown = post(client, at("round_approve", row), 200, **given)
        assert "Nothing waits for approval any more." in shown
        assert "0 places" not in shown
    assert Application.objects.count() == 2


def test_pressed_on_the_page_of_before_a_round_worked_out_anew_says_so(client, manager, row):
    proposal = Proposal.objects.filter(round=row)[0]
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW())
    before = Transition.objects.count()

    for address in (
        at("round_approve", row),
        at("proposal_approve", row, proposal.pk),
        at("proposal_reject", row, proposal.pk),
    ):
        for given in ({}, {"HTTP_HX_REQUEST": "true"}):
            answer = client.post(address, {"reason": "لا"}, **given)
            assert answer.status_code == 409
            assert ANEW in answer.content.decode()
    assert statuses(row) == ["proposed", "proposed"]
    assert Transition.objects.count() == before
    assert Application.objects.count() == 0


def test_who_no_longer_fits_is_left_out_and_the_page_says_why(client, manager, row):
    gone = Proposal.objects.filter(round=row)[0]
    gone.shift_role.__class__.objects.filter(pk=gone.shift_role_id).update(taken=1)

    shown = post(client, at("round_approve", row), 200)

    assert "1 place is offered" in shown
    assert "1 is left out" in shown
    assert "Left out, and why" in shown
    assert "No seat is left" in shown
    assert "Approve " not in shown
    assert statuses(row) == ["approved", "lapsed"]


def test_many_are_approved_by_a_job_and_the_page_says_so(client, manager, row, monkeypatch):
    monkeypatch.setattr(approving, "AT_ONCE", 1)
    shown = post(client, at("round_approve", row), 200)
    assert "2 places are being offered now" in shown
    assert statuses(row) == ["proposed", "proposed"]


def test_a_body_alone(client, manager, body, row):
    elsewhere = BodyFactory()
    place(hours=20, body=elsewhere)
    agreed()
    OfficeFactory(body=elsewhere, role="unit_manager", person=manager)
    both = solved()

    shown = post(client, at("round_approve", both), 200, body=body.code)

    assert body.name in shown
    done = Proposal.objects.filter(round=both, status="approved")
    assert set(done.values_list("body_id", flat=True)) == {body.pk}
    assert Proposal.objects.filter(round=both, body=elsewhere, status="proposed").exists()


# ---------------------------------------------------------------- how it stands
def headline(shown):
    """The figures of the page, in their order."""
    return re.findall(r'<dt>([^<]+)</dt><dd><bdi dir="ltr">(\d+)</bdi>', shown)


def test_once_something_is_decided_the_figures_count_that(client, manager, body, row):
    pages = [at("round", row), at("round_body", row, body.code)]
    plan = f"{TWO} of {TWO} seats filled in the plan"
    first, second = Proposal.objects.filter(round=row)
    assert ("seats filled", "2") in headline(page(client, pages[0]))

    client.post(at("proposal_reject", row, second.pk), {"reason": "no"})
    commands.approve_proposal(proposal_id=first.pk, by=manager, at=NOW())
    told = [("places offered", "1"), ("accepted", "0"), ("not approved", "1")]
    for address in pages:
        shown = page(client, address)
        assert headline(shown)[:3] == told
        assert f'<p class="small soft">{plan}' in shown

    made = Application.objects.get()
    commands.confirm_place(application_id=made.pk, by=made.person, at=NOW())
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    told[1] = ("accepted", "1")
    for address in pages:
        assert headline(page(client, address))[:3] == told
    sign_in(client, desk_person())
    assert "1</bdi> offered · " in page(client, reverse("placement:rounds"))


def test_two_rounds_of_the_same_days_have_headings_that_differ(client, row):
    sign_in(client, desk_person())
    other = type(row).objects.get(pk=row.pk)
    other.pk = None
    other.save()

    shown = client.get(reverse("placement:rounds")).text

    headings = re.findall(r"<h2 class=\"item\">(.*?)</h2>", shown, re.DOTALL)
    headings = [re.sub(r"<[^>]*>", "", heading) for heading in headings]
    assert len(headings) == len(set(headings)) == 2


def test_a_plan_nothing_came_of_is_worked_out_again(client, body, row):
    boss = row.opened_by
    OfficeFactory(body=body, role="unit_manager", person=boss)
    sign_in(client, boss)
    for proposal in Proposal.objects.filter(round=row):
        client.post(at("proposal_reject", row, proposal.pk), {"reason": "no"})

    shown = page(client, at("round", row))

    assert "Nothing came of this plan" in shown
    assert at("round_start", row) in shown
    place(hours=20, seats=1, body=body)
    shown = page(client, at("round", worked_out(row)))
    assert "seats filled" in headline(shown)[0]
    assert "Is this the plan?" in shown


# ---------------------------------------------------------------- one by one
def test_one_by_htmx_gives_its_line_anew(client, manager, row):
    proposal = Proposal.objects.filter(round=row)[0]
    answer = client.post(
        at("proposal_approve", row, proposal.pk), headers={"HX-Request": "true"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.strip().startswith(f'<li class="applicant" id="proposal-{proposal.pk}"')
    assert "a place is offered" in shown
    assert at("proposal_approve", row, proposal.pk) not in shown
    assert statuses(row) == ["approved", "proposed"]


def test_one_without_javascript_leads_back_to_where_it_stood(client, manager, body, row):
    proposal = Proposal.objects.filter(round=row)[0]
    came_from = at("round_body", row, body.code)
    answer = client.post(at("proposal_approve", row, proposal.pk), {"next": came_from})
    assert answer.url == came_from
    other = Proposal.objects.filter(round=row, status="proposed")[0]
    answer = client.post(
        at("proposal_reject", row, other.pk), {"next": "https://evil.example", "reason": "x"}
    )
    assert answer.url == at("round_place", row, other.shift_role_id)


def test_no_needs_a_reason_and_the_reason_is_kept(client, manager, row):
    proposal = Proposal.objects.filter(round=row)[0]
    address = at("proposal_reject", row, proposal.pk)
    answer = client.post(address, {"reason": "  "}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Say why" in answer.content.decode()
    assert statuses(row) == ["proposed", "proposed"]

    client.post(address, {"reason": "An interview is held first."})

    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason) == ("rejected", "An interview is held first.")
    shown = page(client, at("round_place", row, proposal.shift_role_id))
    assert "An interview is held first." in shown


def test_the_box_takes_as_much_of_a_reason_as_is_kept(client, manager, row):
    proposal = Proposal.objects.filter(round=row)[0]
    shown = page(client, at("round_place", row, proposal.shift_role_id))
    assert f'name="reason" maxlength="{OWN_WORDS}"' in shown

    answer = client.post(
        at("proposal_reject", row, proposal.pk), {"reason": "x" * (OWN_WORDS + 1)},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    assert answer.status_code == 409
    assert "at most 400 characters" in answer.content.decode()
    assert statuses(row) == ["proposed", "proposed"]


def test_a_seat_taken_meanwhile_is_said_in_place(client, manager, row):
    proposal = Proposal.objects.filter(round=row)[0]
    proposal.shift_role.__class__.objects.filter(pk=proposal.shift_role_id).update(taken=1)
    answer = client.post(
        at("proposal_approve", row, proposal.pk), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "No seat is left" in answer.content.decode()
    assert not Application.objects.exists()


def test_one_decided_already_stands_as_it_is(client, manager, row):
    proposal = Proposal.objects.filter(round=row)[0]
    client.post(at("proposal_reject", row, proposal.pk), {"reason": "no"})
    shown = post(client, at("proposal_approve", row, proposal.pk), 200)
    assert "Not approved" in shown
    assert not Application.objects.exists()


# ---------------------------------------------------------------- who may
@pytest.mark.parametrize("who", ["other", "auditor", "desk"])
def test_others_approve_nothing(client, row, who):
    body = BodyFactory()
    person = {
        "other": lambda: manager_of(body),
        "auditor": lambda: OfficeFactory(body=Body.objects.get(is_desk=True), role="auditor").person,
        "desk": desk_person,
    }[who]()  # fmt: skip
    sign_in(client, person)
    proposal = Proposal.objects.filter(round=row)[0]
    before = (Transition.objects.count(), statuses(row))

    for address in (
        at("round_approve", row), at("proposal_approve", row, proposal.pk),
        at("proposal_reject", row, proposal.pk),
    ):  # fmt: skip
        assert client.post(address, {"reason": "x"}).status_code in {403, 404}

    assert (Transition.objects.count(), statuses(row)) == before
    if who != "other":
        assert "Approve all" not in page(client, at("round", row))


def test_the_desk_approves_where_the_head_lets_it(client, body, row):
    Body.objects.filter(pk=body.pk).update(desk_may_place=True)
    sign_in(client, desk_person())
    post(client, at("round_approve", row), 200)
    assert statuses(row) == ["approved", "approved"]


def test_nobody_is_shown_buttons_for_themselves(client, body):
    role = place(seats=1, body=body)
    person = agreed()
    OfficeFactory(body=body, role="unit_manager", person=person)
    asks(person, role)
    row = solved()
    sign_in(client, person)
    shown = page(client, at("round_place", row, role.pk))
    assert "/approve/" not in shown
    for address in (at("round", row), at("round_body", row, body.code)):
        assert "/approve/" not in page(client, address)
    proposal = Proposal.objects.get(round=row)
    assert client.post(at("proposal_approve", row, proposal.pk)).status_code in {302, 403}
    assert statuses(row) == ["proposed"]

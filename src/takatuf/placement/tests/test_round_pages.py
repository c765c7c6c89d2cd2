"""Pages of rounds before there is a plan: the list, the form, the start, the progress."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, Transition
from takatuf.kernel.registries import desk_items
from takatuf.opportunities.enums import Way
from takatuf.placement import commands
from takatuf.placement.enums import RoundStatus
from takatuf.placement.models import Round
from takatuf.placement.rounds.settings import PLAIN, SETTINGS, defaults, in_words
from takatuf.placement.templatetags.rounds import nearness
from takatuf.placement.tests.factories import desk_person, manager_of, volunteer
from takatuf.placement.tests.rounds import agreed, opened, place, solved, step
from takatuf.registry import queries as registry
from takatuf.registry.models import Body
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
LIST, NEW = "/en/rounds/", "/en/rounds/new/"


@pytest.fixture
def desk(client):
    person = desk_person()
    sign_in(client, person)
    return person


def at(name, row):
    return reverse(f"placement:{name}", args=[row.pk])


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def typed(**changed):
    today = timezone.localdate()
    given = {"first_day": f"{today:%d/%m/%Y}", "last_day": f"{today + timedelta(13):%d/%m/%Y}",
             "with_agreed": "on", "passes_on": "on"}  # fmt: skip
    settings = {
        name: step(name, value) if name in PLAIN else str(value)
        for name, value in defaults().items()
    }
    return given | settings | changed


# ---------------------------------------------------------------- the list
def test_an_empty_list_says_what_a_round_does(client, desk):
    shown = page(client, LIST)
    assert "proposes who goes where" in shown
    assert NEW in shown


def test_the_list_is_for_managers_and_the_desk(client):
    sign_in(client, volunteer())
    assert "My places" in page(client, LIST, status=403)
    assert "desk opens rounds" in page(client, NEW, status=403)
    assert client.post(NEW, typed()).status_code == 403
    assert not Round.objects.exists()


def test_a_manager_sees_the_own_rounds_alone(client):
    body, other = BodyFactory(), BodyFactory()
    manager = manager_of(body)
    mine = opened(body=body, by=manager)
    theirs = opened(body=other, by=manager_of(other))
    sign_in(client, manager)

    shown = page(client, LIST)

    assert at("round", mine) in shown
    assert at("round", theirs) not in shown
    page(client, at("round", theirs), status=404)


def test_an_auditor_reads_and_changes_nothing(client):
    person = desk_person()
    row = opened(by=person)
    auditor = OfficeFactory(body=row.body, role="auditor").person
    sign_in(client, auditor)
    before = Transition.objects.count()

    assert at("round_start", row) not in page(client, at("round", row))
    for name in ("round_start", "round_cancel", "round_close", "round_change"):
        assert client.post(at(name, row)).status_code == 404
    row.refresh_from_db()
    assert (row.status, Transition.objects.count()) == (RoundStatus.DRAFT, before)


def test_older_rounds_are_a_page_further(client, desk):
    rows = [opened(by=desk) for _ in range(27)]

    first = page(client, LIST)
    second = page(client, f"{LIST}?before={rows[2].pk}")

    assert at("round", rows[26]) in first
    assert at("round", rows[1]) not in first
    assert f"before={rows[2].pk}" in first
    assert at("round", rows[1]) in second


# ---------------------------------------------------------------- opening and changing
def test_the_desk_opens_a_round_and_looks_before_it_starts(client, desk):
    role = place()
    body = role.shift.opportunity.body

    answer = client.post(NEW, typed(bodies=[body.pk], spread=step("spread", 300)))

    row = Round.objects.get()
    assert answer.url == at("round", row)
    assert (list(row.bodies.all()), row.options["spread"]) == ([body], 300)
    shown = page(client, answer.url)
    assert "Counts much" in shown
    assert "Work it out" in shown
    assert body.name in shown


def test_the_desk_chooses_among_bodies_with_something_to_fill(client, desk):
    some = place().shift.opportunity.body
    none = place(way=Way.INVITATION).shift.opportunity.body
    shown = page(client, NEW)
    assert f'value="{some.pk}"' in shown
    assert none.name_en not in shown


def test_a_manager_is_not_asked_whose_shifts(client):
    body = BodyFactory()
    sign_in(client, manager_of(body))
    assert 'name="bodies"' not in page(client, NEW)

    client.post(NEW, typed())

    assert list(Round.objects.get().bodies.all()) == [body]


def test_who_acts_for_two_bodies_says_for_which(client, desk):
    body = BodyFactory()
    OfficeFactory(body=body, role="unit_manager", person=desk)

    assert f"?body={body.code}" in page(client, NEW)
    client.post(f"{NEW}?body={body.code}", typed())

    assert Round.objects.get().body == body


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"first_day": ""}, "Write the first day."),
        ({"last_day": "1/1/2020"}, "cannot be before the first"),
        ({"last_day": "31/12/2030"}, "four weeks at most"),
        ({"missing": "-1"}, "must be a whole number from 0 to 9000"),
        ({"spread": "7777"}, "Choose one of the steps."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client, desk, given, words):
    answer = client.post(NEW, typed(**given))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Round.objects.exists()


def test_a_draft_is_changed_until_it_has_a_plan(client, desk):
    row = opened(by=desk, options={"away": 7})
    address = at("round_change", row)
    shown = page(client, address)
    slider = shown[shown.index('<input type="range" name="away"') :].split("</ol>")[0]
    assert 'value="4"' in slider, "its own figure has a step of its own, by size"
    assert 'max="6"' in slider
    assert "<li>7</li>" in slider

    client.post(address, typed(all_ways="on", away="5"))
    row.refresh_from_db()
    assert (row.all_ways, row.options["away"]) == (True, 12)

    Round.objects.filter(pk=row.pk).update(status="cancelled", closed_at=NOW())
    assert client.post(address, typed()).url == at("round", row)
    row.refresh_from_db()
    assert row.options["away"] == 12


def test_the_command_changes_no_round_with_a_plan():
    place()
    agreed()
    row = solved()
    with pytest.raises(commands.CannotOpen, match="Open a new one"):
        commands.change_round(
            matching_round=row, scope=commands.Scope(first_day=row.first_day,
            last_day=row.first_day), options={}, by=row.opened_by, at=NOW(),
        )  # fmt: skip
    unchanged = Round.objects.get(pk=row.pk)
    assert unchanged.last_day == row.last_day


# ---------------------------------------------------------------- working it out
def test_without_a_free_seat_it_is_not_started_but_changed(client, desk):
    shown = page(client, at("round", opened(by=desk)))
    assert "There is nothing to fill" in shown
    assert "Work it out" not in shown


def test_it_is_followed_while_a_job_works_it_out(client, desk):
    place()
    agreed()
    row = opened(by=desk)

    assert client.post(at("round_start", row)).url == at("round", row)

    shown = page(client, at("round", row))
    assert "Gathering people and seats" in shown
    assert 'http-equiv="refresh"' in shown
    assert f'hx-get="{at("round_progress", row)}"' in shown
    Round.objects.filter(pk=row.pk).update(
        people=9, seats_asked=20, objective=1000, bound=1004.0, gap=0.0031
    )
    assert 'at most <bdi dir="ltr">0.4%</bdi> better' in page(client, at("round_progress", row))
    run_jobs()
    answer = client.get(at("round_progress", row))
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_a_round_at_work_is_cancelled_from_its_page(client, desk):
    place()
    row = opened(by=desk)
    client.post(at("round_start", row))

    client.post(at("round_cancel", row))

    run_jobs()
    row.refresh_from_db()
    assert row.status == RoundStatus.CANCELLED
    assert "Nobody was offered anything" in page(client, at("round", row))


def test_a_round_that_failed_says_why_in_the_readers_language(client, desk):
    place()
    row = opened(by=desk, with_agreed=False)
    client.post(at("round_start", row))
    run_jobs()

    assert "Nobody takes part" in page(client, at("round", row))
    assert "Start again" in page(client, at("round", row))
    with translation.override("ar"):
        assert "Nobody takes part" not in page(client, at("round", row))


def test_two_starts_give_one_job_and_a_sentence(client, desk):
    place()
    row = opened(by=desk)
    client.post(at("round_start", row))

    assert client.post(at("round_start", row)).status_code == 409
    assert Job.objects.filter(task__endswith="work_out_round").count() == 1


# ---------------------------------------------------------------- words
def test_every_plain_setting_has_its_default_among_its_choices():
    for name, plain in PLAIN.items():
        assert SETTINGS[name].default in dict(plain.choices)
        assert all(SETTINGS[name].least <= v <= SETTINGS[name].most for v, _w in plain.choices)
    assert [str(word) for _t, word in in_words({"spread": 77})] == ["77"]


@pytest.mark.parametrize(
    ("gap", "words"),
    [(None, ""), (0, "No better plan"), (0.0001, "0.1%"), (0.004, "0.4%"), (0.0041, "0.5%")],
)
def test_a_gap_is_never_said_smaller_than_it_is(gap, words):
    assert words in nearness(gap)


def test_the_desk_is_told_of_proposals_that_wait(client):
    place()
    agreed()
    row = solved()
    desk = row.opened_by
    manager = manager_of(Body.objects.get(opportunities__isnull=False))
    for person, count in ((desk, 0), (manager, 1)):
        found = desk_items["placement: proposals to decide"](
            person, registry.offices_of(person), NOW()
        )
        assert [item.url for item in found] == [at("round", row)] * count

"""The demo is one consistent region, labelled as invented, with every state present."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance.models import HourClaim, HourEntry, PeopleServed
from takatuf.credentials.models import Certificate
from takatuf.kernel import stuck
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, Message, Transition
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history
from takatuf.needs.models import Need
from takatuf.opportunities import queries
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.registry.models import Body, PersonMerge, Team


def states(model, field="status"):
    return set(model.objects.values_list(field, flat=True))


def test_every_invariant_holds_and_the_states_of_the_loop_are_there(demo_region):
    assert [sentence for _name, check in invariants for sentence in check()] == []
    assert {"draft", "returned", "in_review", "published", "paused", "running", "closed",
            "cancelled"} <= states(Opportunity)  # fmt: skip
    assert {"planned", "running", "closed", "cancelled", "moved"} <= states(Shift)
    assert {"applied", "offered", "confirmed", "declined", "attended"} <= states(Application)
    assert {"reported", "validated", "rejected", "merged"} <= states(Need)
    assert {"claimed", "confirmed", "approved", "rejected", "reversed", "imported"} <= states(
        HourClaim, "state"
    )
    assert states(Certificate) == {"valid", "revoked"}
    assert {"registered", "active", "suspended"} <= states(Body)


def test_nothing_is_told_that_has_not_happened_yet_and_a_body_lives_forward(demo_region):
    now = timezone.now()
    assert not HourEntry.objects.filter(at__gt=now).exists()
    assert not PeopleServed.objects.filter(confirmed_at__gt=now).exists()
    assert not Transition.objects.filter(at__gt=now).exists()

    told: dict[str, list] = {}
    for row in Transition.objects.filter(subject__startswith="registry.body:"):
        told.setdefault(row.subject, []).append((row.position, row.at))
    assert len(told) > 1
    for story in told.values():
        moments = [at for _position, at in sorted(story)]
        assert moments == sorted(moments)


def test_no_need_waits_for_an_opportunity_it_has_had(demo_region):
    answers = Opportunity.objects.filter(need__isnull=False, published_at__isnull=False)
    assert answers.exists()
    assert not answers.filter(need__status="validated").exists()


def test_a_need_served_tells_so_in_its_story(demo_region):
    served = Need.objects.filter(people_served__gt=0)
    assert served.exists()
    for need in served:
        steps = history(need).filter(action="people served")
        counted = [step.note.changes["people"][1] for step in steps]
        assert sum(counted) == need.people_served


def test_first_aid_asks_for_the_skill_and_on_the_road_for_a_second(demo_region):
    written = Opportunity.objects.filter(title__startswith="إسعاف")
    assert written.exists()
    assert not written.exclude(roles__skill__code="first-aid").exists()
    assert written.filter(status="published", roles__credential__code="driving").exists()


def test_who_is_fourteen_finds_something_to_join(demo_region):
    fitting = Opportunity.objects.filter(
        status="published", min_age=14, minors_ready=True, is_demo=True
    )
    assert fitting.count() == 3
    assert queries.listing(Filters(age="14"), at=timezone.now()).total == 3


def test_two_records_of_one_person_joined_some_weeks_apart(demo_region):
    for merge in PersonMerge.objects.filter(drop__email__startswith="again"):
        assert merge.drop.joined_at - merge.keep.joined_at > timedelta(weeks=3)


def test_people_are_served_where_their_need_is(demo_region):
    answers = Opportunity.objects.filter(need__isnull=False)
    assert answers.filter(governorate=F("need__governorate")).exists()
    assert not answers.exclude(governorate=F("need__governorate")).exists()


def test_every_message_knows_the_cast_by_the_names_they_sign_in_with(demo_region):
    for row in demo_people(demo_region):
        greeted = Message.objects.filter(person__email=row["sign_in"], body__startswith="أهلًا")
        assert not greeted.exclude(body__contains=row["name"]).exists()


# States the demo has no row of, and why.
ABSENT = {
    "attendance.Presence.status": {"expected"},  # a row is made at the first mark
    "kernel.Job.status": {"running", "done"},  # the worker has not begun
    # The database refuses each: a message that waits, is on its way, or has left has a way out
    # of the demo.
    "kernel.Message.status": {"queued", "sending", "sent"},
    "needs.Need.status": {"prioritised"},  # by the rounds of the council, to come
    "imports.ImportRun.status": {"mapped", "running"},  # passing
    "opportunities.Opportunity.status": {"submitted"},  # the gate answers in the same step
    "placement.RoundTrial.status": {"failed"},  # only once every seat is taken
}


def lives():
    """Every field that says in which state of its life a row is, with all its states."""
    for model in apps.get_models():
        if model.__module__.startswith("takatuf."):
            for field in model._meta.get_fields():
                if getattr(field, "name", "") in ("status", "state") and field.choices:
                    name = f"{model._meta.app_label}.{model.__name__}.{field.name}"
                    yield name, model, field


def test_every_state_of_every_life_can_be_seen(demo_region):
    missing = {}
    for name, model, field in lives():
        there = set(model._base_manager.values_list(field.name, flat=True))
        absent = {value for value, _label in field.flatchoices} - there
        if absent != ABSENT.get(name, set()):
            missing[name] = absent
    assert missing == {}


def test_a_place_looks_for_cover_and_another_for_a_swap(demo_region):
    still = Cover.objects.filter(
        status="open", application__shift__starts_at__gt=timezone.now()
    )
    assert still.filter(accepts=None, asks__status="asked").exists()
    swap = still.filter(accepts__isnull=False).get()
    assert states(CoverAsk) == {"asked", "declined"}
    [own] = [row for row in demo_people(demo_region) if row["role_en"] == "volunteer"]
    assert swap.asks.filter(person__email=own["sign_in"], status="asked").exists()


def demo_people(folder):
    return json.loads((folder / "demo_people.json").read_text())


def test_everybody_who_signs_in_has_something_to_do(demo_region):
    person = {row["role_en"]: row["sign_in"] for row in demo_people(demo_region)}
    volunteer = Person.objects.get(email=person["volunteer"])
    mine = set(volunteer.applications.values_list("status", flat=True))
    assert {"confirmed", "offered", "waiting"} <= mine
    assert volunteer.certificates.exists()
    leader = Person.objects.get(email=person["team leader"])
    led = Shift.objects.filter(opportunity__team__offices__person=leader)
    assert led.filter(status="running").exists()
    manager = Person.objects.get(email=person["unit manager"])
    body = manager.offices.first().body
    waiting = HourClaim.objects.filter(body=body, state="confirmed")
    assert waiting.exclude(entries__claimant=manager.ref).exists()
    assert Application.objects.filter(opportunity__body=body, status="applied").exists()


def test_whatever_is_invented_says_so(demo_region):
    assert not Person.objects.filter(is_demo=False).exists()
    assert not Opportunity.objects.filter(is_demo=False).exists()
    for row in [*Body.objects.filter(is_demo=True), *Team.objects.filter(is_demo=True)]:
        assert "تجريبي" in str(row.__dict__.get("name_ar") or row.name)
    assert list(Body.objects.filter(is_demo=False).values_list("is_desk", flat=True)) == [True]


def test_one_person_of_each_role_is_listed_for_signing_in(demo_region, client):
    cast = demo_people(demo_region)

    assert {row["role_en"] for row in cast} == {
        "volunteer", "volunteer under 18", "team leader", "unit manager", "head of a body",
        "regional desk", "reviewer", "auditor", "administrator",
    }  # fmt: skip
    page = client.get(reverse("demo:people"))
    assert page.status_code == 200
    assert all(row["sign_in"] in page.text for row in cast)


@pytest.mark.django_db
def test_outside_the_demo_nothing_is_loaded_and_nobody_listed(settings, client):
    settings.DEMO = False

    with pytest.raises(CommandError, match="TAKATUF_DEMO"):
        call_command("load_demo")
    assert client.get("/demo/people/").status_code == 404
    assert not Person.objects.exists()


def test_it_is_loaded_into_an_empty_database_only(demo_region):
    with pytest.raises(CommandError, match="people already"):
        call_command("load_demo")


def test_the_administrator_finds_one_message_and_one_job_stuck(demo_region, client):
    cast = json.loads((demo_region / "demo_people.json").read_text())
    [address] = [row["sign_in"] for row in cast if row["role_en"] == "administrator"]
    administrator, now = Person.objects.get(email=address), timezone.now()
    sign_in(client, administrator)
    [message], [job] = stuck.messages(), stuck.failed_jobs()

    page = client.get(reverse("site:stuck")).text
    assert message.error in page
    assert stuck.last_line(job) in page

    with pytest.raises(stuck.NoWayOut, match="تجريبية"):
        stuck.retry_message(message_id=message.pk, by=administrator, at=now)
    stuck.dismiss_message(message_id=message.pk, reason="رقم تجريبي.", by=administrator, at=now)
    stuck.retry_job(job_id=job.pk, by=administrator, at=now)
    Job.objects.filter(status="waiting").exclude(pk=job.pk).delete()  # it alone is asked about
    run_jobs()
    job.refresh_from_db()
    assert (job.status, stuck.count()) == ("done", 0)

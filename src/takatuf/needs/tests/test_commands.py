"""Reporting, answering, closing: what each command does, refuses, tells and leaves alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from takatuf.kernel import outbox, search, traces
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import IssuedNumber, Message
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import WrongState, history
from takatuf.needs import commands, queries
from takatuf.needs.enums import NeedStatus
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_person, manager_of, words
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db


def stored(need: Need) -> dict:
    return Need.objects.values().get(pk=need.pk)


def found(text: str) -> list[str]:
    return [row.title for row in search.find(text, kinds=["need"]).items]


# ---------------------------------------------------------------- reporting
def test_a_visitor_reports_without_an_account():
    need = commands.report_need(by=None, at=NOW, reporter_contact="a@example.com", **words())

    assert (need.status, need.reporter, need.code) == (NeedStatus.REPORTED, None, "N-2026-0001")
    assert [entry.action for entry in history(need)] == ["reported"]
    assert IssuedNumber.objects.get().subject == f"needs.need:{need.pk}"


def test_the_desk_has_ten_working_days():
    need = commands.report_need(by=None, at=NOW, **words())

    assert timezone.localdate(need.due_at) == timezone.localdate(NOW) + timedelta(days=14)


def test_numbers_have_no_gap_when_a_report_fails():
    with pytest.raises(IntegrityError), transaction.atomic():
        commands.report_need(by=None, at=NOW, **words(people_estimate=0))

    assert commands.report_need(by=None, at=NOW, **words()).code == "N-2026-0001"


def test_a_manager_reports_in_the_bodys_name_and_others_do_not():
    body = BodyFactory()
    need = commands.report_need(by=manager_of(body), at=NOW, body=body, **words())
    for stranger in (None, PersonFactory(), manager_of(BodyFactory())):
        with pytest.raises(NotAllowed):
            commands.report_need(by=stranger, at=NOW, body=body, **words())

    assert Need.objects.get() == need
    assert need.body == body


# ---------------------------------------------------------------- answering
def test_validating_makes_a_need_public_and_tells_who_reported_it():
    reporter = PersonFactory()
    need = NeedFactory(reporter=reporter, title="إنارة الممشى البحري")
    assert found("إنارة الممشى") == []

    commands.validate_need(need_id=need.pk, by=desk_person(), at=NOW)

    assert stored(need)["status"] == NeedStatus.VALIDATED
    assert found("إنارة الممشى") == ["إنارة الممشى البحري"]
    assert [m.template for m in outbox.inbox_for(reporter)] == ["needs.validated"]


def test_the_desk_puts_the_estimate_right_with_its_basis():
    need, desk = NeedFactory(people_estimate=900, estimate_basis="تخمين"), desk_person()
    with pytest.raises(DomainError) as refusal:
        commands.validate_need(need_id=need.pk, by=desk, at=NOW, people_estimate=240)
    assert refusal.value.field == "estimate_basis"
    assert stored(need)["status"] == NeedStatus.REPORTED

    commands.validate_need(
        need_id=need.pk, by=desk, at=NOW, people_estimate=240, estimate_basis="قائمة البلدية"
    )

    assert (stored(need)["people_estimate"], stored(need)["estimate_basis"]) == (
        240,
        "قائمة البلدية",
    )


@pytest.mark.parametrize("words_given", ["", "   "])
def test_refusing_and_closing_need_words(words_given):
    desk, reported, public = desk_person(), NeedFactory(), NeedFactory(validated=True)
    for act, need in ((commands.reject_need, reported), (commands.close_need, public)):
        before = stored(need)
        with pytest.raises(DomainError):
            act(need_id=need.pk, answer=words_given, by=desk, at=NOW)
        assert stored(need) == before


def test_a_refused_need_stays_out_of_search_and_the_visitor_is_told_once_and_forgotten():
    need = commands.report_need(
        by=None, at=NOW, reporter_contact="+966551234567", language="en", **words()
    )

    commands.reject_need(need_id=need.pk, answer="خارج النطاق", by=desk_person(), at=NOW)

    message = Message.objects.get(template="needs.rejected")
    assert (message.address, message.language) == ("+966551234567", "en")
    assert "خارج النطاق" in message.body
    assert "Hello," in message.body
    assert stored(need)["reporter_contact"] == ""
    assert found("تقوية") == []


def test_a_merged_need_leads_to_the_other():
    into, need = NeedFactory(validated=True), NeedFactory(reporter=PersonFactory())

    commands.merge_need(need_id=need.pk, into_id=into.pk, by=desk_person(), at=NOW)

    assert stored(need)["merged_into_id"] == into.pk
    assert into.code in outbox.inbox_for(need.reporter)[0].body


@pytest.mark.parametrize("case", ["itself", "reported", "closed"])
def test_a_need_is_merged_only_into_another_open_one(case):
    desk, need = desk_person(), NeedFactory(validated=True)
    into = NeedFactory(validated=True)
    if case == "itself":
        into = need
    elif case == "reported":
        into = NeedFactory()
    else:
        into = NeedFactory(status="closed", decided_at=NOW, answer="تم")
    before = stored(need)

    with pytest.raises(DomainError) as refusal:
        commands.merge_need(need_id=need.pk, into_id=into.pk, by=desk, at=NOW)

    assert refusal.value.field == "into"
    assert stored(need) == before


def test_closing_takes_a_need_out_of_search_and_says_what_came_of_it():
    reporter, desk = PersonFactory(), desk_person()
    need = NeedFactory(reporter=reporter, title="إنارة الممشى البحري")
    commands.validate_need(need_id=need.pk, by=desk, at=NOW)

    commands.close_need(need_id=need.pk, answer="أُنير الممشى كله", by=desk, at=NOW)

    assert found("إنارة الممشى") == []
    bodies = [m.body for m in outbox.inbox_for(reporter)]
    assert any("أُنير الممشى كله" in body for body in bodies)


@pytest.mark.parametrize(
    "act", [commands.validate_need, commands.reject_need, commands.close_need, "merge"]
)
def test_only_the_desk_answers(act):
    need, other = NeedFactory(), NeedFactory(validated=True)
    given = {"answer": "سبب"} if act in (commands.reject_need, commands.close_need) else {}
    if act == "merge":
        act, given = commands.merge_need, {"into_id": other.pk}
    before = stored(need)
    for person in (None, PersonFactory(), manager_of(BodyFactory())):
        with pytest.raises(NotAllowed):
            act(need_id=need.pk, by=person, at=NOW, **given)
    assert stored(need) == before
    assert not Message.objects.exists()


def test_answering_twice_is_refused_and_changes_nothing():
    desk, need = desk_person(), NeedFactory(reporter=PersonFactory())
    commands.reject_need(need_id=need.pk, answer="سبب", by=desk, at=NOW)
    before = stored(need)

    with pytest.raises(WrongState):
        commands.validate_need(need_id=need.pk, by=desk, at=NOW)

    assert stored(need) == before
    assert Message.objects.count() == 1


# ---------------------------------------------------------------- from the floors above
def test_the_first_opportunity_puts_a_need_in_plan_and_the_second_changes_nothing():
    need, person = NeedFactory(validated=True), PersonFactory()
    for _ in range(2):
        commands.put_in_plan(need_id=need.pk, by=person, at=NOW)

    assert stored(need)["status"] == NeedStatus.IN_PLAN
    assert [entry.action for entry in history(need)] == ["being answered"]


def test_the_story_tells_of_the_latest_of_several_counts_in_a_row():
    need, person = NeedFactory(validated=True), PersonFactory()
    commands.put_in_plan(need_id=need.pk, by=person, at=NOW)
    for day in range(3):
        at = NOW + timedelta(days=day)
        commands.add_people_served(need_id=need.pk, count=4, by=person, at=at)

    told = [entry["at"] for entry in queries.story(need)]

    assert told == [NOW, NOW + timedelta(days=2)]


def test_people_served_add_up_and_coverage_stops_at_all_of_them():
    need = NeedFactory(validated=True, people_estimate=100, estimate_basis="قائمة")
    for count in (30, 90):
        commands.add_people_served(need_id=need.pk, count=count, by=PersonFactory(), at=NOW)

    need.refresh_from_db()
    assert (need.people_served, need.coverage) == (120, 100)
    assert NeedFactory().coverage is None


def test_crowds_served_stand_after_the_least_covered():
    crowd = NeedFactory(validated=True, people_estimate=3_000_000, people_served=2_900_000)
    small = NeedFactory(validated=True, people_estimate=100, people_served=40)
    assert queries.least_covered() == [small, crowd]


def test_commands_take_few_queries(django_assert_max_num_queries):
    desk, need = desk_person(), NeedFactory(reporter=PersonFactory())

    with django_assert_max_num_queries(15):
        commands.validate_need(need_id=need.pk, by=desk, at=NOW)


def test_joining_needs_leaves_a_trace_both_can_be_read_from():
    desk = desk_person()
    first, again = (
        commands.report_need(by=None, at=timezone.now(), **words()) for _ in range(2)
    )
    commands.validate_need(need_id=first.pk, by=desk, at=timezone.now())

    commands.merge_need(need_id=again.pk, into_id=first.pk, by=desk, at=timezone.now())

    assert traces.sources(first, "duplicates") == [reference(again)]
    assert queries.linked_with(first, desk) == ([], [again])

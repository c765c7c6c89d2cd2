"""An auditor reads the log, and nothing can be changed from there."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.days import claims, closed_day
from takatuf.kernel import traces
from takatuf.kernel.models import TraceLink, Transition, TransitionNote
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import record
from takatuf.needs import commands as needs
from takatuf.needs.tests.factories import words
from takatuf.opportunities.tests.factories import OpportunityFactory
from takatuf.registry import commands as registry
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
)
from takatuf.site.audit_words import ACTIONS
from takatuf.site.queries import audit
from takatuf.site.queries.subjects import TITLES, titles_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    person = OfficeFactory(body=BodyFactory(desk=True), role=Role.AUDITOR).person
    sign_in(client, person)
    return person


@pytest.fixture
def need():
    return needs.report_need(by=PersonFactory(full_name="Sara"), at=timezone.now(), **words())


def page(client, subject) -> str:
    return client.get(f"/en/log/{subject}/").content.decode()


def test_the_history_says_who_when_and_what_and_that_the_chain_is_whole(client, auditor, need):
    record(
        subject=need, action="edited", by=auditor, at=timezone.now(), reason="a word",
        changes={"title": ["old words", "new words"]},
    )  # fmt: skip

    shown = page(client, reference(need))

    for words_ in ("Sara", "Reported", "The chain is whole", "entries, each sealed", need.code,
                   "a word", "old words", "new words", "Waiting for the desk"):  # fmt: skip
        assert words_ in shown, words_


@pytest.mark.parametrize(
    ("name", "pair", "told"),
    [
        ("channel", ["email", "sms"], ("طريقة الإشعار", "البريد الإلكتروني", "رسالة نصية")),
        ("birth_date", ["", "2001-02-03"], ("تاريخ الميلاد", "السبت 3 فبراير 2001")),
        ("contact", ["…100", "…200"], ("وسيلة التواصل", "…100", "…200")),
    ],
)
def test_what_changed_is_told_in_the_readers_words(client, auditor, name, pair, told):
    record(
        subject=auditor, action="profile_changed", by=auditor, at=timezone.now(),
        changes={name: pair}, about=auditor,
    )  # fmt: skip

    shown = client.get(f"/log/{reference(auditor)}/").content.decode()

    assert all(words_ in shown for words_ in told)
    assert name not in shown


def test_a_moment_that_changed_is_told_in_words(client, auditor, need):
    record(
        subject=need, action="edited", by=auditor, at=timezone.now(),
        changes={"due_at": ["2031-02-03T13:00:00+00:00", None]},
    )  # fmt: skip

    shown = client.get(f"/log/{reference(need)}/").content.decode()

    assert "الاثنين 3 فبراير 2031 16:00" in shown
    assert "2031-02-03" not in shown


def test_what_changed_of_an_opportunity_names_what_it_refers_to(client, auditor):
    opportunity, place = OpportunityFactory(), GovernorateFactory()
    record(
        subject=opportunity, action="edited", by=auditor, at=timezone.now(),
        changes={"support": [[], ["meals", "tools"]], "accessible": [False, True],
                 "governorate_id": [None, place.pk], "imported_seats": [None, "12"]},
    )  # fmt: skip

    shown = client.get(f"/log/{reference(opportunity)}/").content.decode()

    for words_ in ("وجبات، أدوات وملابس", "نعم", place.name_ar, "المقاعد"):
        assert words_ in shown, words_
    assert "imported" not in shown


def test_a_note_changed_outside_takatuf_shows_where(client, auditor, need):
    record(subject=need, action="edited", by=auditor, at=timezone.now(), reason="a word")
    assert "The chain is broken" not in page(client, reference(need))
    TransitionNote.objects.update(reason="another word")

    shown = page(client, reference(need))

    assert "The chain is broken" in shown
    assert shown.count("the note was changed after it was written") == 1


def test_words_that_were_erased_do_not_break_the_chain(client, auditor, need):
    record(subject=need, action="edited", by=auditor, at=timezone.now(), reason="a word")
    TransitionNote.objects.all().delete()

    assert "The chain is whole" in page(client, reference(need))


def test_hours_have_their_own_ledger_and_it_is_read_here_too(client, auditor):
    day = closed_day()
    [claim, _other] = claims(day)

    shown = page(client, reference(claim))

    assert "The chain is whole" in shown
    assert str(day.manager) in shown
    assert "Confirmed" in shown


@pytest.mark.parametrize(
    "subject",
    ["needs.need:999999", "needs.need:x", "needs.need:", "no.such:1", "x", "a.b.c:1",
     "attendance.hourclaim:nonsense", "accounts.person:1%00"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, auditor, subject):
    assert client.get(f"/log/{subject}/").status_code == 404


def test_a_merge_names_whom_it_was_made_one_with_and_shows_no_reference(client, auditor):
    keep, drop = PersonFactory(full_name="Sara Kept"), PersonFactory(full_name="Sara Dropped")
    registry.merge_people(keep=keep, drop=drop, by=auditor, at=timezone.now())

    shown = page(client, reference(keep)) + client.get("/en/log/").content.decode()

    assert "Merged" in shown
    assert "one with" in shown
    assert "Sara Dropped" in shown
    assert str(drop.ref)[:18] not in shown


def test_what_came_without_a_word_has_an_empty_history(client, auditor):
    """Such as the far end of a link: past opportunities brought in as a heap."""
    shown = page(client, reference(OpportunityFactory(title="Old work")))

    assert "Old work" in shown
    assert "Nothing has been written about it" in shown
    assert "The chain is whole" not in shown


def test_the_log_lists_the_newest_and_narrows_to_a_kind(client, auditor, need):
    body = BodyFactory()
    record(subject=body, action="suspended", by=auditor, at=timezone.now())

    everything = client.get("/en/log/").content.decode()
    bodies = client.get("/en/log/?kind=registry.body").content.decode()

    assert reference(need) in everything
    assert reference(need) not in bodies
    assert reference(body) in bodies


def test_a_line_of_the_log_does_not_say_its_state_twice(auditor):
    opportunity = OpportunityFactory()
    for state, action in (("cancelled", "cancelled"), ("published", "published by the gate")):
        record(subject=opportunity, action=action, to_state=state, by=None, at=timezone.now())

    with translation.override("ar"):
        lines, _older = audit.latest(kind="opportunities.opportunity")
        told = {line.words: line.told for line in lines}
        assert told[str(ACTIONS["cancelled"])] == ""
        assert told[str(ACTIONS["published by the gate"])]


@pytest.mark.parametrize("query", ["?before=x", "?kind=nonsense", "?before=" + "9" * 40])
def test_nonsense_in_the_address_is_passed_over(client, auditor, query):
    assert client.get(f"/log/{query}").status_code == 200


def test_pages_of_the_log_follow_on_one_another(auditor, need):
    for _ in range(audit.PAGE + 5):
        record(subject=need, action="edited", by=auditor, at=timezone.now())

    first, older = audit.latest()
    rest, end = audit.latest(before=older)

    assert (len(first), len(rest), end) == (audit.PAGE, 6, 0)


def test_pages_ask_a_fixed_number_of_queries(
    client, auditor, need, django_assert_num_queries
):  # fmt: skip
    for _ in range(40):
        record(subject=need, action="edited", by=auditor, at=timezone.now())
    with django_assert_num_queries(8):
        client.get(f"/log/{reference(need)}/")
    with django_assert_num_queries(7):
        client.get("/log/")


READ = ["/log/", "/needs/queue/", "/imports/", "/desk/duplicates/", "/hours/approved/"]


@pytest.mark.parametrize("address", READ)
def test_an_auditor_reads_and_finds_nothing_to_press(client, auditor, need, address):
    claims(closed_day())

    answer = client.get(f"/en{address}")

    assert answer.status_code == 200
    content = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert 'method="post"' not in content
    assert "/reverse/" not in content


def test_an_auditor_changes_nothing(client, auditor, need):
    claim = claims(closed_day())[0]
    before = Transition.objects.count(), list(HourClaim.objects.values())

    for address in (
        f"/needs/{need.code}/decide/", f"/hours/{claim.pk}/reverse/", "/hours/approve/now/",
        reverse("registry:merge_propose"), "/log/", f"/log/{reference(need)}/",
    ):  # fmt: skip
        typed = {"reason": "x", "answer": "validate", "claim": str(claim.pk)}
        assert client.post(address, typed).status_code in (
            403, 404, 405,
        ), address  # fmt: skip

    assert (Transition.objects.count(), list(HourClaim.objects.values())) == before


@pytest.mark.parametrize("role", [Role.DESK, Role.REVIEWER])
def test_others_at_the_desk_do_not_read_the_log(client, need, role):
    sign_in(client, OfficeFactory(body=BodyFactory(desk=True), role=role).person)

    assert client.get("/log/").status_code == 403
    assert client.get(f"/log/{reference(need)}/").status_code == 403


def test_pages_lead_an_auditor_to_the_history_and_nobody_else(client, auditor):
    body = BodyFactory()
    link = f"/log/{reference(body)}/"
    assert link in client.get(f"/bodies/{body.code}/").content.decode()

    client.logout()
    assert link not in client.get(f"/bodies/{body.code}/").content.decode()


def test_the_log_says_what_each_line_is_about(client, auditor, need):
    office = OfficeFactory(body=BodyFactory(name_ar="جمعية الأثر", name_en="Athar Society"))
    record(subject=office, action="appointed", by=auditor, at=timezone.now())

    shown = client.get("/en/log/").content.decode()

    assert need.title in shown
    assert "Athar Society" in shown
    assert "جمعية الأثر" in client.get("/log/").content.decode()


@pytest.mark.parametrize("label", TITLES)
def test_every_title_is_read_from_a_field_that_is_there(label):
    assert titles_of([f"{label}:0"]) == {}


def test_a_person_has_no_title_in_the_log(need):
    assert titles_of([reference(need.reporter), reference(need)]) == {
        reference(need): need.title
    }


def test_what_an_object_is_linked_with_is_called_by_its_title(
    client, auditor, need, django_assert_num_queries
):
    linked = [OpportunityFactory(need=need, title=f"عمل يلبي الحاجة {n}") for n in range(3)]
    for row in linked:
        traces.link(row, TraceLink.Relation.ANSWERS, need, at=timezone.now())

    with django_assert_num_queries(9):
        shown = page(client, reference(need))

    for row in linked:
        assert f'<span dir="auto">{row.title}</span></a>' in shown

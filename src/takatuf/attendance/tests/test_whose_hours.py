"""Whose the hours of a sheet are: who is known by what, and what the ledger has already."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone, translation

from takatuf.attendance.importing import HoursImporter
from takatuf.attendance.models import HourClaim
from takatuf.imports.importers import Bad, Duplicate, Entry, New, Row, RunContext
from takatuf.kernel.errors import DomainError
from takatuf.kernel.identities import stored_id
from takatuf.kernel.references import reference
from takatuf.kernel.typography import hours_text
from takatuf.placement.tests.factories import application, manager_of, shift_role, volunteer
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

pytestmark = pytest.mark.django_db
NUMBERS = ["1000000008", "2000000006"]
DAY = date(2025, 1, 27)


def told(**values):
    """What a line of the sheet says."""
    return {
        "name": "فاطمة فهد الغامدي", "national_id": None, "mobile": None, "email": None,
        "title": "عمل", "date": DAY, "end_date": None, "start_time": time(9), "end_time": time(12),
        "minutes": 180,
    } | values  # fmt: skip


def given_to(body):
    return RunContext("hours", None, None, timezone.now(), reference(body), timezone.now())


def judge(body, **values):
    run, row = given_to(body), Row("ورقة", 3, told(**values))
    [outcome] = HoursImporter().prepare([row], run)
    return outcome, row, run


def known_to(body, name, **more):
    """Somebody who once had a place at the body."""
    person = volunteer(full_name=name, **more)
    application(role=shift_role(body=body), person=person)
    return person


def test_identity_mobile_and_email_name_people_anywhere():
    body, stored = BodyFactory(), stored_id(NUMBERS[0])
    person = volunteer(
        full_name="فاطمة فهد الغامدي", id_hash=stored.hash, id_last_three=stored.last_three,
        phone="+966551230009", email="f@example.org",
    )  # fmt: skip

    for values in (
        {"national_id": NUMBERS[0]}, {"mobile": "+966551230009"}, {"email": "f@example.org"},
    ):  # fmt: skip
        outcome, _row, _run = judge(body, **values)
        assert isinstance(outcome, New)
        assert outcome.data == person


def test_a_familys_mobile_is_no_proof():
    body = BodyFactory()
    volunteer(full_name="سعد الغامدي", phone="+966551230009")

    outcome, _row, _run = judge(body, mobile="+966551230009")

    assert isinstance(outcome, Bad)


def test_a_name_alone_names_somebody_of_the_body_only():
    body = BodyFactory()
    volunteer(full_name="فاطمة فهد الغامدي")
    assert isinstance(judge(body)[0], Bad)

    person = known_to(body, "فاطمة فهد الغامدي")
    outcome, _row, _run = judge(body)

    assert outcome.data == person


def test_two_of_one_name_are_a_question():
    body = BodyFactory()
    one, two = (known_to(body, "فاطمة فهد الغامدي") for _ in range(2))

    outcome, row, run = judge(body)

    assert isinstance(outcome, Duplicate)
    assert not outcome.may_differ
    assert {c.reference for c in outcome.candidates} == {reference(one), reference(two)}
    ref = HoursImporter().merge(row, reference(two), run)
    assert reference(HourClaim.objects.get(person=two)) == ref


def test_a_like_name_and_an_unknown_number_are_a_question():
    body = BodyFactory()
    person = known_to(body, "فاطمه فهد الغامدى")

    outcome, row, run = judge(body, national_id=NUMBERS[1])

    assert [c.reference for c in outcome.candidates] == [reference(person)]
    with pytest.raises(DomainError):  # it cannot be somebody else, who is not known
        HoursImporter().apply([Entry(row)], run)


def test_a_body_sees_no_more_of_people_than_it_needs():
    body = BodyFactory()
    known_to(body, "فاطمة فهد الغامدي", phone="+966551230009", email="f@example.org")
    known_to(body, "فاطمة فهد الغامدي")

    outcome, _row, run = judge(body)
    manager = RunContext("hours", None, manager_of(body), run.at, run.acting_body, run.at)
    [seen] = HoursImporter().prepare([_row], manager)

    assert outcome.candidates[0].title == "فاطمة فهد الغامدي"
    assert "الغامدي" not in seen.candidates[0].title
    assert "0009" not in str(seen.candidates[0].facts.get("mobile", ""))[:-4]


# ---------------------------------------------------------------- hours known already
def test_hours_at_the_same_time_are_a_question_and_never_doubled_alone():
    body = BodyFactory()
    person = known_to(body, "فاطمة فهد الغامدي")
    _outcome, row, run = judge(body)
    HoursImporter().apply([Entry(row)], run)
    [claim] = HourClaim.objects.all()

    again, row, run = judge(body, start_time=time(10), end_time=time(13))

    assert isinstance(again, Duplicate)
    assert again.may_differ
    with translation.override("en"):
        assert str(again.candidates[0].facts["minutes"]) == hours_text(claim.minutes)
        assert hours_text(claim.minutes).endswith(" hours")
    assert HoursImporter().merge(row, again.candidates[0].reference, run) == reference(claim)
    assert HourClaim.objects.get(person=person) == claim


# ---------------------------------------------------------------- who may, and how fast
def test_managers_heads_and_the_desk_import():
    importer, at = HoursImporter(), timezone.now()
    body = BodyFactory()

    for role in ("unit_manager", "body_head"):
        person = OfficeFactory(body=body, role=role).person
        [found] = importer.bodies_for(person, at=at)
        assert found.reference == reference(body)
    for person in (volunteer(), OfficeFactory(body=body, role="reviewer").person):
        assert not importer.bodies_for(person, at=at)


@pytest.mark.parametrize("rows", [3, 120])
def test_many_rows_cost_as_many_queries_as_few(rows, django_assert_max_num_queries):
    stored = stored_id(NUMBERS[0])
    volunteer(
        full_name="فاطمة فهد الغامدي", id_hash=stored.hash, id_last_three=stored.last_three
    )
    run, importer = given_to(BodyFactory()), HoursImporter()
    alone = {"start_time": None, "end_time": None, "minutes": 60, "national_id": NUMBERS[0]}
    lines = [Row("ورقة", n, told(date=DAY - timedelta(days=n), **alone)) for n in range(rows)]

    with django_assert_max_num_queries(12):
        outcomes = importer.prepare(lines, run)
        importer.apply(
            [Entry(row, o.data) for row, o in zip(lines, outcomes, strict=True)], run
        )
    assert HourClaim.objects.count() == rows

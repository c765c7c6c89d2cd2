"""What `manage.py check_invariants` is worth: every registered invariant finds a corruption.

Each case makes rows as the product does, asks the invariant (silent), spoils something behind
the product's back, past triggers and constraints where they stand in the way, and asks again.
An invariant without a case fails the build.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from takatuf.accounts.tests import factories as accounts
from takatuf.attendance import commands as attendance
from takatuf.attendance.models import HourClaim, Presence
from takatuf.attendance.tests import days
from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.tests import factories as credentials
from takatuf.imports.models import ImportRun
from takatuf.kernel import evidence, search, traces, transitions
from takatuf.kernel.models import Job, JobStatus, Message, TraceLink
from takatuf.kernel.registries import invariants
from takatuf.kernel.sequences import issue_number
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole
from takatuf.opportunities.tests import factories as opportunities
from takatuf.placement import commands as placement_commands
from takatuf.placement.models import Application, Proposal, Round
from takatuf.placement.tests import factories as placement
from takatuf.placement.tests import rounds
from takatuf.registry.enums import Role
from takatuf.registry.models import Body, Concern, Office, VolunteerProfile
from takatuf.registry.tests import factories as registry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CASES: dict[str, Callable[[], Iterator[None]]] = {}


def case(name: str):
    """Above a generator: sound rows before its ``yield``, the damage after."""
    return lambda function: CASES.setdefault(name, function)


# ---------------------------------------------------------------- behind the product's back
def spoil(sql: str, *, table: str, check: str = "", unique: str = "") -> None:
    """Run ``sql`` without the table's triggers and the constraint that would refuse it."""
    with connection.cursor() as cursor, _without(cursor, table, check, unique):
        cursor.execute(sql)
        assert cursor.rowcount > 0, "the damage touched nothing"


@contextmanager
def _without(cursor, table: str, check: str, unique: str):
    if unique:
        cursor.execute(f"DROP INDEX {unique}")
    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"PRAGMA ignore_check_constraints = {'ON' if check else 'OFF'}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    if check:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")


# ---------------------------------------------------------------- kernel
def ended_job(**fields) -> Job:
    now = timezone.now()
    given = {
        "task": "t", "status": JobStatus.DONE, "enqueued_at": now - HOUR, "attempts": 1,
        "run_after": now - HOUR, "started_at": now - HOUR, "finished_at": now, "worker": "one",
    }  # fmt: skip
    return Job.objects.create(**given | fields)


@case("no job is held by a dead worker")
def _lease():
    lease = {"status": JobStatus.RUNNING, "finished_at": None}
    job = ended_job(**lease, lease_until=timezone.now() + HOUR)
    yield
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - HOUR)


@case("jobs keep the order of their times")
def _times():
    job = ended_job()
    yield
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - 2 * HOUR)


@case("every waiting message has a job")
def _message():
    at = timezone.now()
    yield
    Message.objects.create(
        channel="email", address="x@example.org", template="accounts.code", language="ar",
        subject="س", body="س", not_before=at, created_at=at,
    )  # fmt: skip


@case("the search index holds what its table holds")
def _index():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes in step itself")
    need = NeedFactory()
    search.put(need, kind="x", title="تشجير", url="/", at=timezone.now())
    yield
    spoil("DELETE FROM kernel_searchdocument", table="kernel_searchdocument")


@case("kept evidence is what was handed in")
def _evidence():
    file = SimpleUploadedFile("licence.pdf", b"%PDF-1.7 as handed in")
    row = evidence.keep(
        subject=NeedFactory(), title="ترخيص", by=None, at=timezone.now(), file=file
    )
    yield
    Path(row.file.path).write_bytes(b"%PDF-1.7 another")


@case("what answers a need is traced to it")
def _answers():
    made = opportunities.opportunity(need=NeedFactory(), published=True)
    traces.link(made, TraceLink.Relation.ANSWERS, made.need, at=timezone.now())
    yield
    spoil("DELETE FROM kernel_tracelink", table="kernel_tracelink")


def two_entries() -> None:
    need = NeedFactory()
    for at in (timezone.now(), timezone.now() + HOUR):
        transitions.record(subject=need, action="seen", by=None, at=at, reason="سبب")


@case("transition chains are whole")
def _chain():
    two_entries()
    yield
    table = "kernel_transition"
    spoil(f"UPDATE {table} SET action = 'another' WHERE position = 1", table=table)  # noqa: S608


@case("sequences have no gaps")
def _gap():
    need = NeedFactory()
    for _ in range(3):
        issue_number(kind="proof", at=timezone.now(), subject=need)
    yield
    table = "kernel_issuednumber"
    spoil(f"DELETE FROM {table} WHERE number = 2", table=table)  # noqa: S608


# ---------------------------------------------------------------- accounts
@case("guardian consents belong to minors")
def _consent():
    minor = accounts.person(birth_date=timezone.localdate() - timedelta(days=16 * 365))
    ends = timezone.localdate() + timedelta(days=300)
    accounts.consent(minor, status="given", answered_at=timezone.now(), expires_on=ends)
    yield
    type(minor).objects.filter(pk=minor.pk).update(birth_date="1990-01-01")


@case("verified e-mails are their person's own")
def _email():
    person = accounts.person()
    yield
    type(person).objects.filter(pk=person.pk).update(email="another@example.org")


# ---------------------------------------------------------------- registry
@case("verified bodies have a head who was appointed")
def _headless():
    registry.OfficeFactory(role=Role.BODY_HEAD)
    yield
    Office.objects.filter(role=Role.BODY_HEAD).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate()
    )


@case("the region has one desk, and regional offices are in it")
def _astray():
    registry.OfficeFactory(role=Role.DESK, body=registry.BodyFactory(desk=True))
    yield
    Body.objects.update(is_desk=False)


@case("team leaders and members are in teams of their body")
def _foreign_team():
    team = registry.TeamFactory()
    office = registry.OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team)
    yield
    Office.objects.filter(pk=office.pk).update(body=registry.BodyFactory())


@case("registry roll-ups are possible figures")
def _figures():
    registry.VolunteerFactory(total_minutes=60, recent_minutes=60)
    yield
    VolunteerProfile.objects.update(recent_minutes=90)


@case("concerns keep their clock")
def _clock():
    concern = registry.ConcernFactory()
    yield
    Concern.objects.filter(pk=concern.pk).update(due_at=concern.reported_at - HOUR)


# ---------------------------------------------------------------- credentials
@case("certificates say what was signed off")
def _snapshot():
    made = credentials.certificate()
    yield
    Certificate.objects.filter(pk=made.pk).update(snapshot=made.snapshot | {"minutes": 6000})


@case("certificates and their serials belong together")
def _serial():
    made = credentials.certificate()
    yield
    Certificate.objects.filter(pk=made.pk).update(serial="TK-2026-000099")


@case("cards and their numbers belong together")
def _card():
    made = credentials.card()
    yield
    IdCard.objects.filter(pk=made.pk).update(number="TC-2026-000099")


@case("one valid certificate per person and subject")
def _valid_twice():
    first = credentials.certificate()
    credentials.certificate(holder=first.holder, body=first.body, minutes=900)
    yield
    spoil(
        "UPDATE credentials_certificate SET status = 'valid', revoked_at = NULL, "
        "revoke_reason = ''",
        table="credentials_certificate",
        check="certificate_revoked_says_why_and_when",
        unique="certificate_one_valid_per_subject",
    )


# ---------------------------------------------------------------- sheets read and needs
def import_run(**fields) -> ImportRun:
    at = timezone.now()
    given = {"kind": "people", "by": accounts.person(), "created_at": at, "touched_at": at}
    return ImportRun.objects.create(**given | fields)


@case("imports count their rows right")
def _count():
    run = import_run(status="done", finished_at=timezone.now())
    yield
    ImportRun.objects.filter(pk=run.pk).update(bad=2, processed=2)


@case("forgotten imports hold no cells")
def _cells():
    run = import_run(status="done", finished_at=timezone.now(), forgotten_at=timezone.now())
    yield
    ImportRun.objects.filter(pk=run.pk).update(sample=[["سالم"]])


@case("merged needs lead to a living one")
def _merged():
    into = NeedFactory(validated=True)
    at = timezone.now()
    NeedFactory(status="merged", merged_into=into, decided_at=at)
    yield
    other = NeedFactory(validated=True)
    type(into).objects.filter(pk=into.pk).update(status="merged", merged_into=other)


# ---------------------------------------------------------------- opportunities, placement
@case("opportunities count the seats of their planned shifts")
def _seats():
    made = opportunities.published(at=timezone.now())
    yield
    Opportunity.objects.filter(pk=made.pk).update(seats_taken=3)


@case("what lists show is what the rows say")
def _listed():
    made = opportunities.published(at=timezone.now())
    yield
    Opportunity.objects.filter(pk=made.pk).update(listed=False)


@case("what is over has no shift to come")
def _over():
    made = opportunities.published(at=timezone.now())
    other = opportunities.published(at=timezone.now())
    yield
    Shift.objects.filter(pk=made.shifts.all()[0].pk).update(
        status="moved", reason="س", moved_to=other.shifts.all()[0]
    )


@case("closed bodies have no open opportunities")
def _open_under_closed():
    made = opportunities.published(at=timezone.now())
    yield
    Body.objects.filter(pk=made.body_id).update(status="closed")


@case("seats taken are the places held")
def _held():
    role = placement.application().shift_role
    yield
    ShiftRole.objects.filter(pk=role.pk).update(taken=2)


@case("places belong to the opportunity of their shift")
def _misplaced():
    place, other = placement.application(), placement.shift_role()
    yield
    Application.objects.filter(pk=place.pk).update(shift_role=other)


@case("rounds are what their plans say")
def _round():
    made = worked_out_round()
    yield
    Proposal.objects.filter(round=made).first().delete()


@case("approved proposals are places of the same person and role")
def _approved():
    made = worked_out_round()
    yield
    Proposal.objects.filter(round=made).update(
        status="approved", application=placement.application(), decided_at=timezone.now()
    )


def approved_round() -> Round:
    made = worked_out_round()
    for row in Proposal.objects.filter(round=made):
        manager = placement.manager_of(row.body)
        placement_commands.approve_proposal(proposal_id=row.pk, by=manager, at=timezone.now())
    return made


@case("approved proposals hold a place, and ended ones none")
def _approved_holds():
    made = approved_round()
    yield
    at = timezone.now()
    Application.objects.filter(proposal__round=made).update(status="withdrawn", ended_at=at)


@case("no round approves somebody for two places at one time")
def _in_two_places():
    rounds.place(9, seats=1)
    rounds.place(15, seats=1)
    rounds.agreed()
    made = rounds.solved()
    first, second = Proposal.objects.filter(round=made)
    for row in (first, second):
        manager = placement.manager_of(row.body)
        placement_commands.approve_proposal(proposal_id=row.pk, by=manager, at=timezone.now())
    yield
    Shift.objects.filter(pk=second.shift_id).update(
        starts_at=first.shift.starts_at, ends_at=first.shift.ends_at
    )


@case("rounds propose no more people than seats")
def _overproposed():
    made = approved_round()
    yield
    spoil(
        f"UPDATE placement_roundplace SET seats = 0 WHERE round_id = {made.pk}",  # noqa: S608
        table="placement_roundplace", check="round_place_is_not_overfilled",
    )  # fmt: skip


@case("rounds stand as their proposals do")
def _decided():
    made = approved_round()
    yield
    Round.objects.filter(pk=made.pk).update(status="proposed")


@case("places to be covered are somebody's")
def _cover():
    place = placement.application()
    placement_commands.ask_for_cover(
        application_id=place.pk, by=place.person, at=timezone.now()
    )
    yield
    Application.objects.filter(pk=place.pk).update(status="withdrawn", ended_at=timezone.now())


def worked_out_round() -> Round:
    rounds.place(seats=1)
    rounds.agreed()
    return rounds.solved()


# ---------------------------------------------------------------- attendance
def approved_day() -> days.Day:
    day = days.closed_day(1)
    attendance.approve_hours(
        claim_ids=[claim.pk for claim in days.claims(day)], by=day.colleague, at=days.LATER
    )
    return day


@case("hour claims mirror their last ledger line")
def _mirror():
    approved_day()
    yield
    HourClaim.objects.update(minutes=600)


@case("the hours ledger is whole")
def _ledger():
    approved_day()
    yield
    table = "attendance_hourentry"
    spoil(f"UPDATE {table} SET evidence = 'scanned'", table=table)  # noqa: S608


@case("nobody approves hours of their own")
def _self_approved():
    approved_day()
    yield
    spoil(
        "UPDATE attendance_hourentry SET actor = beneficiary",
        table="attendance_hourentry",
        check="hour_entry_nobody_approves_their_own",
    )


@case("volunteers' totals are what the ledger counts")
def _totals():
    day = approved_day()
    yield
    VolunteerProfile.objects.filter(person=day.places[0].person).update(total_minutes=1)


@case("marks on day sheets and outcomes of places agree")
def _marks():
    day = days.closed_day(1)
    yield
    Application.objects.filter(pk=day.places[0].pk).update(status="no_show")


@case("nobody is still there on a closed day sheet")
def _still_there():
    day = days.closed_day(1)
    yield
    Presence.objects.filter(pk=day.presence().pk).update(status="present", left_at=None)


# ---------------------------------------------------------------- asking
def test_every_invariant_has_a_corruption_to_find():
    assert set(CASES) == {name for name, _check in invariants}


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_corruption_is_found(name):
    steps = CASES[name]()
    next(steps)
    assert list(invariants[name]()) == [], "broken before anything was spoilt"

    assert next(steps, "done") == "done"

    assert list(invariants[name]()), "the corruption was not found"
    with pytest.raises(CommandError, match="broken"):
        call_command("check_invariants", only=name, stdout=StringIO())

"""More of everything a page lists, around one body, by plain bulk rows.

Rows are copies of the demo's own with what must differ made new, so that they hold every
constraint. No command runs and no event is told: the pages only read them.
"""

import itertools
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models

from takatuf.accounts.models import BirthDateRequest, RecoveryRequest
from takatuf.attendance.models import HourClaim, Presence
from takatuf.credentials.models import Certificate, IdCard
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.kernel import signed_links
from takatuf.kernel.models import Job, Message, SearchDocument, Transition
from takatuf.kernel.references import reference
from takatuf.needs.links import FOLLOW
from takatuf.needs.models import Need
from takatuf.opportunities import links as opportunity_links
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole
from takatuf.placement import links as placement_links
from takatuf.placement.models import Application, Cover, CoverAsk, Round
from takatuf.registry import links as registry_links
from takatuf.registry.enums import Basis
from takatuf.registry.models import (
    Body,
    BodyFigures,
    Concern,
    Invitation,
    Office,
    PersonMerge,
    Skill,
    SkillGrant,
    TeamMember,
    TeamRequest,
    Unit,
    VolunteerProfile,
)

_numbers = itertools.count(1)


def copies(row: Any, count: int, **given: Any) -> list[Any]:
    """So many rows like this one; a function among ``given`` gets 0, 1, 2…"""
    model = type(row)
    kept = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    }
    made = []
    for number in range(count):
        values = kept | {field.attname: fresh(field) for field in alone(model)}
        values |= {k: v(number) if callable(v) else v for k, v in given.items()}
        made.append(model(**values))
    return model._base_manager.bulk_create(made)


def alone(model: type[models.Model]) -> Iterable[models.Field]:
    """Columns whose value no other row may have."""
    return (f for f in model._meta.concrete_fields if f.unique and not f.primary_key)


def fresh(field: models.Field) -> Any:
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if field.null:
        return None
    return f"x{next(_numbers)}"


class Growth:
    """Adds to a region (``tests.asked_region.Region``) what its pages list."""

    def __init__(self, region: Any, at: datetime):
        self.region, self.at, self.body = region, at, region.body
        self.holder = region.place.person
        self.days = itertools.count(1)

    def more(self, count: int) -> None:
        self.people = copies(
            self.holder, count,
            email=lambda _: f"grown{next(_numbers)}@example.org", is_demo=False,
            birth_date=lambda n: self.holder.birth_date - timedelta(days=n // 2),
        )  # fmt: skip
        profile = VolunteerProfile.objects.get(person=self.holder)
        copies(profile, count, person_id=self._person)
        self._bodies(count)
        self._teams_and_staff(count)
        self._opportunities(count)
        self._shifts_and_places(count)
        self._hours(count)
        self._papers(count)
        self._desk(count)
        self._rounds(count)
        self._trace(count)

    def _person(self, number: int) -> int:
        return self.people[number].pk

    def _bodies(self, count: int) -> None:
        bodies = copies(self.body, count, licence_number=lambda _: f"L{next(_numbers)}")
        figures = BodyFigures.objects.filter(body=self.body).first() or BodyFigures()
        copies(figures, count, body_id=lambda n: bodies[n].pk)
        waiting = Body.objects.filter(status="registered")[0]
        copies(waiting, count, licence_number=lambda _: f"L{next(_numbers)}")

    def _teams_and_staff(self, count: int) -> None:
        teams = copies(self.region.team, count)
        copies(Unit(body=self.body), count, name=lambda _: f"وحدة {next(_numbers)}")
        member = TeamMember.objects.filter(team=self.region.team)[0]
        copies(member, count, person_id=self._person, left_on=None, shows_name=True)
        copies(member, count, person_id=self.holder.pk, team_id=lambda n: teams[n].pk)
        asked = TeamRequest(team=self.region.team, asked_at=self.at)
        copies(asked, count, person_id=self._person)
        office = Office.objects.filter(body=self.body, role="unit_manager")[0]
        copies(office, count, person_id=self._person)
        copies(Invitation.objects.order_by("-pk")[0], count)

    def _opportunities(self, count: int) -> None:
        shown = copies(self.region.opportunity, count)
        place, part = self.region.place, self.region.place.shift_role
        roles = copies(part.role, count, opportunity_id=lambda n: shown[n].pk)
        shifts = copies(place.shift, count, opportunity_id=lambda n: shown[n].pk)
        seats = copies(
            part, count, shift_id=lambda n: shifts[n].pk, role_id=lambda n: roles[n].pk
        )
        own = copies(
            place, count, batch=lambda _: uuid.uuid4(), opportunity_id=lambda n: shown[n].pk,
            shift_id=lambda n: shifts[n].pk, shift_role_id=lambda n: seats[n].pk,
        )  # fmt: skip
        copies(Cover(made_at=self.at), count // 2, application_id=lambda n: own[n].pk)
        draft = Opportunity.objects.get(code=self.region.names["draft"])
        copies(draft, count)
        self._rows_of(draft, count)
        other = self.region.cast["other_manager"]
        elsewhere = Office.objects.filter(person=other, role="unit_manager")[0].body_id
        copies(
            draft, count, status="in_review", submitted_at=self.at, title="غرس",
            body_id=elsewhere, created_by_id=other.pk, submitted_by_id=other.pk,
        )  # fmt: skip

    def _rows_of(self, draft: Opportunity, count: int) -> None:
        """Roles and shifts of one opportunity."""
        part = self.region.place.shift_role
        roles = copies(part.role, count, opportunity_id=draft.pk,
                       title=lambda _: f"دور {next(_numbers)}")  # fmt: skip
        shifts = self._shifts(draft, count)
        copies(part, count, shift_id=lambda n: shifts[n].pk, role_id=lambda n: roles[n].pk)

    def _shifts(self, opportunity: Opportunity, count: int) -> list[Shift]:
        days = [timedelta(days=next(self.days)) for _ in range(count)]
        shift = self.region.place.shift
        return copies(
            shift, count, opportunity_id=opportunity.pk,
            starts_at=lambda n: shift.starts_at + days[n],
            ends_at=lambda n: shift.ends_at + days[n],
        )  # fmt: skip

    def _shifts_and_places(self, count: int) -> None:
        """Of the opportunity asked about: shifts, and people who ask for one or have it."""
        place, opportunity = self.region.place, self.region.opportunity
        shifts = self._shifts(opportunity, count)
        seats = copies(place.shift_role, count, shift_id=lambda n: shifts[n].pk)
        theirs = copies(
            place, count, batch=lambda _: uuid.uuid4(), person_id=self._person,
            shift_id=lambda n: shifts[n].pk, shift_role_id=lambda n: seats[n].pk,
        )  # fmt: skip
        covers = copies(Cover(made_at=self.at), count, application_id=lambda n: theirs[n].pk)
        ask = CoverAsk(person=self.holder, place=place, asked_at=self.at)
        copies(ask, count, cover_id=lambda n: covers[n].pk)
        ShiftRole.objects.filter(pk=place.shift_role_id).update(seats=500)
        third = count // 3  # the last third is left to be invited
        for first, status in ((0, "confirmed"), (third, "applied")):
            copies(
                place, third, status=status, batch=lambda _: uuid.uuid4(),
                person_id=lambda n, first=first: self._person(first + n),
            )  # fmt: skip

    def _hours(self, count: int) -> None:
        place = Application.objects.filter(
            opportunity=self.region.opportunity, status="confirmed"
        )
        sat = place.filter(presence__isnull=True).exclude(person=self.holder)[:count]
        came = [
            Presence(
                application=row, person_id=row.person_id, shift_id=row.shift_id, status="left",
                came_at=self.at - timedelta(hours=4), left_at=self.at,
            )
            for row in sat
        ]  # fmt: skip
        Presence.objects.bulk_create(came)
        claim = HourClaim.objects.get(pk=self.region.names["claim"])
        for person in (self._person, lambda _: self.holder.pk):
            for state in ("claimed", "confirmed", "approved"):
                copies(
                    claim, count, id=lambda _: uuid.uuid4(), presence_id=None, person_id=person,
                    opportunity_id=self.region.opportunity.pk, state=state, evidence="leader",
                    started_at=self.at - timedelta(hours=5), ended_at=self.at,
                )  # fmt: skip

    def _papers(self, count: int) -> None:
        certificate = Certificate.objects.get(serial=self.region.names["serial"])
        copies(certificate, count, subject=lambda _: f"opportunities.opportunity:{-next(_numbers)}",
               code=lambda _: f"C{next(_numbers):09}")  # fmt: skip
        day = self.at.date()
        card = IdCard(body=self.body, valid_from=day, valid_until=day + timedelta(days=90),
                      issued_by=self.region.manager, issued_at=self.at, printed_name="سالم")  # fmt: skip
        copies(card, count // 2, holder_id=self._person)
        skill = Skill.objects.order_by("pk")[0]
        grant = SkillGrant(person=self.holder, skill=skill, level=1, basis=Basis.DECLARED,
                           granted_at=self.at)  # fmt: skip
        skills = copies(skill, count)
        copies(grant, count, skill_id=lambda n: skills[n].pk)
        run = ImportRun.objects.get(pk=self.region.names["run"])
        copies(run, count)
        row = ImportRow(run=run, sheet=0, outcome="bad", reason="ناقص", cells=["سالم"])
        copies(row, count, line=lambda _: 1000 + next(_numbers))
        twin = ImportRow(run=run, sheet=0, outcome="duplicate", reason="مكرر", cells=["سالم"])
        copies(twin, count, line=lambda _: 1000 + next(_numbers))

    def _desk(self, count: int) -> None:
        for status in ("validated", "reported"):
            copies(Need.objects.filter(status=status)[0], count, reporter_id=self.holder.pk)
        concern = Concern.objects.get(pk=self.region.names["concern"])
        copies(concern, count)
        lost = RecoveryRequest(claimed_name="سالم", claimed_contact="a@example.org",
                               new_contact="b@example.org", name_matches=True,
                               birth_date_matches=True, asked_at=self.at)  # fmt: skip
        copies(lost, count, person_id=self._person)
        wrong = BirthDateRequest(birth_date=self.at.date(), explanation="خطأ", asked_at=self.at)
        copies(wrong, count, person_id=self._person)
        merge = PersonMerge(reason="مكرر", proposed_by=self.region.manager, proposed_at=self.at)
        copies(merge, count // 2, keep_id=lambda n: self._person(2 * n),
               drop_id=lambda n: self._person(2 * n + 1))  # fmt: skip

    def _rounds(self, count: int) -> None:
        copies(Round.objects.get(pk=self.region.names["round"]), count)

    def _trace(self, count: int) -> None:
        """Messages, history, what search knows, other devices, and jobs that failed."""
        message = Message(
            channel="in_app", template="x", language="ar", subject="خبر", body="نص",
            status="sent", sent_at=self.at, created_at=self.at, not_before=self.at,
            in_inbox=True,
        )  # fmt: skip
        for person in self.region.cast.values():
            if person is not None:
                copies(message, count, person_id=person.pk)
        for row in (self.region.opportunity, self.body):
            last = Transition.objects.filter(subject=reference(row)).order_by("-position")[0]
            copies(
                last,
                count,
                actor=self.region.manager.ref,
                position=lambda n, last=last: last.position + 1 + n,
            )
        found = SearchDocument.objects.filter(audience="public").order_by("pk")[0]
        copies(found, count, reference=lambda _: f"registry.body:{10**6 + next(_numbers)}")
        device = UserSession(user=self.holder, ip="127.0.0.1", user_agent="x")
        held = SessionStore().encode({HASH_SESSION_KEY: self.holder.get_session_auth_hash()})
        until = self.at + timedelta(days=9)
        devices = copies(device, count)
        Session.objects.bulk_create(
            Session(session_key=device.session_key, expire_date=until, session_data=held)
            for device in devices
        )  # fmt: skip
        job = Job(task="x.y", enqueued_at=self.at, run_after=self.at, status="failed",
                  finished_at=self.at, error="no")  # fmt: skip
        copies(job, count)

    # ------------------------------------------------------------ what addresses name
    def names(self) -> dict[str, object]:
        """As ``Region.names``, for rows only the growth has."""
        return {
            "search": SearchDocument.objects.filter(audience="public").order_by("pk")[0].title,
        }

    def links(self) -> dict[str, dict[str, str]]:
        """The signed links, by the page they open."""
        given = Invitation.objects.filter(body=self.body).order_by("-pk")[0]
        need = Need.objects.filter(status="reported")[0]
        made = {
            "registry:invitation": (registry_links.INVITATION, {"i": given.pk}),
            "registry:team_join": (registry_links.TEAM, {"t": self.region.team.pk}),
            "opportunities:still_stands": (
                opportunity_links.STILL_STANDS,
                {
                    "opportunity": self.region.opportunity.pk,
                    "person": self.region.manager.pk,
                    "until": self.region.opportunity.reconfirm_by.isoformat(),
                },
            ),
            "placement:answer": (
                placement_links.PURPOSE,
                {"application": self.region.place.pk},
            ),
            "placement:asked": (
                placement_links.ASK,
                {"ask": CoverAsk.objects.filter(place__isnull=False).order_by("pk")[0].pk},
            ),
            "needs:follow": (FOLLOW, {"need": need.pk}),
        }
        return {
            page: {"no-such-token": signed_links.make(purpose, payload, at=self.at)}
            for page, (purpose, payload) in made.items()
        }

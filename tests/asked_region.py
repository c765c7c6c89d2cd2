"""The demo's region with one body at the centre: whom to ask as, what the addresses name."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts.models import Person
from takatuf.attendance.models import HourClaim
from takatuf.credentials import commands as credentials
from takatuf.credentials.models import Certificate
from takatuf.imports import commands as imports
from takatuf.imports.models import ImportRun
from takatuf.kernel import evidence
from takatuf.kernel.models import Evidence
from takatuf.kernel.references import reference
from takatuf.needs.models import Need
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands as placement
from takatuf.placement.models import Application
from takatuf.registry import commands as registry
from takatuf.registry.models import Body, Concern, Invitation, Office, Skill, Team
from tests.planned_round import planned_by, round_of


@pytest.fixture
def region(demo_region):
    """The demo's region, with one body at the centre of the questions."""
    return Region()


class Region:
    """Whom to ask as, and what the addresses name."""

    def __init__(self):
        at = timezone.now()
        mail = lambda handle: Person.objects.get(email=f"{handle}@demo.example")  # noqa: E731
        self.manager, self.head, self.desk = mail("manager"), mail("head"), mail("desk")
        self.body = Office.objects.get(person=self.head, role="body_head").body
        self.team = Team.objects.filter(body=self.body, is_demo=True)[0]
        other = Body.objects.filter(status="active", is_demo=True).exclude(pk=self.body.pk)[4]
        place = Application.objects.filter(
            opportunity__body=self.body, status="confirmed", shift__status="planned"
        ).select_related("opportunity", "shift")
        self.place = place[0]
        self.opportunity = self.place.opportunity
        self.cast = {
            "visitor": None,
            "stranger": mail("minor"),
            "holder": self.place.person,
            "other_manager": Office.objects.filter(body=other, role="unit_manager")[0].person,
            "manager": self.manager,
            "head": self.head,
            "desk": self.desk,
            "auditor": mail("auditor"),
            "admin": mail("admin"),
        }
        self.names = self._names(at)

    def _names(self, at) -> dict[str, object]:
        registry.invite(body=self.body, role="unit_manager", contact="x@demo.example",
                        by=self.head, at=at)  # fmt: skip
        reported = registry.report_concern(
            kind="other", text="نص", by=self.place.person, at=at, about_body=None
        )
        concern = Concern.objects.order_by("-pk")[0]
        assert reported
        run = import_run_of(self.manager, self.body, at)
        claim = HourClaim.objects.filter(body=self.body).order_by("pk")[0]
        certificate = certificate_for(self)
        grant = placement.confirm_skill(
            person=self.place.person, skill=Skill.objects.all()[0], level=2, body=self.body,
            words="رأيناه", by=self.manager, at=at,
        )  # fmt: skip
        young = self.cast["stranger"]
        date_request = accounts.ask_birth_date(
            person=young, birth_date=young.birth_date.replace(year=1999), reason="خطأ",
            by=young, at=at,
        )  # fmt: skip
        return {
            "date_request": date_request.pk,
            "body": self.body.code,
            "waiting_body": Body.objects.get(status="registered").code,
            "office": Office.objects.filter(body=self.body, role="body_head")[0].pk,
            "invitation": Invitation.objects.order_by("-pk")[0].pk,
            "team": self.team.code,
            "member": self.team.members.all()[0].pk,
            "request": 1,
            "concern": concern.pk,
            "concern_number": concern.number,
            "merge": 1,
            "serial": certificate.serial,
            "holder": self.place.person.ref,
            "grant": grant.pk,
            "run": run.pk,
            "need": Need.objects.filter(status="validated")[0].code,
            "evidence": licence_of(Body.objects.get(status="registered")).pk,
            "need_reference": reference(Need.objects.filter(status="validated")[0]),
            "reported_need": Need.objects.filter(status="reported")[0].code,
            "opportunity": self.opportunity.code,
            "draft": self._draft().code,
            "shift": self.place.shift_id,
            "shift_role": self.place.shift_role_id,
            "application": self.place.pk,
            "claim": claim.pk,
            "round": round_of(self, at).pk,
            **planned_by(self, at),
            "draft_round": round_of(self, at).pk,
            "working_round": placement.start_round(
                matching_round=round_of(self, at), by=self.manager, at=at
            ).pk,
        }

    def _draft(self) -> Opportunity:
        return opportunities.create_draft(body=self.body, by=self.manager, at=timezone.now())


def import_run_of(person, body, at) -> ImportRun:
    sheet = ContentFile("الاسم,الجوال\nسالم العطوي,0551234567\n".encode(), name="people.csv")
    return imports.upload(
        kind="people", file=sheet, acting_body=f"registry.body:{body.pk}", by=person, at=at
    )


def licence_of(body) -> Evidence:
    file = SimpleUploadedFile("licence.pdf", b"%PDF-1.7 licence")
    return evidence.keep(subject=body, title="Licence", file=file, by=None, at=timezone.now())


def certificate_for(region) -> Certificate:
    """One of the body's own, for the holder of the place."""
    return credentials.issue_certificate(
        kind="volunteering", holder=region.place.person, body=region.body,
        subject=region.opportunity, by=region.manager, at=timezone.now(), is_demo=True,
        snapshot={
            "work": "غرس", "class": "general", "field_ar": "", "field_en": "", "place": "تبوك",
            "governorate_ar": "تبوك", "governorate_en": "Tabuk", "tasks": ["غرس"],
            "experience": "", "first_day": "2026-01-01", "last_day": "2026-01-02", "times": 1,
            "minutes": 60, "minutes_by_evidence": {"leader": 60},
            "opportunity": region.opportunity.code, "body_ar": region.body.name_ar,
            "body_en": region.body.name_en, "team": "",
        },
    )  # fmt: skip


def let_go(response) -> None:
    """Close a download's file, but not the test's own database connection with it."""
    for close in getattr(response, "_resource_closers", ()):
        close()

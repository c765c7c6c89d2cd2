"""The demo's region with one body at the centre: whom to ask as, what the addresses name."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts.links import consent_link
from takatuf.accounts.models import GuardianConsent, Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance.models import HourClaim, PeopleServed
from takatuf.credentials import commands as credentials
from takatuf.credentials.models import Certificate
from takatuf.imports import commands as imports
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.kernel import evidence
from takatuf.kernel.models import Evidence, Job
from takatuf.kernel.references import reference
from takatuf.needs.models import Need
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Opportunity, OpportunityRole
from takatuf.placement import commands as placement
from takatuf.placement.links import guardian_link
from takatuf.placement.models import Application, Covenant, Cover, CoverAsk
from takatuf.registry import commands as registry
from takatuf.registry.models import (
    Body,
    Concern,
    Invitation,
    Office,
    PersonMerge,
    Skill,
    Team,
)
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
        self.other = other
        place = Application.objects.filter(
            opportunity__body=self.body, status="confirmed", shift__status="planned"
        ).select_related("opportunity", "shift")
        self.place = place.filter(opportunity__team=None)[0]
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
            "reviewer": mail("reviewer"),
            "leader": mail("leader"),
            "guardian": None,
        }
        self.consent = GuardianConsent.objects.filter(status="given")[0]
        self.names = self._names(at) | records_of(self, at) | of_the_team(self)

    def browser(self, who: str) -> Client:
        """Signed in as far as they can be; a guardian has come by their link and asked for
        the code that answers it.
        """
        client = Client(raise_request_exception=False)
        if (person := self.cast[who]) is not None:
            sign_in(client, person)
        if who == "guardian":
            page = reverse("guardian_consent", args=[self.names["consent_token"]])
            assert client.post(page, {"action": "code"}).status_code == 302
        return client

    def _names(self, at) -> dict[str, object]:
        registry.invite(body=self.body, role="unit_manager", contact="x@demo.example",
                        by=self.head, at=at)  # fmt: skip
        reported = registry.report_concern(
            kind="other", text="نص", by=self.place.person, at=at, about_body=None
        )
        concern = Concern.objects.order_by("-pk")[0]
        assert reported
        run = import_run_of(self.manager, self.body, at)
        claim = HourClaim.objects.filter(body=self.body).exclude(opportunity=None)[0]
        # Its leader answers for the hours of a team's opportunity: these are the body's alone.
        Opportunity.objects.filter(pk=claim.opportunity_id).update(team=None)
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
            "request": self.team.requests.filter(accepted=None)[0].pk,
            "concern": concern.pk,
            "concern_number": concern.number,
            "serial": certificate.serial,
            "holder": self.place.person.ref,
            "grant": grant.pk,
            "run": run.pk,
            "duplicate": ImportRow.objects.create(
                run=run, sheet=0, line=2, outcome="duplicate", reason="مكرر", cells=["سالم"]
            ).pk,
            "need": Need.objects.filter(status="validated")[0].code,
            "evidence": licence_of(Body.objects.get(status="registered")).pk,
            "need_reference": reference(Need.objects.filter(status="validated")[0]),
            "reported_need": Need.objects.filter(status="reported")[0].code,
            "opportunity": self.opportunity.code,
            **self._draft(),
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

    def _draft(self) -> dict[str, object]:
        draft = opportunities.create_draft(body=self.body, by=self.manager, at=timezone.now())
        role = OpportunityRole.objects.create(opportunity=draft, title="غرس")
        return {"draft": draft.code, "draft_role": role.pk}


def records_of(region, at) -> dict[str, object]:
    """One of each thing that is somebody's: the holder's, unless its name says whose."""
    holder, day = region.place.person, at.date()
    card = credentials.issue_card(
        person_id=holder.pk, body=region.body, valid_from=day, is_demo=True,
        valid_until=day + timedelta(days=90), by=region.manager, at=at,
    )  # fmt: skip
    cover = Cover.objects.create(application=region.place, made_at=at)
    ask = CoverAsk.objects.create(cover=cover, person=region.cast["leader"], asked_at=at)
    recovery = accounts.ask_recovery(
        claimed_name=holder.full_name, claimed_contact=holder.email, id_last_three="",
        new_contact="lost@example.org", birth_date=None, explanation="ضاع الجوال",
        lost_second_factor=False, at=at,
    )  # fmt: skip
    merge = PersonMerge.objects.create(
        keep=holder, drop=region.cast["stranger"], reason="مكرر", proposed_at=at
    )
    covenant, _is_new = Covenant.objects.get_or_create(
        person=region.consent.minor, opportunity=region.opportunity,
        defaults={"text_version": "1", "signed_name": "لمى", "signed_at": at},
    )  # fmt: skip
    registry.report_concern(
        kind="other", text="نص", by=holder, at=at, about_body=Body.objects.get(is_desk=True)
    )
    token = lambda link: link.rstrip("/").rpartition("/")[2]  # noqa: E731
    return {
        "card": card.number,
        "card_code": card.code,
        "cover": cover.pk,
        "ask": ask.pk,
        "recovery": recovery.pk,
        "merge": merge.pk,
        "failed_job": Job.objects.filter(status="failed")[0].pk,
        "concern_about_desk": Concern.objects.order_by("-pk")[0].pk,
        "consent_token": token(consent_link(region.consent, at=at)),
        "covenant_token": token(
            guardian_link(covenant.person, covenant.opportunity, region.consent, at=at)
        ),
    }  # fmt: skip


def of_the_team(region) -> dict[str, object]:
    """What the team's leader runs; and what another body has handed in."""
    place = Application.objects.filter(
        opportunity__team=region.team, opportunity__body=region.body, status="confirmed"
    )[0]
    claim = HourClaim.objects.filter(opportunity__team=region.team, body=region.body)[0]
    for shift in (region.place.shift_id, place.shift_id):
        PeopleServed.objects.create(
            shift_id=shift, count=5, basis="عد", entered_at=timezone.now(),
            entered_by=region.cast["leader"],
        )  # fmt: skip
    return {
        "team_shift": place.shift_id,
        "team_application": place.pk,
        "team_claim": claim.pk,
        "reviewed": Opportunity.objects.filter(status="in_review")
        .exclude(body__in=[region.body, region.other])[0]
        .code,
    }


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

"""Who gets into which address: one table over every URL, asked as every kind of person.

An address that is not in the table fails the build. Whoever is not listed for an address must be
turned away (to the sign-in page, 403 or 404) by GET and by POST, and nothing may have changed.
"""

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.attendance.models import HourClaim
from takatuf.credentials import commands as credentials
from takatuf.credentials.models import Certificate
from takatuf.imports import commands as imports
from takatuf.imports.models import ImportRun
from takatuf.kernel import evidence
from takatuf.kernel.models import Evidence, Transition
from takatuf.kernel.references import reference
from takatuf.needs.models import Need
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands as placement
from takatuf.placement.models import Application
from takatuf.registry import commands as registry
from takatuf.registry.models import Body, Concern, Invitation, Office, Skill, Team
from tests.planned_round import planned_by, round_of

EVERYONE = {
    "visitor",
    "stranger",
    "holder",
    "other_manager",
    "manager",
    "head",
    "desk",
    "auditor",
    "admin",
}
SIGNED_IN = EVERYONE - {"visitor"}
BODY = {"manager", "head"}
HEAD, DESK, HOLDER = {"head"}, {"desk"}, {"holder"}
AUDITOR, ADMIN = {"auditor"}, {"admin"}
ANY_STAFF = {"other_manager", "manager", "head"}

OPPORTUNITY = {"code": "opportunity"}
SHIFT = {"code": "opportunity", "pk": "shift"}
SHEET = {"shift_id": "shift"}
ON_SHEET = {"shift_id": "shift", "application_id": "application"}
PLACE = {"pk": "application"}
TEAM = {"code": "team"}
PLAN = {"pk": "planned_round"}
WHOSE = {"role": "planned_role", "ref": "planned_person"}
LINK = {"token": "no-such-token"}

# name -> (who gets in, what the address names)
TABLE: dict[str, tuple[set[str], dict[str, str]]] = {
    # the kernel, the demo
    "kernel:ui": (EVERYONE, {}),
    "kernel:inbox": (SIGNED_IN, {}),
    "kernel:inbox_read": (SIGNED_IN, {}),
    "kernel:demo_outbox": (EVERYONE, {}),  # only where TAKATUF_DEMO is set
    "demo:people": (EVERYONE, {}),  # likewise
    # pages that join floors
    "site:home": (EVERYONE, {}),
    "site:figures": (EVERYONE, {}),
    "site:search": (EVERYONE, {}),
    "site:about": (EVERYONE, {}),
    "site:privacy": (EVERYONE, {}),
    "site:me": (SIGNED_IN, {}),
    "site:desk": (SIGNED_IN - {"stranger", "holder"}, {}),
    "site:opportunity": (EVERYONE, OPPORTUNITY),
    "site:running": (ADMIN, {}),
    "site:stuck": (DESK | ADMIN, {}),
    "site:stuck_answer": (DESK | ADMIN, {"kind": "job", "pk": "0", "act": "retry"}),
    "site:log": (AUDITOR | ADMIN, {}),
    "site:history": (AUDITOR | ADMIN, {"subject": "need_reference"}),
    # registry
    "registry:bodies": (EVERYONE, {}),
    "registry:teams": (EVERYONE, {}),
    "registry:body": (EVERYONE, {"code": "body"}),
    "registry:team": (EVERYONE, TEAM),
    "registry:body_new": (SIGNED_IN, {}),
    "registry:body_edit": (HEAD | DESK, {"code": "body"}),
    "registry:body_licence": (HEAD, {"code": "body"}),
    "registry:body_decide": (DESK, {"code": "waiting_body"}),
    "registry:body_evidence": (DESK, {"code": "waiting_body", "pk": "evidence"}),
    "registry:body_staff": (BODY | DESK, {"code": "body"}),
    "registry:office_end": (HEAD | DESK, {"code": "body", "pk": "office"}),
    "registry:unit_add": (HEAD, {"code": "body"}),
    "registry:invitation_revoke": (HEAD | DESK, {"code": "body", "pk": "invitation"}),
    "registry:team_new": (BODY, {"code": "body"}),
    "placement:guardian": (EVERYONE, LINK),
    "registry:invitation": (EVERYONE, LINK),
    "registry:team_join": (EVERYONE, LINK),
    "registry:team_edit": (BODY, TEAM),
    "registry:team_roster": (BODY, TEAM),
    "registry:team_decide": (BODY | DESK, TEAM),
    "registry:team_ask": (SIGNED_IN, TEAM),
    "registry:team_leave": (SIGNED_IN, TEAM),
    "registry:team_name": (SIGNED_IN, TEAM),
    "registry:member_remove": (BODY, TEAM | {"pk": "member"}),
    "registry:request_answer": (BODY, TEAM | {"pk": "request"}),
    "registry:welcome": (SIGNED_IN, {}),
    "registry:profile": (SIGNED_IN, {}),
    "registry:profile_edit": (SIGNED_IN, {}),
    "registry:profile_skills": (SIGNED_IN, {}),
    "registry:profile_availability": (SIGNED_IN, {}),
    "registry:profile_proposals": (SIGNED_IN, {}),
    "registry:import_note_clear": (SIGNED_IN, {}),
    "registry:concerns": (DESK | AUDITOR, {}),  # those about the desk are the auditor's
    "registry:concern": (DESK, {"pk": "concern"}),
    "registry:concern_new": (EVERYONE, {}),
    "registry:concern_follow": (EVERYONE, {}),
    "registry:concern_own": (HOLDER, {"number": "concern_number"}),
    "registry:bodies_waiting": (DESK, {}),
    "registry:licences": (DESK, {}),
    "registry:licence_end": (BODY | DESK, {"pk": "grant"}),
    "registry:duplicates": (DESK | AUDITOR, {}),
    "registry:merge_propose": (DESK, {}),
    "registry:merge_decide": (DESK, {"pk": "merge"}),
    # credentials
    "credentials:verify": (EVERYONE, {}),
    "credentials:check": (EVERYONE, {"code": "no-such-code"}),
    "credentials:mine": (SIGNED_IN, {}),
    "credentials:certificate_file": (HOLDER | BODY | DESK, {"serial": "serial"}),
    "credentials:certificate_revoke": (HEAD | DESK, {"serial": "serial"}),
    "credentials:card_file": (HOLDER | BODY | DESK, {"number": "no-such-card"}),
    "credentials:card_revoke": (BODY | DESK, {"number": "no-such-card"}),
    "credentials:body_cards": (BODY, {"code": "body"}),
    # imports: whoever may use an importer; a run is its body's
    "imports:home": (ANY_STAFF | DESK | AUDITOR, {}),
    "imports:upload": (ANY_STAFF | DESK, {"kind": "people"}),
    **{
        f"imports:{name}": (BODY | (AUDITOR if name == "run" else set()), {"number": "run"} | more)
        for name, more in {
            "run": {}, "columns": {}, "progress": {}, "start": {}, "stop": {},
            "download": {"outcome": "bad"}, "duplicate": {"row_number": "1"},
        }.items()
    },
    # needs
    "needs:list": (EVERYONE, {}),
    "needs:report": (EVERYONE, {}),
    "needs:queue": (DESK | AUDITOR, {}),
    "needs:follow": (EVERYONE, LINK),
    "needs:detail": (EVERYONE, {"code": "need"}),
    "needs:decide": (DESK, {"code": "reported_need"}),
    "needs:close": (DESK, {"code": "need"}),
    # opportunities
    "opportunities:list": (EVERYONE, {}),
    "opportunities:wish": (EVERYONE, {}),
    "opportunities:wish_confirm": (EVERYONE, LINK),
    "opportunities:wish_stop": (EVERYONE, LINK),
    "opportunities:studio": (ANY_STAFF, {}),
    "opportunities:start": (ANY_STAFF, {}),
    "opportunities:review_queue": (DESK, {}),
    "opportunities:manage": (BODY, {"code": "draft"}),
    "opportunities:preview": (BODY, {"code": "draft"}),
    "opportunities:submit": (BODY, {"code": "draft"}),
    "opportunities:act": (BODY, {"code": "draft", "act": "pause"}),
    "opportunities:move": (BODY, {"code": "draft"}),
    "opportunities:design": (BODY, {"code": "draft", "step": "work"}),
    "opportunities:role_save": (BODY, {"code": "draft"}),
    "opportunities:role_remove": (BODY, {"code": "draft", "pk": "1"}),
    "opportunities:shift_add": (BODY, {"code": "draft"}),
    "opportunities:shift": (BODY, SHIFT),
    "opportunities:shift_move": (BODY, SHIFT),
    "opportunities:shift_cancel": (BODY, SHIFT),
    "opportunities:shift_remove": (BODY, SHIFT),
    # placement
    "placement:answer": (EVERYONE, LINK),
    "placement:mine": (SIGNED_IN, {}),
    "placement:for_you": (SIGNED_IN, {}),
    "placement:calendar_all": (SIGNED_IN, {}),
    "placement:confirm": (HOLDER, PLACE),
    "placement:leave": (HOLDER, PLACE),
    "placement:cover_ask": (HOLDER, PLACE),
    "placement:cover_call_back": (HOLDER, PLACE),
    "placement:cover_take": (SIGNED_IN, {"pk": "0"}),
    "placement:calendar": (HOLDER, PLACE),
    "placement:joined": (SIGNED_IN, OPPORTUNITY),
    "placement:covenant": (SIGNED_IN, OPPORTUNITY),
    "placement:ask_skill": (SIGNED_IN, {}),
    "placement:person_skills": (BODY, {"code": "body", "ref": "holder"}),
    "placement:applicants": (BODY, OPPORTUNITY),
    "placement:accept_several": (BODY, OPPORTUNITY),
    "placement:accept": (BODY, OPPORTUNITY | PLACE),
    "placement:decline": (BODY, OPPORTUNITY | PLACE),
    "placement:invite": (BODY, OPPORTUNITY | {"pk": "shift_role"}),
    # matching rounds: a round is whoever's opened it; the desk and the auditor read all
    "placement:rounds": (ANY_STAFF | DESK | AUDITOR, {}),
    "placement:round_new": (ANY_STAFF | DESK, {}),
    "placement:round": (BODY | DESK | AUDITOR, PLAN),
    "placement:round_body": (BODY | DESK | AUDITOR, PLAN | {"code": "body"}),
    "placement:round_place": (BODY | DESK | AUDITOR, PLAN | {"role": "planned_role"}),
    "placement:round_why": (BODY | DESK | AUDITOR, PLAN | WHOSE),
    "placement:round_approve": (BODY, PLAN),
    "placement:round_what_if": (BODY | DESK | AUDITOR, PLAN),
    "placement:round_take": (BODY, PLAN | {"trial": "trial"}),
    "placement:proposal_approve": (BODY, PLAN | {"proposal": "proposal"}),
    "placement:proposal_reject": (BODY, PLAN | {"proposal": "proposal"}),
    "placement:round_progress": (BODY | DESK | AUDITOR, {"pk": "working_round"}),
    **{
        f"placement:round_{name}": (BODY, {"pk": "draft_round"})
        for name in ("change", "start", "cancel", "close")
    },
    # attendance
    "attendance:sheets": (SIGNED_IN, {}),  # the days one runs oneself; perhaps none
    "attendance:day_sheet": (BODY, SHEET),
    "attendance:mark": (BODY, SHEET),
    "attendance:row": (BODY, ON_SHEET),
    "attendance:times": (BODY, ON_SHEET),
    "attendance:note": (BODY, ON_SHEET),
    "attendance:close": (BODY, SHEET),
    "attendance:served": (BODY, SHEET),
    "attendance:approvals": (ANY_STAFF, {}),
    "attendance:approve": (ANY_STAFF, {}),
    "attendance:confirm_served": (BODY, SHEET),
    "attendance:mine": (SIGNED_IN, {}),
    "attendance:certificate": (SIGNED_IN, OPPORTUNITY),
    "attendance:approved": (HEAD | DESK | AUDITOR, {}),
    "attendance:confirm": (BODY, {"claim_id": "claim"}),
    "attendance:reject": (BODY, {"claim_id": "claim"}),
    "attendance:reverse": (HEAD | DESK, {"claim_id": "claim"}),
    # accounts: the way in is open, one's own account is one's own, the desk's queue the desk's
    **{
        name: (EVERYONE, {})
        for name in (
            "join", "join_code", "join_name", "account_login", "account_password_login",
            "account_signup", "account_inactive", "account_reset_password",
            "account_confirm_password_reset_code", "account_complete_password_reset",
            "account_password_reset_completed", "mfa_authenticate", "recover", "recover_code",
            "recover_done", "account_logout",
        )
    },
    "guardian_consent": (EVERYONE, LINK),
    "recovery_stop": (EVERYONE, LINK),
    **{
        name: (SIGNED_IN, {})
        for name in (
            "join_guardian", "account_reauthenticate", "account_change_password",
            "account_set_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
            "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn", "my_account", "my_profile", "my_birth_date",
            "my_identity", "contact_change", "contact_code", "my_sessions", "my_sessions_end",
            "my_data",
        )
    },
    "mfa_remove_webauthn": (SIGNED_IN, {"pk": "0"}),
    "mfa_edit_webauthn": (SIGNED_IN, {"pk": "0"}),
    "birth_date_find": (DESK, {}),
    "birth_date_correct": (DESK, {"ref": "holder"}),
    "recovery_list": (DESK, {}),
    "recovery_detail": (DESK, {"pk": "0"}),
    "recovery_decide": (DESK, {"pk": "0", "act": "approve"}),
}  # fmt: skip
MACHINES = {"healthz", "robots", "sitemap"}  # plain answers for machines, open to all


def named_urls(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_urls(entry, inner)
        else:
            yield f"{namespace}{entry.name}"


def test_every_address_is_in_the_table():
    known = set(named_urls())

    assert {name for name in known if name.rpartition(":")[2] not in MACHINES} == set(TABLE)


# ---------------------------------------------------------------- asking
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
        return {
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


def everything() -> dict[str, int]:
    """How many rows each table of the product has, sessions, limits and caches apart."""
    counted = {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("takatuf") and model.__name__ != "RateWindow"
    }
    return counted | {"last transition": Transition.objects.order_by("-pk")[0].pk}


TURNED_AWAY = {302, 401, 403, 404, 405, 409}


def let_go(response) -> None:
    """Close a download's file, but not the test's own database connection with it."""
    for close in getattr(response, "_resource_closers", ()):
        close()


def is_turned_away(response) -> bool:
    """To the sign-in page, or a plain no; 405 where an address knows one method only."""
    if response.status_code == 302:
        return "/account/login" in response["Location"]
    # 404 and 409: alike for what is missing and what is not theirs.
    return response.status_code in TURNED_AWAY


def test_whoever_is_not_listed_is_turned_away_and_nothing_changes(region):
    let_in = []
    before = everything()
    for who, person in region.cast.items():
        client = Client(raise_request_exception=False)
        if person is not None:
            sign_in(client, person)
        for name, (allowed, named) in TABLE.items():
            if who in allowed:
                continue
            url = reverse(name, kwargs={k: region.names.get(v, v) for k, v in named.items()})
            for method in ("get", "post"):
                response = getattr(client, method)(url)
                let_go(response)
                if not is_turned_away(response):
                    let_in.append(f"{who} {method} {name}: {response.status_code}")
    if let_in:
        pytest.fail("\n".join(let_in))
    assert everything() == before


def test_whoever_is_listed_gets_an_answer_and_never_a_fault(region):
    """The other half: a table that lets nobody in would pass the test above."""
    wrong = []
    for who, person in region.cast.items():
        client = Client(raise_request_exception=False)
        if person is not None:
            sign_in(client, person)
        for name, (allowed, named) in TABLE.items():
            if who not in allowed or name in LEAVING:
                continue
            url = reverse(name, kwargs={k: region.names.get(v, v) for k, v in named.items()})
            response = client.get(url)
            let_go(response)
            missing = set(named.values()) - set(region.names) or name in MID_WAY
            fine = {200, 302, 405} | ({403, 404, 409} if missing else set())
            if response.status_code not in fine or (is_login(response, who) and not missing):
                wrong.append(f"{who} {name}: {response.status_code}")
    if wrong:
        pytest.fail("\n".join(wrong))


LEAVING = {"account_logout"}  # would end the session under test
# Open to them, but only in the middle of something: then a no, or the way back, is right.
MID_WAY = {
    "placement:joined", "placement:covenant", "attendance:certificate", "attendance:reverse",
    "registry:merge_decide", "registry:request_answer", "join_code", "account_reauthenticate",
    "account_confirm_password_reset_code", "mfa_reauthenticate", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_reauthenticate_webauthn",
}  # fmt: skip


def is_login(response, who: str) -> bool:
    return (
        who != "visitor"
        and response.status_code == 302
        and "/account/login" in response["Location"]
    )

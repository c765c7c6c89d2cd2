"""Who gets into which address: one table over every URL, asked as every kind of person.

An address that is not in the table fails the build. Whoever is not listed for an address must be
turned away (to the sign-in page, 403 or 404) by GET and by POST, and nothing may have changed.
"""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver, reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Transition
from tests.asked_region import let_go

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
    "registry:concern_received": (EVERYONE, {}),
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
    "opportunities:still_stands": (EVERYONE, LINK),  # and answers for whom it was sent to
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
    "placement:asked": (EVERYONE, LINK),
    "placement:swap": (HOLDER, PLACE),
    "placement:why_not_me": (SIGNED_IN, {"role": "closed_role"}),
    "placement:ask_accept": (SIGNED_IN, {"pk": "0"}),
    "placement:ask_decline": (SIGNED_IN, {"pk": "0"}),
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
    "attendance:approve_rest": (BODY, {"claim_id": "claim"}),
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
            "my_birth_date_ask", "my_birth_date_withdraw", "my_identity", "contact_change", "contact_code", "my_sessions", "my_sessions_end",
            "my_data",
        )
    },
    "mfa_remove_webauthn": (SIGNED_IN, {"pk": "0"}),
    "mfa_edit_webauthn": (SIGNED_IN, {"pk": "0"}),
    "birth_date_find": (DESK, {}),
    "birth_date_correct": (DESK, {"ref": "holder"}),
    "birth_date_request": (DESK, {"pk": "date_request"}),
    "birth_date_decide": (DESK, {"pk": "date_request", "act": "accept"}),
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
def everything() -> dict[str, int]:
    """How many rows each table of the product has, sessions, limits and caches apart."""
    counted = {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("takatuf") and model.__name__ != "RateWindow"
    }
    return counted | {"last transition": Transition.objects.order_by("-pk")[0].pk}


TURNED_AWAY = {302, 401, 403, 404, 405, 409}


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
    "registry:merge_decide", "registry:request_answer", "join_code",
    "account_confirm_password_reset_code", "mfa_reauthenticate", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_reauthenticate_webauthn",
}  # fmt: skip


def is_login(response, who: str) -> bool:
    return (
        who != "visitor"
        and response.status_code == 302
        and "/account/login" in response["Location"]
    )

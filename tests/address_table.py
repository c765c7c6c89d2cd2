"""Who gets into which address, and what it names there: the table over every URL.

Each name is a word of ``Region.names`` (``tests.asked_region``), so that whoever is turned away
is turned away from a record that is there; a word of no record stands for itself.
"""

from django.urls import get_resolver

EVERYONE = {
    "visitor",
    "stranger",
    "holder",
    "other_manager",
    "manager",
    "head",
    "desk",
    "reviewer",
    "leader",
    "auditor",
    "admin",
    "guardian",  # no account: came by the link of a consent, and had a code sent
}
SIGNED_IN = EVERYONE - {"visitor", "guardian"}
BODY = {"manager", "head"}
HEAD, DESK, HOLDER = {"head"}, {"desk"}, {"holder"}
AUDITOR, ADMIN, REVIEWER, LEADER = {"auditor"}, {"admin"}, {"reviewer"}, {"leader"}
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
    "site:stuck_answer": (DESK | ADMIN, {"kind": "job", "pk": "failed_job", "act": "retry"}),
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
    "placement:guardian": (EVERYONE, {"token": "covenant_token"}),
    "registry:invitation": (EVERYONE, LINK),
    "registry:team_join": (EVERYONE, LINK),
    "registry:team_edit": (BODY | LEADER, TEAM),
    "registry:team_roster": (BODY | LEADER, TEAM),
    "registry:team_decide": (BODY | DESK, TEAM),
    "registry:team_ask": (SIGNED_IN, TEAM),
    "registry:team_leave": (LEADER, TEAM),
    "registry:team_name": (LEADER, TEAM),
    "registry:member_remove": (BODY | LEADER, TEAM | {"pk": "member"}),
    "registry:request_answer": (BODY | LEADER, TEAM | {"pk": "request"}),
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
    "credentials:check": (EVERYONE, {"code": "card_code"}),
    "credentials:mine": (SIGNED_IN, {}),
    "credentials:certificate_file": (HOLDER | BODY | DESK, {"serial": "serial"}),
    "credentials:certificate_revoke": (HEAD | DESK, {"serial": "serial"}),
    "credentials:card_file": (HOLDER | BODY | DESK, {"number": "card"}),
    "credentials:card_revoke": (BODY | DESK, {"number": "card"}),
    "credentials:body_cards": (BODY, {"code": "body"}),
    # imports: whoever may use an importer; a run is its body's
    "imports:home": (ANY_STAFF | DESK | AUDITOR, {}),
    "imports:upload": (ANY_STAFF | DESK, {"kind": "people"}),
    **{
        f"imports:{name}": (BODY | (AUDITOR if name == "run" else set()), {"number": "run"} | more)
        for name, more in {
            "run": {}, "columns": {}, "progress": {}, "start": {}, "stop": {},
            "download": {"outcome": "bad"}, "duplicate": {"row_number": "duplicate"},
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
    "opportunities:review_queue": (DESK | REVIEWER, {}),
    "opportunities:manage": (BODY, {"code": "draft"}),
    "opportunities:preview": (BODY, {"code": "draft"}),
    "opportunities:submit": (BODY, {"code": "draft"}),
    "opportunities:act": (BODY, {"code": "draft", "act": "pause"}),
    "opportunities:move": (BODY, {"code": "draft"}),
    "opportunities:design": (BODY, {"code": "draft", "step": "work"}),
    "opportunities:role_save": (BODY, {"code": "draft"}),
    "opportunities:role_remove": (BODY, {"code": "draft", "pk": "draft_role"}),
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
    "placement:ask_accept": (LEADER, {"pk": "ask"}),
    "placement:ask_decline": (LEADER, {"pk": "ask"}),
    "placement:cover_ask": (HOLDER, PLACE),
    "placement:cover_call_back": (HOLDER, PLACE),
    "placement:cover_take": (SIGNED_IN - HOLDER, {"pk": "cover"}),
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
    "attendance:approvals": (ANY_STAFF | LEADER, {}),
    "attendance:approve": (ANY_STAFF, {}),
    "attendance:confirm_served": (BODY, SHEET),
    "attendance:mine": (SIGNED_IN, {}),
    "attendance:certificate": (SIGNED_IN, OPPORTUNITY),
    "attendance:certificate_anew": (HEAD | DESK, {"serial": "serial"}),
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
    "guardian_consent": (EVERYONE, {"token": "consent_token"}),
    "recovery_stop": (EVERYONE, LINK),
    **{
        name: (SIGNED_IN, {})
        for name in (
            "join_guardian", "account_reauthenticate", "account_change_password",
            "account_set_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
            "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn", "my_account", "my_profile", "my_birth_date",
            "my_birth_date_ask",
            "my_identity", "contact_change", "contact_code", "my_sessions", "my_sessions_end",
            "my_data",
        )
    },
    "mfa_remove_webauthn": (SIGNED_IN, {"pk": "0"}),
    "mfa_edit_webauthn": (SIGNED_IN, {"pk": "0"}),
    "my_birth_date_withdraw": ({"stranger"}, {}),  # who has asked for another date
    "birth_date_find": (DESK, {}),
    "birth_date_correct": (DESK, {"ref": "holder"}),
    "birth_date_request": (DESK, {"pk": "date_request"}),
    "birth_date_decide": (DESK, {"pk": "date_request", "act": "accept"}),
    "recovery_list": (DESK, {}),
    "recovery_detail": (DESK, {"pk": "recovery"}),
    "recovery_decide": (DESK, {"pk": "recovery", "act": "approve"}),
}  # fmt: skip
REVIEWED = {"code": "reviewed"}
TEAM_SHEET = {"shift_id": "team_shift"}
ON_TEAM_SHEET = TEAM_SHEET | {"application_id": "team_application"}
TEAM_CLAIM = {"claim_id": "team_claim"}
# The same addresses where they name what other people answer for.
ALSO: list[tuple[str, set[str], dict[str, str]]] = [
    # handed in by another body: with a reviewer
    ("opportunities:manage", DESK | REVIEWER | AUDITOR, REVIEWED),
    ("opportunities:preview", DESK | REVIEWER | AUDITOR, REVIEWED),
    ("opportunities:act", DESK | REVIEWER, REVIEWED | {"act": "publish"}),
    ("opportunities:act", DESK | REVIEWER, REVIEWED | {"act": "return"}),
    # the team's own shift: its leader runs the day, and approves nothing
    *[(f"attendance:{name}", BODY | LEADER, TEAM_SHEET)
      for name in ("day_sheet", "mark", "close", "served")],
    *[(f"attendance:{name}", BODY | LEADER, ON_TEAM_SHEET) for name in ("row", "times", "note")],
    ("attendance:confirm", BODY | LEADER, TEAM_CLAIM),
    ("attendance:reject", BODY, TEAM_CLAIM),
    ("attendance:approve_rest", BODY, TEAM_CLAIM),
    ("attendance:confirm_served", BODY, TEAM_SHEET),
    # a concern about the desk itself is the auditor's
    ("registry:concern", AUDITOR, {"pk": "concern_about_desk"}),
    # an opportunity that people see already is nobody's to review
    ("opportunities:act", set(), OPPORTUNITY | {"act": "publish"}),
]  # fmt: skip
SENT = {"attendance:mark": {"everybody": "came"}}  # where a form says what is to be done
ROWS = [(name, allowed, named) for name, (allowed, named) in TABLE.items()] + ALSO
MACHINES = {"healthz", "robots", "sitemap"}  # plain answers for machines, open to all


def named_urls(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_urls(entry, inner)
        else:
            yield f"{namespace}{entry.name}"

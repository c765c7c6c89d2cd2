"""How many questions each page asks the database: one table over every address one can GET.

Each is asked at two sizes of what it shows, once with a few rows and once with many more, and
must ask the same number both times. An address that is not in the table fails the build.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from takatuf.attendance.queries import ledger
from takatuf.placement.models import Cover
from tests.address_table import MACHINES, TABLE, named_urls
from tests.asked_region import Region, let_go
from tests.grown_region import Growth

FEW, MANY = 3, 60
ROOM = 1000  # rows: more than the demo and MANY together
# What a page may ask: a list for visitors, a page about one thing. Whoever is signed in adds
# four: the session, the person, the offices, what they have not read.
LIST, DETAIL, SIGNED_IN = 6, 12, 4

# name -> (who asks, how many questions). Lists show many of something, details one thing.
LISTS: dict[str, tuple[str, int]] = {
    "kernel:inbox": ("holder", 5),
    "kernel:demo_outbox": ("visitor", 1),
    "site:search": ("visitor", 6),
    "site:desk": ("manager", 22),
    "site:stuck": ("desk", 6),
    "registry:bodies": ("visitor", 3),
    "registry:teams": ("visitor", 3),
    "registry:body_staff": ("manager", 9),
    "registry:team_roster": ("manager", 7),
    "registry:concerns": ("desk", 5),
    "registry:bodies_waiting": ("desk", 6),
    "registry:duplicates": ("desk", 9),
    "credentials:mine": ("holder", 6),
    "credentials:body_cards": ("manager", 7),
    "imports:home": ("manager", 6),
    "needs:list": ("visitor", 6),
    "needs:queue": ("desk", 5),
    "opportunities:list": ("visitor", 4),
    "opportunities:studio": ("manager", 6),
    "opportunities:review_queue": ("desk", 5),
    "placement:mine": ("holder", 7),
    "placement:applicants": ("manager", 12),
    "placement:rounds": ("manager", 5),
    "attendance:sheets": ("manager", 6),
    "attendance:day_sheet": ("manager", 8),
    "attendance:approvals": ("manager", 11),
    "attendance:mine": ("holder", 9),
    "attendance:approved": ("head", 5),
    "my_sessions": ("holder", 6),
    "recovery_list": ("desk", 6),
    "site:log": ("auditor", 7),
    "site:sitemap": ("visitor", 1),
}
DETAILS: dict[str, tuple[str, int]] = {
    "site:home": ("visitor", 6),
    "site:figures": ("visitor", 2),
    "site:me": ("holder", 12),
    "site:running": ("admin", 15),
    "site:opportunity": ("visitor", 6),
    "registry:body": ("visitor", 5),
    "registry:team": ("visitor", 4),
    "registry:profile": ("holder", 11),
    "registry:concern": ("desk", 5),
    "registry:concern_own": ("holder", 5),
    "credentials:check": ("visitor", 6),
    "needs:detail": ("visitor", 3),
    "needs:follow": ("visitor", 1),
    "opportunities:manage": ("manager", 12),
    "opportunities:preview": ("manager", 10),
    "opportunities:shift": ("manager", 9),
    "placement:person_skills": ("manager", 11),
    "registry:licences": ("desk", 6),
    "attendance:row": ("manager", 10),
    "opportunities:still_stands": ("visitor", 3),
    "placement:answer": ("visitor", 5),
    "placement:asked": ("visitor", 1),
    "placement:why_not_me": ("stranger", 8),
    "placement:guardian": ("visitor", 3),
    "recovery_detail": ("desk", 5),
    "birth_date_request": ("desk", 7),
    "imports:progress": ("manager", 4),
    "my_account": ("holder", 7),
    "site:history": ("auditor", 8),
    "placement:joined": ("holder", 6),
    "mfa_index": ("holder", 6),
    "placement:invite": ("manager", 13),
    "placement:round": ("manager", 12),
    "placement:round_body": ("manager", 10),
    "placement:round_place": ("manager", 12),
    "placement:round_why": ("manager", 12),
    "placement:for_you": ("holder", 12),
    "placement:round_what_if": ("manager", 7),
    "placement:round_progress": ("manager", 4),
}
FORMS: dict[str, tuple[str, int]] = {
    "registry:body_new": ("holder", 5),
    "registry:body_edit": ("head", 6),
    "registry:body_licence": ("head", 6),
    "registry:body_decide": ("desk", 9),
    "registry:team_new": ("manager", 7),
    "registry:team_edit": ("manager", 6),
    "registry:team_decide": ("manager", 7),
    "registry:profile_edit": ("holder", 8),
    "registry:profile_skills": ("holder", 8),
    "registry:profile_availability": ("holder", 6),
    "registry:concern_new": ("visitor", 1),
    "registry:concern_follow": ("visitor", 0),
    "credentials:verify": ("visitor", 0),
    "credentials:certificate_revoke": ("head", 5),
    "credentials:card_revoke": ("manager", 5),
    "imports:upload": ("manager", 4),
    "imports:columns": ("manager", 6),
    "needs:report": ("visitor", 2),
    "opportunities:wish": ("visitor", 0),
    "opportunities:start": ("manager", 5),
    "opportunities:move": ("manager", 8),
    "opportunities:design": ("manager", 9),
    "opportunities:shift_add": ("manager", 8),
    "placement:ask_skill": ("holder", 7),
    "placement:round_new": ("desk", 6),
    "placement:round_change": ("manager", 8),
    "registry:licence_end": ("manager", 5),
    "placement:leave": ("holder", 5),
    "placement:swap": ("holder", 9),
    "placement:covenant": ("holder", 7),
    "attendance:reject": ("manager", 5),
    "attendance:certificate_anew": ("head", 6),
    "join": ("visitor", 0),
    "account_login": ("visitor", 0),
    "account_password_login": ("visitor", 0),
    "account_reset_password": ("visitor", 0),
    "recover": ("visitor", 0),
    "account_set_password": ("holder", 4),
    "mfa_activate_totp": ("holder", 9),
    "mfa_add_webauthn": ("holder", 10),
    "mfa_generate_recovery_codes": ("holder", 5),
    "my_profile": ("holder", 4),
    "my_birth_date": ("holder", 4),
    "birth_date_find": ("desk", 6),
    "my_birth_date_ask": ("stranger", 5),
    "birth_date_correct": ("desk", 5),
    "my_identity": ("holder", 4),
    "contact_change": ("holder", 4),
}
FILES: dict[str, tuple[str, int]] = {
    "credentials:certificate_file": ("holder", 4),
    "registry:body_evidence": ("desk", 5),
    "credentials:card_file": ("manager", 4),
    "imports:download": ("manager", 6),
    "placement:calendar_all": ("holder", 3),
    "placement:calendar": ("holder", 3),
    "my_data": ("holder", 61),
}
# Plain words, steps of signing in, ways on to another page, links that have ended.
OTHERS: dict[str, tuple[str, int]] = {
    "registry:concern_received": ("visitor", 0),  # once, to whoever has just sent it
    "account_change_password": ("holder", 2),
    "account_complete_password_reset": ("visitor", 0),
    "account_confirm_password_reset_code": ("visitor", 0),
    "account_inactive": ("visitor", 1),
    "account_logout": ("visitor", 0),
    "account_password_reset_completed": ("visitor", 0),
    "account_reauthenticate": ("holder", 3),
    "account_signup": ("visitor", 0),
    "attendance:reverse": ("head", 5),
    "contact_code": ("holder", 2),
    "demo:people": ("visitor", 0),
    "guardian_consent": ("visitor", 1),
    "imports:duplicate": ("manager", 7),
    "imports:run": ("manager", 5),
    "join_code": ("visitor", 0),
    "join_guardian": ("holder", 5),
    "join_name": ("visitor", 0),
    "kernel:ui": ("visitor", 5),
    "mfa_authenticate": ("visitor", 0),
    "mfa_deactivate_totp": ("holder", 6),
    "mfa_download_recovery_codes": ("holder", 6),
    "mfa_edit_webauthn": ("holder", 6),
    # Three of them take the notices of the pages before out of the session.
    "mfa_list_webauthn": ("holder", 8),
    "mfa_reauthenticate": ("holder", 5),
    "mfa_reauthenticate_webauthn": ("holder", 5),
    "mfa_remove_webauthn": ("holder", 6),
    "mfa_view_recovery_codes": ("holder", 6),
    "opportunities:wish_confirm": ("visitor", 0),
    "opportunities:wish_stop": ("visitor", 0),
    "recover_code": ("visitor", 0),
    "recover_done": ("visitor", 0),
    "recovery_stop": ("visitor", 0),
    "registry:invitation": ("visitor", 0),
    "registry:team_join": ("visitor", 0),
    "registry:welcome": ("holder", 6),
    "site:about": ("visitor", 0),
    "site:healthz": ("visitor", 1),
    "site:privacy": ("visitor", 1),
    "site:robots": ("visitor", 0),
}
# Over what its kind may ask, and why: nothing is added here without a reason.
OVER = {
    "attendance:approvals": "three kinds that wait, whose hand they show, and what they overlap",
    "placement:invite": "what each person offers, held, and has in common with the role",
    "placement:applicants": "shifts and seats beside the people, and what each may do",
    "site:desk": "one question for each kind of thing that waits, from every module",
    "site:running": "one or two for each thing that is looked at: jobs, worker, staff, log",
}
KINDS = {"list": LISTS, "detail": DETAILS, "form": FORMS, "file": FILES, "other": OTHERS}
# Answered with 405: they only take what a form sends.
POST_ONLY = {
    "birth_date_decide", "my_birth_date_withdraw",
    "attendance:approve", "attendance:approve_rest", "attendance:certificate", "attendance:close",
    "attendance:confirm", "attendance:confirm_served", "attendance:mark", "attendance:note",
    "attendance:served", "attendance:times", "imports:start", "imports:stop",
    "kernel:inbox_read", "my_sessions_end", "needs:close", "needs:decide",
    "opportunities:act", "opportunities:role_remove", "opportunities:role_save",
    "opportunities:shift_cancel", "opportunities:shift_move", "opportunities:shift_remove",
    "opportunities:submit", "placement:accept", "placement:accept_several",
    "placement:ask_accept", "placement:ask_decline", "placement:confirm", "placement:cover_ask", "placement:cover_call_back",
    "placement:cover_take", "placement:decline", "placement:proposal_approve",
    "placement:proposal_reject", "placement:round_approve", "placement:round_cancel",
    "placement:round_close", "placement:round_start", "placement:round_take", "recovery_decide",
    "registry:import_note_clear", "registry:invitation_revoke", "registry:member_remove",
    "registry:merge_decide", "registry:merge_propose", "registry:office_end",
    "registry:profile_proposals",
    "registry:request_answer", "registry:team_ask",
    "registry:team_leave", "registry:team_name", "registry:unit_add", "site:stuck_answer",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One page at one size."""

    questions: list[str]
    status: int
    length: int


def test_every_address_one_can_get_is_in_the_table():
    counted = [name for kind in KINDS.values() for name in kind]

    assert len(counted) == len(set(counted)), "an address is in two kinds"
    assert set(named_urls()) == set(counted) | POST_ONLY
    assert not set(counted) & POST_ONLY


def test_no_page_asks_more_than_its_kind_may():
    over = {
        name
        for kind, most in (("list", LIST), ("detail", DETAIL), ("form", DETAIL))
        for name, (who, count) in KINDS[kind].items()
        if count > most + (SIGNED_IN if kind == "list" and who != "visitor" else 0)
    }

    assert over == set(OVER)


def test_a_page_asks_the_same_of_few_rows_and_of_many(demo_region, monkeypatch):
    # The demo alone can fill a page of the ledger, and a full page does not grow.
    monkeypatch.setattr(ledger, "LEDGER_PAGE", ROOM)
    region = Region()
    # Whoever is looked for already offers no swap beside it.
    Cover.objects.filter(pk=region.names["cover"]).update(
        status="back", ended_at=timezone.now()
    )
    growth = Growth(region, timezone.now())
    growth.more(FEW)
    pages = Asking(region, growth)
    few = {name: pages.ask(name) for name in COUNTS}
    growth.more(MANY)
    many = {name: pages.ask(name) for name in {**LISTS, **DETAILS}}

    wrong = [
        f"{name} of {size} rows: {len(asked.questions)}, not {COUNTS[name][1]}"
        for size, found in (("few", few), ("many", many))
        for name, asked in found.items()
        if len(asked.questions) != COUNTS[name][1]
    ]
    growing = LISTS.keys() - FULL_ANYHOW
    alike = {n for n in growing if abs(many[n].length - few[n].length) < A_ROW}
    faults = {name for name, asked in few.items() if asked.status not in FINE[kind_of(name)]}
    assert not wrong, "\n".join(wrong)
    assert not alike, f"these lists did not change with what they list: {alike}"
    assert not faults, f"these did not answer as their kind does: {faults}"
    for name in POST_ONLY:
        assert pages.ask(name).status == 405, name


# ---------------------------------------------------------------- asking
FULL_ANYHOW = {"site:log"}  # its latest lines, of thousands that making the demo leaves
A_ROW = 100  # characters: the least one row more takes on a page
COUNTS = {name: entry for kind in KINDS.values() for name, entry in kind.items()}
FINE = {"list": {200}, "detail": {200}, "form": {200}, "file": {200},
        "other": {200, 302, 403, 404, 409}}  # fmt: skip


def kind_of(name: str) -> str:
    return next(kind for kind, entries in KINDS.items() if name in entries)


class Asking:
    """Everybody's browser, and what the addresses name."""

    def __init__(self, region: Region, growth: Growth):
        self.clients = {who: region.browser(who) for who in region.cast}
        self.names = region.names | growth.names()
        self.links = growth.links()

    def ask(self, name: str) -> Asked:
        """Once for what a process keeps between requests, then counted."""
        client = self.clients[COUNTS[name][0] if name in COUNTS else who_gets_into(name)]
        url = self.address(name)
        if name in LISTS or name in DETAILS:
            let_go(client.get(url))
        with CaptureQueriesContext(connection) as asked:
            response = client.get(url)
            let_go(response)
        length = 0 if response.streaming else len(response.content)
        return Asked([q["sql"] for q in asked.captured_queries], response.status_code, length)

    def address(self, name: str) -> str:
        named: dict[str, Any] = {} if name.rpartition(":")[2] in MACHINES else TABLE[name][1]
        known = self.names | self.links.get(name, {})
        url = reverse(
            name, kwargs={key: known.get(value, value) for key, value in named.items()}
        )
        return (
            f"{url}?{urlencode({'q': self.names['search']})}" if name == "site:search" else url
        )


def who_gets_into(name: str) -> str:
    several = ("holder", "manager", "head", "desk", "auditor", "leader", "stranger")
    return next(who for who in several if who in TABLE[name][0])

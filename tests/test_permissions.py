"""Who gets into which address: one table over every URL, asked as every kind of person.

An address that is not in the table fails the build. Whoever is not listed for an address must be
turned away (to the sign-in page, 403 or 404) by GET and by POST, and nothing may have changed.
"""

import copy

import pytest
from django.apps import apps
from django.urls import reverse

from takatuf.kernel.models import Transition
from tests.address_table import EVERYONE, MACHINES, ROWS, SENT, SIGNED_IN, TABLE, named_urls
from tests.asked_region import let_go
from tests.demo_region import undone


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


def is_turned_away(response) -> bool:
    """To the sign-in page, or a plain no, alike for what is missing and what is not theirs; 405
    where an address knows one method only.
    """
    if response.status_code == 302:
        return "/account/login" in response["Location"]
    return response.status_code in {401, 403, 404, 405}


def address(region, name: str, named: dict[str, str]) -> str:
    return reverse(name, kwargs={key: region.names.get(row, row) for key, row in named.items()})


def asked(region, who: str):
    """What to ask as this one of the cast: every row, with their browser and its address."""
    client = region.browser(who)
    for name, allowed, named in ROWS:
        if name not in LEAVING:
            yield client, name, allowed, named, address(region, name, named)


def test_whoever_is_not_listed_is_turned_away_and_nothing_changes(region):
    let_in = []
    rows = [(who, *row) for who in EVERYONE for row in asked(region, who)]
    before = everything()
    for who, client, name, allowed, named, url in rows:
        for method in ("get", "post") if who not in allowed else ():
            response = getattr(client, method)(url, SENT.get(name, {}))
            let_go(response)
            if not is_turned_away(response):
                let_in.append(f"{who} {method} {name} {named}: {response.status_code}")
    if let_in:
        pytest.fail("\n".join(let_in))
    assert everything() == before


def test_whoever_is_listed_gets_an_answer_and_never_a_fault(region):
    """The other half: a table that lets nobody in, or that names what nobody has, would pass
    the test above.
    """
    wrong = []
    for who in EVERYONE:
        for client, name, allowed, named, url in asked(region, who):
            if who not in allowed:
                continue
            code = answered(client, url, SENT.get(name, {}))
            fine = {200, 302, 409, 422} | (set() if who in SIGNED_IN else {401})
            if code not in fine | ({401, 403, 404} if name in MID_WAY else set()):
                wrong.append(f"{who} {name} {named}: {code}")
    if wrong:
        pytest.fail("\n".join(wrong))


def answered(client, url: str, sent: dict[str, str]) -> int:
    """The status of the page, or of what a form sends there; 401 for the way to the sign-in
    page. Nothing stays of it.
    """
    kept = copy.deepcopy(client.cookies)
    with undone():
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url, sent)
        let_go(response)
    client.cookies = kept
    to_sign_in = response.status_code == 302 and "/account/login" in response["Location"]
    return 401 if to_sign_in else response.status_code


LEAVING = {"account_logout"}  # would end the session under test
# Open to them, but only in the middle of something: then a no, or the way back, is right.
MID_WAY = {
    "attendance:certificate",  # of who has approved hours there
    "attendance:approve_rest",  # of whose hours one had no hand in
    "join_code", "account_confirm_password_reset_code",  # after asking for a code
}  # fmt: skip

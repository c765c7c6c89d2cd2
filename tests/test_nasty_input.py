"""Every address, asked by those who may open it, with the worst that can be typed: never a fault.

Forms are found on the pages themselves and sent as a browser would, with one field at a time
(and each parameter of the address) made nasty. Nothing typed may come back as markup, as a
header or as a way to another site, and every answer carries the policy that keeps scripts out.

Each run asks a part of all that can be asked, by a fixed seed. To ask more:
``NASTY_SHARE=0.1 NASTY_SEED=3 NASTY_CAST=everyone python -m pytest tests/test_nasty_input.py``.
"""

import os
import random
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from takatuf.opportunities.forms import STEPS
from tests.address_table import TABLE
from tests.asked_region import let_go
from tests.test_permissions import LEAVING

SCRIPT = "<script>alert(1)</script>"
NASTY = {
    "nul": "a\x00b",
    "markup": f"'\"><img src=x onerror=alert(1)>{SCRIPT}",
    "template": "{{ 707|add:707 }}{% debug %}",
    "long": "ط" * 20_000,
    "bidi": "\u202e\u2066abc\u200f\ufeff",
    "marks": "e" + "\u0301" * 300,
    "astral": "\U0001f468\u200d\U0001f469" * 40,
    "no character": "\ufffe\uffff",
    "huge": "9" * 5000,
    "past a key": str(2**63),
    "minus": "-1",
    "exponent": "1e400",
    "nan": "NaN",
    "arabic digits": "٠١٢٣",
    "superscript": "²",
    "blank": " \u00a0\u200b\t\r\n",
    "sql": "' OR 1=1; --%_\\",
    "path": "../../../etc/passwd",
    "header": "https://evil.example/\r\nX-Evil: 1",
    "elsewhere": "//evil.example/",
    "word": "site:home",
    "formula": '=HYPERLINK("https://evil.example","x")',
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "no day": "30/02/1400",
    "last moment": "9999-12-31T23:59",
    "json": '{"a": [1]}',
    "empty": "",
}
# What views read of an address or a button, whether or not the page at hand has a form for it.
ASKED = (
    "q", "page", "shift", "body", "kind", "status", "year", "after", "before", "need", "keep",
    "drop", "claim", "newest", "role_id", "scope", "show", "shows", "theme", "version", "all",
    "message", "place", "action", "act", "answer", "leave", "name", "next", "reason", "code",
    "governorate", "field", "group", "sector", "sort", "when", "way", "header_0", "came", "absent",
)  # fmt: skip
TYPED = {
    "email": "a@demo.example", "tel": "0551234567", "number": "2", "date": "2026-12-30",
    "time": "10:00", "datetime-local": "2026-12-30T10:00",
}  # fmt: skip
EVERY_ONE = "everyone"
LONGEST_ADDRESS = 3000  # the server itself refuses longer ones


class Forms(HTMLParser):
    """The forms of a page: how each is sent, where to, and what a browser would send."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag == "form":
            post = "hx-post" in has or (has.get("method") or "").lower() == "post"
            to = has.get("action") or has.get("hx-post") or ""
            self.found.append(("post" if post else "get", to, {}))
        if not self.found:
            return
        data, name = self.found[-1][2], has.get("name")
        if tag == "option" and self.select and has.get("value"):
            if "selected" in has or not data[self.select]:
                data[self.select] = has["value"]
        elif tag == "select" and name:
            self.select = name
            data[name] = ""
        elif tag == "textarea" and name:
            data[name] = "نص يصف العمل المطلوب وصفا كافيا لمن يقرؤه"
        elif tag in {"input", "button"} and name:
            kind = has.get("type", "text")
            if kind in {"radio", "checkbox"}:
                data.setdefault(name, has.get("value") or "on")
            else:
                data[name] = has.get("value") or TYPED.get(kind, "نص مقبول")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""


@dataclass
class Asker:
    """Sends requests as one person, takes back what they changed, keeps what went wrong."""

    who: str
    client: Client
    chance: random.Random
    share: float
    faults: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def luck(self, times: float = 1) -> bool:
        return self.chance.random() < self.share * times

    def send(self, method: str, url: str, why: str, data=None, **headers):
        block = transaction.atomic()
        block._from_testcase = True  # a counted try commits for itself, even in here
        self.asked += 1
        with block:
            answer = getattr(self.client, method)(url, data or {}, **headers)
            let_go(answer)
            transaction.set_rollback(True)
        for fault in faults_of(answer):
            self.faults.setdefault(f"{why}: {fault}", f"{self.who} {method} {url[:120]}")
        return answer


def faults_of(answer):
    body = b"" if answer.streaming else answer.content
    if answer.status_code >= 500:
        yield f"{answer.status_code} {getattr(answer, 'exc_info', ('',))[0]}"
    if "Content-Security-Policy" not in answer:
        yield "no policy for scripts"
    if "X-Evil" in answer:
        yield "a header was put in"
    if urlsplit(answer.get("Location", "")).netloc == "evil.example":
        yield "leads to another site"
    if "text/html" in answer.get("Content-Type", ""):
        if SCRIPT.encode() in body or b"<img src=x" in body:
            yield "what was typed is markup"
        if b">1414<" in body:
            yield "what was typed is a template"


def ask_with_parameters(asker: Asker, name: str, url: str) -> None:
    for nasty, value in NASTY.items():
        if asker.luck(2):
            # One long value is enough for one address.
            names = [asker.chance.choice(ASKED)] if len(value) > 1000 else ASKED
            query = "&".join(f"{n}={quote(value[:LONGEST_ADDRESS])}" for n in names)
            header = {"HTTP_HX_REQUEST": "true"} if asker.luck(1 / asker.share / 2) else {}
            asker.send("get", f"{url}?{query}", f"{name} ?{nasty}", **header)
        if asker.luck():
            asker.send("post", url, f"{name} posted {nasty}", dict.fromkeys(ASKED, value))
    for method in ("put", "delete", "patch", "head", "options"):
        if asker.luck():
            asker.send(method, url, f"{name} {method}")


def ask_with_names(asker: Asker, name: str, named: dict) -> None:
    """What the address itself names, made nasty."""
    for part in named:
        for nasty, value in NASTY.items():
            if not asker.luck(2):
                continue
            try:
                url = reverse(name, kwargs=named | {part: value[:1000]})
            except NoReverseMatch:
                continue
            for method in ("get", "post"):
                asker.send(method, url, f"{name} {part}={nasty}")


def ask_with_forms(asker: Asker, name: str, url: str, page) -> None:
    if page.streaming or "text/html" not in page.get("Content-Type", ""):
        return
    for method, to, data in Forms(page.content.decode()).found:
        address = urljoin(url, to)
        if "/logout" in address or urlsplit(address).netloc:
            continue
        if asker.luck(6):
            asker.send(method, address, f"{name} form to {to}", data)
        for typed in data:
            for nasty, value in NASTY.items():
                if asker.luck():
                    made = data | {typed: value if method == "post" else value[:500]}
                    asker.send(method, address, f"{name} {typed}={nasty} to {to}", made)


def addresses(region, who, lots):
    """What this one of the cast asks: of those an address is open to, the lot names one."""
    for name, (allowed, named) in TABLE.items():
        if name in LEAVING or lots[name] not in (who, EVERY_ONE) or who not in allowed:
            continue
        kwargs = {key: region.names.get(value, value) for key, value in named.items()}
        for step in STEPS if name == "opportunities:design" else ("",):
            yield name, kwargs | ({"step": step} if step else {})


def test_nothing_that_is_typed_is_a_fault(region):
    share = float(os.environ.get("NASTY_SHARE", "0.01"))
    chance = random.Random(int(os.environ.get("NASTY_SEED", "7")))  # noqa: S311 - a part, not a secret
    every = os.environ.get("NASTY_CAST") == EVERY_ONE
    lots = {
        name: EVERY_ONE if every else chance.choice(sorted(allowed))
        for name, (allowed, _named) in TABLE.items()
    }
    faults, asked = {}, 0
    for who in region.cast:
        asker = Asker(who, region.browser(who), chance, share)
        for name, named in addresses(region, who, lots):
            url = reverse(name, kwargs=named)
            page = asker.send("get", url, f"{name} as it is")
            ask_with_parameters(asker, name, url)
            ask_with_names(asker, name, named)
            ask_with_forms(asker, name, url, page)
        faults |= asker.faults
        asked += asker.asked

    assert asked > len(TABLE) * 2, "the fuzz asked next to nothing"
    if faults:
        pytest.fail("\n".join(f"{what}  ({where})" for what, where in sorted(faults.items())))


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (f"<p>{SCRIPT}</p>", "what was typed is markup"),
        ("<p>1414</p>", "what was typed is a template"),
    ],
)
def test_the_fuzz_would_see_it(page, fault):
    answer = HttpResponse(page, headers={"Content-Security-Policy": "default-src 'none'"})

    assert list(faults_of(answer)) == [fault]

"""Every page of the demo as a picture: `tools/gallery.py FOLDER [--only ar,390,light]`.

Walks the demo region in TAKATUF_DATA_DIR as a visitor and as each demo person, follows every
link (those in messages too), and keeps of each address the pages that differ in make: another
heading, part or note than any page of that address kept before. These are photographed, then
every form on them is sent empty and photographed as it comes back. `list.txt` in the folder
numbers the pictures and says what is wrong: what `tools/shots.py` tells, text that is cut off
or runs over another's edge, letters of the other language. Empty forms may change the data:
work on a copy.
"""

import argparse
import itertools
import json
import re
import shutil
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import messages, shots  # noqa: I001 - sets the site up before its parts are imported
from django.test import Client
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from takatuf.demo import queries as demo

VISITS = 40  # of one address by one person: what differs is found among so many
LEAVING = ("account_logout", "my_sessions_end", "set_language")
TAGS = frozenset(
    (
        "h1", "h2", "h3", "form", "table", "fieldset", "details", "svg", "textarea", "select",
        "input", "ol", "dl",
    )
)  # fmt: skip
SCRIPTS = Path(__file__).parent / "in_page"
FAULTS, SEND_EMPTY = ((SCRIPTS / f"{name}.js").read_text() for name in ("faults", "send_empty"))


@dataclass(frozen=True)
class Found:
    """One page to be photographed: who sees it, at which address, with how many forms."""

    view: str
    who: str
    path: str
    forms: int


class Make(HTMLParser):
    """What a page is made of, its words left out; its links, and how many forms it sends."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: set[str] = set()
        self.links: list[str] = []
        self.posts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])
        if tag == "form" and said.get("method") == "post":
            self.posts += 1
        if tag in TAGS or said.get("class"):
            field = re.sub(r"[0-9]+", "", said.get("name", "")) if tag != "a" else ""
            self.parts.add(f"{tag}.{said.get('class', '')}.{field}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="any of ar,en,390,1280,light,dark")
    parser.add_argument("--empty", action="store_true", help="the forms, sent empty, instead")
    wanted = parser.parse_args()
    messages.compile_stale()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    kept = wanted.folder / "walk.json"
    if not kept.exists():
        kept.write_text(json.dumps([asdict(each) for each in walk()], indent=0))
    found = [Found(**each) for each in json.loads(kept.read_text())]
    print(f"{len(found)} pages of {len({each.view for each in found})} addresses", flush=True)
    photograph(found, wanted.folder, only=wanted.only, empty=wanted.empty)
    return 0


# ---------------------------------------------------------------- walking
def walk() -> list[Found]:
    seen: dict[str, set[str]] = {}
    found: list[Found] = []
    for who, cookie in _cast():
        client = Client(raise_request_exception=False, HTTP_HOST="localhost")
        if cookie:
            client.cookies[cookie["name"]] = cookie["value"]
        found += _walk_as(who, client, seen)
        print(f"{who}: {len(found)} so far", flush=True)
    return found


def _cast() -> Iterator[tuple[str, dict[str, str] | None]]:
    yield "", None
    for each in demo.cast():
        yield each["sign_in"], shots._session_of(each["sign_in"])


def _walk_as(who: str, client: Client, seen: dict[str, set[str]]) -> Iterator[Found]:
    start = ["/", "/me/", "/desk/", "/demo/outbox", "/inbox/", "/ui/"]
    waiting = deque([*start, *shots._plain_paths()])
    known, visits = set(waiting), dict[str, int]()
    while waiting:
        path = waiting.popleft()
        view = _view(path)
        if not view or view.endswith(LEAVING) or visits.get(view, 0) >= VISITS:
            continue
        visits[view] = visits.get(view, 0) + 1
        response = client.get(path)
        if response.status_code in (301, 302):
            _add(response["Location"], path, waiting, known)
            continue
        if "text/html" not in response.get("Content-Type", ""):
            continue
        make = Make(response.content.decode())
        for link in make.links:
            _add(link, path, waiting, known)
        parts = {f"{response.status_code}", *make.parts}
        if parts - seen.setdefault(view, set()):
            seen[view] |= parts
            yield Found(view, who, path, make.posts)


def _add(link: str, page: str, waiting: deque[str], known: set[str]) -> None:
    split = urlsplit(link)
    elsewhere = split.netloc and split.hostname != "localhost"
    if elsewhere or split.scheme not in {"", "http", "https"}:
        return
    path = split.path or page.partition("?")[0]
    path = re.sub(r"^/en(?=/)", "", path)
    if split.query:
        path += "?" + split.query
    if path not in known and not re.search(r"[?&](next|language)=", path):
        known.add(path)
        waiting.append(path)


def _view(path: str) -> str:
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return match.view_name


# ---------------------------------------------------------------- pictures
def photograph(found: list[Found], folder: Path, *, only: str, empty: bool) -> None:
    asked = set(filter(None, only.split(",")))
    cookies = dict(_cast())
    with _served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        for kind in itertools.product(shots.LANGUAGES, shots.SIZES, shots.SCHEMES):
            language, size, scheme = kind
            if not {language, str(size), scheme} <= asked | _free(asked):
                continue
            camera = Camera(folder / f"{language}-{size}-{scheme}", language, empty)
            numbered = enumerate(found)
            for who, pages in itertools.groupby(numbered, key=lambda pair: pair[1].who):
                context = shots._context(
                    browser,
                    cookies[who],
                    base=base,
                    language=language,
                    size=size,
                    scheme=scheme,
                )
                for number, each in pages:
                    camera.take(context, number, each)
                context.close()
        browser.close()


@contextmanager
def _served() -> Iterator[str]:
    server = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.terminate()


def _free(asked: set[str]) -> set[str]:
    """What was not narrowed down: all languages where none was named, and so on."""
    kinds = (shots.LANGUAGES, shots.SIZES, shots.SCHEMES)
    return {str(v) for kind in kinds if not asked & set(map(str, kind)) for v in kind}


@dataclass(frozen=True)
class Camera:
    """Takes pages in one language, at one size, into one folder."""

    folder: Path
    language: str
    empty: bool

    def take(self, context: BrowserContext, number: int, each: Found) -> None:
        self.folder.mkdir(exist_ok=True)
        name = f"{number:03d}-{each.view.replace(':', '.')}"
        for form in range(each.forms) if self.empty else [None]:
            file = self.folder / (f"{name}.png" if form is None else f"{name}-{form}.png")
            page = context.new_page()
            try:
                said = self._shown(page, each, form, file)
            except Error as error:
                said = [f"no picture: {error.message.splitlines()[0]}"]
            finally:
                page.close()
            if said is not None:
                with (self.folder / "list.txt").open("a") as out:
                    line = (file.name, each.who, each.path, "; ".join(said) or "fine")
                    print(*line, sep="\t", file=out)

    def _shown(self, page: Page, each: Found, form: int | None, file: Path) -> list[str] | None:
        """What is wrong with the page; None if it has no form to be sent."""
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(f"script error: {error}"))
        page.set_default_timeout(20_000)
        response = page.goto(("" if self.language == "ar" else "/en") + each.path)
        if response and not response.ok:
            said.append(f"status {response.status}")
        if form is not None:
            before = page.inner_text("main")
            if not page.evaluate(SEND_EMPTY, form):
                return None
            page.wait_for_load_state("networkidle")
            if page.inner_text("main") == before:
                said.append("sent empty: the page says nothing")
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            said.append(f"{width} px wider than the screen")
        said += page.evaluate(FAULTS, self.language)
        page.screenshot(path=file, full_page=True)
        return said


if __name__ == "__main__":
    sys.exit(main())

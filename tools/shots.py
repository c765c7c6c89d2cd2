"""Pictures of pages, to be looked at: `tools/shots.py FOLDER [/path/ …] [--as SIGN_IN]`.

Serves the site itself from the database in TAKATUF_DATA_DIR (or DATABASE_URL), so nothing else
need run. Each page is taken at 390 and 1280 px, in Arabic and English, light and dark; without
a path, every page whose address has no variable part. One line a picture says what is wrong
with it: a status other than 200, a script error, a page wider than the screen.

`--as` takes what the person signs in with (e-mail, phone) or a part of their name. `--axe` adds
the accessibility faults that axe finds. `--only ar,390,dark` narrows the eight pictures down.
"""

import argparse
import itertools
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")
os.environ.setdefault("TAKATUF_DEMO", "1")
# Playwright's event loop runs in the thread that reads the signed-in person's row.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import django  # noqa: E402
from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from django.conf import settings  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
settings.SECURE_SSL_REDIRECT = False
# Collected files may be of an older working copy: nothing is collected here.
settings.STATIC_ROOT = Path(tempfile.mkdtemp(prefix="takatuf-shots-"))
django.setup()

from allauth.account.internal.flows.login import (  # noqa: E402
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections, models  # noqa: E402
from django.test.testcases import LiveServerThread, _StaticFilesHandler  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

from tools import messages  # noqa: E402

LANGUAGES, SIZES, SCHEMES = ("ar", "en"), (390, 1280), ("light", "dark")
HEIGHT = {390: 844, 1280: 900}
VARIABLE = re.compile(r"[<(\[\\]")


def main() -> int:
    wanted = _arguments()
    messages.compile_stale()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cookie = _session_of(wanted.sign_in) if wanted.sign_in else None
    wanted.folder.mkdir(parents=True, exist_ok=True)
    server = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        return _take_all(wanted, f"http://localhost:{server.port}", cookie)
    finally:
        server.terminate()
        connections.close_all()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "paths", nargs="*", help="addresses without the language, as /opportunities/"
    )
    parser.add_argument("--as", dest="sign_in", help="e-mail, phone, or part of a name")
    parser.add_argument("--only", default="", help="any of ar,en,390,1280,light,dark")
    parser.add_argument("--axe", action="store_true", help="list accessibility faults too")
    return parser.parse_args()


def _take_all(wanted: argparse.Namespace, base: str, cookie: dict | None) -> int:
    only = set(filter(None, wanted.only.split(",")))
    faults = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        for language, size, scheme in itertools.product(LANGUAGES, SIZES, SCHEMES):
            if only and any(
                only & set(map(str, kind)) and str(value) not in only
                for kind, value in ((LANGUAGES, language), (SIZES, size), (SCHEMES, scheme))
            ):
                continue
            context = _context(
                browser, cookie, base=base, language=language, size=size, scheme=scheme
            )
            for path in wanted.paths or _plain_paths():
                page = path.strip("/").replace("/", "-") or "home"
                name = f"{page}.{language}.{size}.{scheme}.png"
                said = _take(context, path, language, wanted.folder / name, axe=wanted.axe)
                faults += bool(said)
                print(f"{wanted.folder / name}  {'; '.join(said) or 'fine'}", flush=True)
            context.close()
        browser.close()
    return 1 if faults else 0


def _context(browser: Browser, cookie: dict | None, **kind) -> BrowserContext:
    base, language, size = kind["base"], kind["language"], kind["size"]
    context = browser.new_context(
        base_url=base,
        locale="ar-SA" if language == "ar" else "en-GB",
        timezone_id="Asia/Riyadh",
        viewport={"width": size, "height": HEIGHT[size]},
        color_scheme=kind["scheme"],
        has_touch=size == SIZES[0],
    )
    if cookie:
        context.add_cookies([cookie | {"url": base}])
    return context


def _take(
    context: BrowserContext, path: str, language: str, file: Path, *, axe: bool
) -> list[str]:
    """Take one picture; what is wrong with the page."""
    said: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(f"script error: {error}"))
    page.on("console", lambda entry: said.append(entry.text) if entry.type == "error" else None)
    response = page.goto(("" if language == "ar" else "/en") + path, wait_until="networkidle")
    if response and response.status != 200:  # noqa: PLR2004 - the plain good answer
        said.append(f"status {response.status}")
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if width > 0:
        said.append(f"{width} px wider than the screen")
    page.screenshot(path=file, full_page=True)
    if axe:
        said += _axe_faults(page)
    page.close()
    return said


def _axe_faults(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"axe {each['id']} at {each['nodes'][0]['target'][0]} (of {len(each['nodes'])})"
        for each in violations
    ]


def _session_of(sign_in: str) -> dict[str, str]:
    """A signed-in session of the person, as the browser's cookie."""
    people = get_user_model().objects.all()
    texts = [
        field.name
        for field in people.model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name != "password"
    ]
    match = models.Q()
    for name in texts:
        match |= models.Q(**{f"{name}__icontains": sign_in})
    person = people.filter(match).order_by("pk").first()
    if person is None:
        sys.exit(f"Nobody here signs in with {sign_in!r}, and no name has it in it.")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    # Staff pages open to a session that has shown a password and a second factor.
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "at": time.time()} for method in ("password", "mfa")
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or ""}


def _plain_paths() -> list[str]:
    """Every address without a variable part, without its language."""
    found = {path for path in _walk(get_resolver(), "/") if not VARIABLE.search(path)}
    return sorted(path for path in found if path.endswith("/"))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from _walk(entry, path)


if __name__ == "__main__":
    sys.exit(main())

"""Fixtures of the browser journeys: a real Chromium against the real site."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PHONE, DESK = (390, 844), (1280, 900)
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: apt-get install chromium"
    # Playwright runs an event loop in this thread; the rows a journey looks at are read in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """``open_page("/path/", language="ar", size=PHONE)``: a page in a browser of its own.

    ``scripts=False`` is a browser without JavaScript.

    The test fails at its end if a page threw a script error, broke the content security
    policy, or asked for something outside the site.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        path: str = "/",
        *,
        language: str = "ar",
        size: tuple[int, int] = PHONE,
        scripts: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="ar-SA" if language == "ar" else "en-GB",
            timezone_id="Asia/Riyadh",
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == PHONE,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("console", lambda entry: _note_console(entry, complaints))
        page.on(
            "request", lambda request: _note_foreign(request.url, live_server.url, complaints)
        )
        prefix = "" if language == "ar" else "/en"
        page.goto(prefix + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _note_console(entry, complaints: list[str]) -> None:
    if entry.type == "error" and "Content Security Policy" in entry.text:
        complaints.append(entry.text)


def _note_foreign(url: str, own: str, complaints: list[str]) -> None:
    if not url.startswith((own, "data:", "blob:", "about:")):
        complaints.append(f"asked for something outside the site: {url}")

"""A person at a browser: walks by what the page offers, and looks at every page they meet.

Controls are found by the name the form gives them, headings by what they say: the same
journey runs in both languages.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Locator, Page, Response, expect

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RUN_AXE = "async () => (await axe.run({resultTypes: ['violations']})).violations"
TOO_BAD = {"serious", "critical"}
CODE = re.compile(r"\b\d{6}\b")


@cache
def _axe() -> str:
    return AXE.read_text()


@dataclass
class Visitor:
    """One browser. ``words`` maps an Arabic sentence of the site to the reader's own."""

    page: Page
    language: str = "ar"
    scripts: bool = True
    looked_at: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.errors: list[str] = []
        self.page.on("response", self._note_crash)
        self.page.on("console", self._note_console)

    def _note_crash(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")

    def _note_console(self, entry) -> None:
        if entry.type == "error":
            self.errors.append(f"{self.page.url}: {entry.text}")

    # ------------------------------------------------------------ walking
    def go(self, path: str) -> None:
        self.page.goto(("" if self.language == "ar" else "/en") + path)
        self.look()

    def press(self, selector: str, **named) -> None:
        """Press what the selector finds, once the page shows it, and look at what comes."""
        self.page.locator(selector, **named).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def choose(self, **values: str) -> None:
        """A value of a select, or of a group of radio buttons or boxes."""
        for name, value in values.items():
            control = self.page.locator(f"main [name={name}]").first
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            else:
                self.page.locator(f"main [name={name}][value='{value}']").check()

    def send(self) -> None:
        """The main act of the page's form."""
        self.press("main form .form-actions button.main")

    # ------------------------------------------------------------ seeing
    def sees(self, arabic: str, english: str) -> None:
        words = arabic if self.language == "ar" else english
        expect(self.page.locator("main")).to_contain_text(words)

    def heading(self, arabic: str, english: str) -> None:
        expect(self.page.locator("h1")).to_have_text(
            arabic if self.language == "ar" else english
        )

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def look(self) -> None:
        """Direction, language, width, and what axe finds: once for each page."""
        address = self.page.url.split("?")[0]
        assert not self.errors, "\n".join(self.errors)
        if not self.scripts or address in self.looked_at:
            return
        self.looked_at.add(address)
        root = self.page.locator("html")
        assert root.get_attribute("lang") == self.language, address
        assert root.get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr"), address
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{address} is {wider} px wider than the screen"
        self.page.evaluate(_axe())
        found = [v for v in self.page.evaluate(RUN_AXE) if v["impact"] in TOO_BAD]
        assert not found, (
            address
            + "\n"
            + "\n".join(
                f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}"
                for v in found
            )
        )

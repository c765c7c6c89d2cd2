"""The page shell in a real browser: direction, language, nothing wider than the screen."""

import pytest

from tests.browser import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_a_missing_page_is_said_in_the_readers_language(open_page, language, direction, size):
    page = open_page("/no-such-page/", language=language, size=size)
    root = page.locator("html")
    assert root.get_attribute("lang") == language
    assert root.get_attribute("dir") == direction
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

"""What a request names is whatever anybody wrote there."""

import pytest

from takatuf.kernel.asked import connection_of, page_of_ours, row_key


@pytest.mark.parametrize("wanted", ["/", "/me/?a=1&b=ب", "/en/opportunities/x/#top"])
def test_a_path_of_ours_is_kept(wanted):
    assert page_of_ours(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "", "foo", "site:home", "1e400", "{{ 7|add:7 }}", "//evil.example", "///evil.example",
        "/\\evil.example", "\\\\evil.example", "https://evil.example/", "javascript:alert(1)",
        "/\t/evil.example", " /me/", "/" + "a" * 2000,
    ],
)  # fmt: skip
def test_anything_else_leads_nowhere(wanted):
    assert page_of_ours(wanted) == ""


def test_a_key_is_a_short_number_in_ascii():
    assert row_key("17") == 17
    assert row_key("9" * 18) == int("9" * 18)


@pytest.mark.parametrize("typed", ["", "-1", "1.0", "²", "١٧", "1_0", " 1", "1\0", "9" * 5000])
def test_anything_else_is_no_key(typed):
    assert row_key(typed) is None


def test_a_client_cannot_say_where_it_comes_from(rf):
    asked = rf.get("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="203.0.113.9")

    assert connection_of(asked) == "192.0.2.7"


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    asked = rf.get(
        "/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.4"
    )

    assert connection_of(asked) == "198.51.100.4"

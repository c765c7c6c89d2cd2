from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from takatuf.kernel import signed_links
from takatuf.kernel.errors import DomainError
from takatuf.kernel.one_click import OneClick, answer

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_link_gives_back_what_was_put_in_it():
    token = signed_links.make("placement.offer", {"application": 7}, DAY, at=NOW)

    assert signed_links.read(token, "placement.offer", at=NOW) == {"application": 7}


def test_a_link_is_worth_nothing_for_another_purpose():
    token = signed_links.make("placement.offer", {"application": 7}, DAY, at=NOW)

    with pytest.raises(signed_links.BadLink):
        signed_links.read(token, "accounts.consent", at=NOW)


def test_a_link_ends_with_its_time():
    token = signed_links.make("placement.offer", {}, DAY, at=NOW)

    signed_links.read(token, "placement.offer", at=NOW + DAY - timedelta(seconds=1))
    with pytest.raises(signed_links.ExpiredLink):
        signed_links.read(token, "placement.offer", at=NOW + DAY)


@given(place=st.integers(0, 200), letter=st.sampled_from("Aa0-_.é="))
def test_a_changed_link_is_refused(place, letter):
    token = signed_links.make("placement.offer", {"application": 7}, DAY, at=NOW)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    if changed == token:
        return

    with pytest.raises(signed_links.BadLink):
        signed_links.read(changed, "placement.offer", at=NOW)


@given(st.text(max_size=80))
def test_any_rubbish_is_refused_with_a_sentence(token):
    with pytest.raises(signed_links.BadLink):
        signed_links.read(token, "placement.offer", at=NOW)


def test_a_link_signed_with_the_old_key_still_works(settings):
    settings.SECRET_KEY = "old"
    token = signed_links.make("placement.offer", {"application": 7}, DAY, at=NOW)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]

    assert signed_links.read(token, "placement.offer", at=NOW) == {"application": 7}


def test_a_token_stands_in_a_path_as_it_is():
    token = signed_links.make("placement.offer", {"application": 7}, DAY, at=NOW)

    assert set(token) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


# ---------------------------------------------------------------- the page behind a link
ASK = OneClick(title="هل تأكد حضورك؟", button="تأكيد", facts={"when": "<b>now</b>"})


@pytest.fixture
def pages(monkeypatch):
    """What the page was rendered with, without the site's shell around it."""
    seen = []

    def render(request, template, context, status):
        seen.append(context)
        return HttpResponse(status=status)

    monkeypatch.setattr("takatuf.kernel.one_click.render", render)
    return seen


def refuse():
    raise signed_links.ExpiredLink("over")


def test_opening_a_link_changes_nothing(pages):
    done = []

    response = answer(RequestFactory().get("/x"), ASK, lambda: done.append(1) or "done")

    assert (done, response.status_code) == ([], 200)
    assert pages[0]["ask"] is ASK
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_button_acts_and_says_what_came_of_it(pages):
    response = answer(RequestFactory().post("/x"), ASK, lambda: "تم")

    assert (response.status_code, pages[0]["done"]) == (200, "تم")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_is_shown_in_place(pages, method):
    request = getattr(RequestFactory(), method)("/x")

    response = answer(request, refuse, refuse)

    assert response.status_code == 409
    assert isinstance(pages[0]["refusal"], DomainError)


def test_what_an_answer_is_about_is_said_unless_the_link_is_broken(pages):
    answer(RequestFactory().post("/x"), ASK, lambda: "تم", about=lambda: "زيارة")
    answer(RequestFactory().get("/x"), refuse, refuse, about=refuse)

    assert [page["about"] for page in pages] == ["زيارة", None]


def test_other_methods_do_not_act(pages):
    done = []

    answer(RequestFactory().head("/x"), ASK, lambda: done.append(1) or "")

    assert done == []

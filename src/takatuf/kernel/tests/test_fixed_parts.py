"""Parts and frames drawn once: the same to everybody, and only what is."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.utils.safestring import mark_safe

from takatuf.kernel import frames
from takatuf.kernel.frames import render_framed


def drawn(template: Template, **values) -> str:
    return template.render(Context(values))


# ---------------------------------------------------------------- {% fixed %}
def test_it_is_drawn_once_for_equal_values():
    template = Template(
        "{% fixed size=size %}{% for n in size %}{{ n }}{% endfor %}{% endfixed %}"
    )

    assert drawn(template, size="ab") == "ab"
    assert drawn(template, size="abc") == "abc"
    assert drawn(template, size="ab") == "ab"
    assert len(template.nodelist[0]._drawn) == 2


def test_it_differs_from_language_to_language():
    template = Template(
        "{% load i18n %}{% fixed %}{% get_current_language as l %}{{ l }}{% endfixed %}"
    )
    with translation.override("ar"):
        assert drawn(template) == "ar"
    with translation.override("en"):
        assert drawn(template) == "en"


def test_nothing_of_the_page_is_seen_inside_unless_it_is_named():
    template = Template(
        "{% fixed a=a %}{{ a }}{{ secret }}{{ csrf_token }}{% endfixed %}{{ secret }}"
    )

    assert drawn(template, a=1, secret="x", csrf_token="y") == "1x"


def test_values_are_escaped_inside():
    assert drawn(Template("{% fixed a=a %}{{ a }}{% endfixed %}"), a="<b>") == "&lt;b&gt;"


def test_only_so_many_drawings_are_kept():
    template = Template("{% fixed n=n %}{{ n }}{% endfixed %}")

    assert [drawn(template, n=n) for n in range(300)] == [str(n) for n in range(300)]
    assert len(template.nodelist[0]._drawn) == 100


def test_a_value_without_a_name_is_a_mistake():
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        Template("{% fixed size %}{% endfixed %}")


# ---------------------------------------------------------------- frames
TEMPLATE = "framed.html"
PAGE = """{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}
{% block content %}<p>{{ words }}</p>{{ markup }}{{ title }}{% endblock %}"""


@pytest.fixture(autouse=True)
def template(tmp_path, settings):
    """The page beside the product's own templates."""
    (tmp_path / TEMPLATE).write_text(PAGE)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    frames._frames.clear()
    yield
    frames._frames.clear()


def page(path="/x/", cookies=None, **values) -> str:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies or {})
    request.user, request._messages = AnonymousUser(), []
    given = {"title": "", "words": "", "markup": ""} | values
    return render_framed(request, TEMPLATE, given).content.decode()


def test_a_framed_page_is_the_page():
    values = {"title": "أ & ب", "words": "<script>", "markup": mark_safe("<b>م</b>")}
    for path in ("/x/?a=1&b=2", "/x/?a=2"):
        framed = page(path, **values)
        assert framed == page(path, cookies={"sessionid": "x"}, **values)
        assert "&lt;script&gt;" in framed
        assert "<title>أ &amp; ب ·" in framed
    assert len(frames._frames) == 1


def test_a_value_is_put_in_as_it_is_and_never_taken_for_a_slot():
    assert "<p>a\0title\0b</p>" in page(title="secret", words="a\0title\0b")


def test_language_path_and_settings_have_frames_of_their_own():
    with translation.override("ar"):
        arabic = page()
    with translation.override("en"):
        english = page()
    assert 'lang="ar"' in arabic
    assert 'lang="en"' in english
    with override_settings(DEMO=True):
        assert "ribbon" in page()
    with override_settings(DEMO=False):
        assert "ribbon" not in page()
    with translation.override("ar"):
        assert 'aria-current="page"' not in page()
        assert 'aria-current="page"' in page("/opportunities/")


def test_a_page_of_somebody_known_is_no_frame():
    page(cookies={"sessionid": "x"}, words="نورة")

    assert not frames._frames

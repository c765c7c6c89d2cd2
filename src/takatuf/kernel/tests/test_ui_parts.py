import re

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError

from takatuf.kernel.specimens import HOSTILE
from takatuf.kernel.templatetags.ui import TONES

ALL_TEXT_PLACES = (
    "{% badge typed %}",
    "{% card heading=typed %}{% endcard %}",
    "{% notice heading=typed %}{% endnotice %}",
    "{% empty_state heading=typed action=typed href='/' %}{% endempty_state %}",
    "{% stats %}{% stat typed typed note=typed %}{% endstats %}",
    "{% timeline %}{% moment title=typed at=typed %}{% endmoment %}{% endtimeline %}",
    "{% table caption=typed %}{% endtable %}",
    "{% dialog id='d' heading=typed %}{% enddialog %}",
    "{% breadcrumb typed '/' typed %}",
    "{% button typed %}",
    "{% chip typed '/' count=3 %}",
    "{% bar 1 2 label=typed %}",
    "{% avatar typed %}",
    "{% icon 'clock' typed %}",
    "{% progress 1 2 label=typed %}",
    "{% pagination first=typed following=typed %}",
    "{{ typed|usertext }}",
    "{{ typed|userprose }}",
    "{{ typed|code }}",
    "{{ typed|ltr }}",
    "{{ typed|digits }}",
    "{{ typed|phone }}",
)


def render(source, **context):
    return Template(source).render(Context(context))


class Sample(forms.Form):
    name = forms.CharField(label="الاسم", help_text="كما في الهوية")
    mail = forms.EmailField(required=False)
    way = forms.ChoiceField(choices=[("a", HOSTILE), ("b", "ب")], widget=forms.RadioSelect())
    free = forms.MultipleChoiceField(choices=[("0-1", "x"), ("0-2", "y")], required=False)
    token = forms.CharField(widget=forms.HiddenInput(), required=False)


@pytest.mark.parametrize("source", ALL_TEXT_PLACES)
def test_no_part_lets_hostile_text_through(source):
    html = render(source, typed=HOSTILE)

    assert "<script" not in html
    assert 'alert("x")' not in html


@pytest.mark.parametrize(
    "source",
    [
        "{% badge 'x' tone='pink' %}",
        "{% bar 1 2 label='x' tone='pink' %}",
        "{% notice tone='pink' %}{% endnotice %}",
        "{% card tone='pink' %}{% endcard %}",
        "{% stat 1 'x' tone='pink' %}",
        "{% button 'x' kind='pink' %}",
        "{% moment title='x' state='pink' %}{% endmoment %}",
        "{% avatar 'x' tone='pink' %}",
    ],
)
def test_a_variant_outside_the_palette_is_refused(source):
    with pytest.raises(TemplateSyntaxError, match="pink"):
        render(source)


@pytest.mark.parametrize(
    "source", ["{% badge 'x' colour='red' %}", "{% card title='x' %}{% endcard %}"]
)
def test_an_unknown_parameter_is_refused(source):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword"):
        render(source)


@pytest.mark.parametrize("tone", TONES)
def test_a_badge_carries_its_tone_and_its_word(tone):
    assert render("{% badge 'مهارية' tone=tone %}", tone=tone) == (
        f'<span class="badge {tone}">مهارية</span>'
    )


def test_a_card_holds_what_is_between_its_tags():
    html = render("{% card heading='كشف' link='/all/' link_text='الكل' %}<p>x</p>{% endcard %}")

    assert html.index("كشف") < html.index('href="/all/"') < html.index("<p>x</p>")


def test_a_bar_says_in_words_how_full_it_is_and_never_overflows():
    html = render("{% bar 14 12 label='12 من 12' %}")

    assert 'value="12" max="12" aria-label="12 من 12"' in html


def test_a_bar_of_nothing_is_empty():
    assert 'value="0" max="1"' in render("{% bar 0 0 label='x' %}")


def test_only_icons_along_the_line_of_reading_mirror():
    assert "icon flip" in render("{% icon 'forward' %}")
    assert "flip" not in render("{% icon 'clock' %}")


def test_an_icon_without_a_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in render("{% icon 'clock' %}")
    assert 'role="img" aria-label="الوقت"' in render("{% icon 'clock' 'الوقت' %}")


def test_a_button_with_an_address_is_a_link_and_else_submits():
    assert render("{% button 'x' href='/a/' kind='quiet' %}").startswith(
        '<a class="btn quiet" href="/a/"'
    )
    assert render("{% button 'x' name='act' value='go' %}").startswith(
        '<button class="btn main" name="act" value="go"'
    )


def test_pages_without_neighbours_show_nothing():
    assert render("{% pagination %}").strip() == ""


@pytest.mark.parametrize(
    ("given", "back"), [("first", "الصفحة الأولى"), ("previous", "الصفحة السابقة")]
)
def test_the_ways_through_a_list_have_one_name_each(given, back):
    ways = f"{{% pagination {given}='?a' following='?b' %}}"

    shown = re.findall(r'<a .*?rel="(\w+)" href="(.*?)">(.*?)</a>', render(ways))

    assert [(rel, at, re.sub("<.*>", "", words)) for rel, at, words in shown] == [
        ("prev", "?a", back), ("next", "?b", "الصفحة التالية"),
    ]  # fmt: skip


def test_eligibility_says_the_way_only_where_it_is_needed():
    rules = [
        {"met": True, "text": "العمر", "way": "لا يظهر"},
        {
            "met": False,
            "text": "إسعافات",
            "way": "دورة السبت",
            "href": "/c/",
            "href_text": "تسجيل",
        },
        {"met": None, "text": "التعارض"},
    ]
    html = render("{% eligibility rules %}", rules=rules)

    assert "لا يظهر" not in html
    assert html.index("إسعافات") < html.index("دورة السبت") < html.index('href="/c/"')
    assert [html.count(f'class="{kind}"') for kind in ("met", "unmet", "open")] == [1, 1, 1]


# ---------------------------------------------------------------- fields
def test_a_field_ties_label_hint_and_error_together():
    html = render("{% field form.name %}", form=Sample({}))

    assert '<label for="id_name">' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'id="id_name_hint"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("aria-describedby") == 1


def test_a_field_keeps_what_was_typed_and_escapes_it():
    html = render("{% field form.name %}", form=Sample({"name": HOSTILE}))

    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_text_takes_its_own_direction_and_addresses_go_left_to_right():
    assert 'dir="auto"' in render("{% field form.name %}", form=Sample())
    assert 'dir="ltr"' in render("{% field form.mail %}", form=Sample())


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = render("{% field form.way look='cards' %}", form=Sample())

    assert "<fieldset" in html
    assert html.count("<label") == 2
    assert "<script" not in html


def test_a_hidden_field_is_only_itself():
    assert render("{% field form.token %}", form=Sample()).startswith('<input type="hidden"')


def test_optional_fields_are_marked_and_required_ones_are_not():
    assert 'class="optional"' in render("{% field form.mail %}", form=Sample())
    assert 'class="optional"' not in render("{% field form.name %}", form=Sample())


def test_the_summary_links_each_error_to_its_control():
    html = render("{% form_errors form %}", form=Sample({"mail": "x@"}))

    assert [f'href="#{target}"' in html for target in ("id_name", "id_mail", "id_way_0")] == [
        True
    ] * 3
    assert 'role="alert"' in html


def test_a_sentence_to_agree_to_gives_up_its_full_stop_in_the_summary():
    class Agreeing(forms.Form):
        read = forms.BooleanField(label="قرأته.")

    html = render("{% form_errors form %}", form=Agreeing({}))

    assert "قرأته</a>:" in html


def test_what_is_not_counted_yet_is_not_said():
    assert "<span" not in render("{% progress 0 0 label='…' %}")
    assert "<span" in render("{% progress 0 2 label='…' %}")


def test_the_summary_is_silent_before_anything_was_sent():
    assert render("{% form_errors form %}", form=Sample()).strip() == ""


def test_the_grid_of_choices_keeps_what_was_chosen_and_names_each_box():
    html = render(
        "{% grid_choice form.free rows=rows columns=columns corner='اليوم' %}",
        form=Sample({"free": ["0-2"]}), rows=[(0, "الأحد")], columns=[(1, "صباحًا"), (2, "مساءً")],
    )  # fmt: skip

    assert 'value="0-2" aria-label="الأحد، مساءً" checked' in html
    assert html.count("checked") == 1

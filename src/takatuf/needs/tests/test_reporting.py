"""Reporting a need: what is asked, and how its reporter follows it."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import outbox, signed_links
from takatuf.kernel.models import IssuedNumber, RateWindow
from takatuf.needs import commands, links, queries, views
from takatuf.needs.enums import NeedStatus
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_person, manager_of, words
from takatuf.registry.tests.factories import BodyFactory, FieldFactory, GovernorateFactory

pytestmark = pytest.mark.django_db


def form(**changes) -> dict:
    return {
        "title": "دروس تقوية للمرحلة المتوسطة",
        "description": "يتأخر طلاب المرحلة المتوسطة في الرياضيات ولا يجدون معينًا.",
        "target_group": "youth", "field": FieldFactory(code="education").code,
        "governorate": GovernorateFactory().code, "urgency": "3", "people_estimate": "٢٤٠",
        "estimate_basis": "قائمة المدرسة", "place": "حي الورود",
    } | changes  # fmt: skip


def test_a_visitor_reports_and_keeps_a_page_that_later_shows_the_answer(client):
    done = client.post(
        reverse("needs:report"), form(reporter_contact="٠٥٥١٢٣٤٥٦٧"), follow=True
    )
    need = Need.objects.get()

    assert (need.people_estimate, need.reporter_contact) == (240, "+966551234567")
    assert need.code in done.content.decode()
    follow = done.request["PATH_INFO"]
    NeedFactory._meta.model.objects.filter(pk=need.pk).update(
        status=NeedStatus.REJECTED, decided_at=NOW, answer="أُحيل إلى الجهة المختصة"
    )
    page = client.get(follow)
    assert "أُحيل إلى الجهة المختصة" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_the_page_shows_what_was_sent_and_how_it_is_put_right(client):
    given = form(place="حي الورود", reporter_contact="0551234567")
    shown = client.post(reverse("needs:report"), given, follow=True).text

    for fact in (
        "الشباب",
        "تبوك · ",
        "حي الورود",
        "شخصًا",
        "قائمة المدرسة",
        "خلال أيام",
    ):
        assert fact in shown
    assert f'<a href="{reverse("needs:report")}">تسجيله من جديد</a>' in shown
    assert "551234567" not in shown  # whose it is nobody has proved

    client.post(reverse("needs:report"), form(place="", people_estimate="", estimate_basis=""))
    token = links.follow_token(Need.objects.latest("pk"), at=timezone.now())
    bare = client.get(reverse("needs:follow", args=[token])).text
    assert "لم يُقدَّر بعد" in bare
    assert "تبوك ·" not in bare


def test_once_answered_the_page_no_longer_asks_to_put_it_right(client):
    need = NeedFactory(validated=True)
    token = links.follow_token(need, at=timezone.now())

    assert "تسجيله من جديد" not in client.get(reverse("needs:follow", args=[token])).text


@pytest.mark.parametrize("token", ["x", "a.b", ""])
def test_a_made_up_follow_link_opens_nothing(client, token):
    NeedFactory()
    other = signed_links.make("placement.answer", {"need": 1})
    for given in filter(None, (token, other)):
        assert client.get(f"/needs/follow/{given}/").status_code in {404, 409}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "قصير"}, "title"),
        ({"description": "قصير"}, "description"),
        ({"people_estimate": "كثير"}, "people_estimate"),
        ({"people_estimate": "0"}, "people_estimate"),
        ({"estimate_basis": ""}, "estimate_basis"),
        ({"governorate": "atlantis"}, "governorate"),
        ({"field": ""}, "field"),
        ({"urgency": "9"}, "urgency"),
        ({"target_group": ""}, "target_group"),
        ({"reporter_contact": "هاتفي"}, "reporter_contact"),
        ({"reporter_contact": "a@"}, "reporter_contact"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(client, change, field):
    page = client.post(reverse("needs:report"), form(**change))

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert f'id="id_{field}_error"' in page.content.decode()
    assert "قائمة المدرسة" in page.content.decode() or field == "estimate_basis"
    assert not Need.objects.exists()


def test_a_manager_chooses_to_report_for_the_body_or_alone(client):
    body = BodyFactory()
    sign_in(client, manager_of(body))

    client.post(reverse("needs:report"), form(on_behalf_of=body.code))
    client.post(reverse("needs:report"), form(on_behalf_of="me"))
    foreign = client.post(reverse("needs:report"), form(on_behalf_of=BodyFactory().code))

    assert [need.body for need in Need.objects.order_by("pk")] == [body, None]
    assert foreign.status_code == 422


@pytest.mark.parametrize(
    "typed",
    ["٤٥٠ تقريبا", "حوالي ٤٥٠", "~450", "about 450 people", "450", "٤٥٠ شخصًا", "450 فردًا"],
)
def test_a_number_given_about_is_read(client, typed):
    client.post(reverse("needs:report"), form(people_estimate=typed))

    assert Need.objects.get().people_estimate == 450


@pytest.mark.parametrize("typed", ["٤٠٠ إلى ٥٠٠", "٣ آلاف", "تقريبا ٤٥٠ أسرة", "تقريبا"])
def test_another_number_is_not_guessed_and_its_ground_is_asked_at_once(client, typed):
    page = client.post(reverse("needs:report"), form(people_estimate=typed, estimate_basis=""))

    assert set(page.context["form"].errors) == {"people_estimate", "estimate_basis"}


def test_sent_again_it_is_one_need_and_one_message_leads_to_its_page(client):
    given = form(reporter_contact="0551234567")
    first = client.post(reverse("needs:report"), given)
    again = client.post(reverse("needs:report"), given)
    other = client.post(reverse("needs:report"), given | {"place": "حي المروج"})

    one, two = Need.objects.order_by("pk")
    told = outbox.messages_to_address("+966551234567").order_by("pk")
    assert [message.template for message in told] == ["needs.reported"] * 2
    assert one.code in told[0].body
    assert one.code in client.get(told[0].context["link"].removeprefix(settings.BASE_URL)).text
    for response, need in ((first, one), (again, one), (other, two)):
        assert need.code in client.get(response.url).text


@pytest.mark.parametrize(
    "change",
    [
        {"people_estimate": "٣٠٠"}, {"estimate_basis": "تقدير"}, {"urgency": "1"},
        {"target_group": "children"}, {"reporter_contact": "0551234568"}, {"place": ""},
    ],
)  # fmt: skip
def test_a_correction_sent_again_is_recorded(client, change):
    given = form(reporter_contact="0551234567")
    client.post(reverse("needs:report"), given)

    for _time in range(2):
        client.post(reverse("needs:report"), given | change)

    assert Need.objects.count() == 2


@pytest.mark.parametrize("since", ["long ago", "answered", "somebody else"])
def test_the_same_words_at_another_time_are_another_need(client, since):
    client.post(reverse("needs:report"), form())
    rows = Need.objects.all()
    if since == "long ago":
        rows.update(reported_at=timezone.now() - queries.SECOND_PRESS)
    elif since == "answered":
        commands.reject_need(need_id=rows.get().pk, answer="س", by=desk_person(), at=NOW)
        assert rows.get().submission is None

    for _time in range(2):
        other = {"REMOTE_ADDR": "192.0.2.7"} if since == "somebody else" else {}
        page = client.post(reverse("needs:report"), form(), **other)

    assert rows.count() == 2
    assert rows.latest("pk").code in client.get(page.url).text


def test_pressed_twice_at_once_it_is_one_need_by_the_word_of_the_database(client, monkeypatch):
    given = form(reporter_contact="0551234567")
    first = client.post(reverse("needs:report"), given)
    looked = queries.sent_before
    answers = iter([None])  # the second press looks before the first has written
    monkeypatch.setattr(queries, "sent_before", lambda *a, **k: next(answers, looked(*a, **k)))

    second = client.post(reverse("needs:report"), given)

    need = Need.objects.get()
    for page in (first, second):
        assert need.code in client.get(page.url).text
    assert outbox.messages_to_address("+966551234567").count() == 1
    assert IssuedNumber.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_contact_nobody_proved_gets_the_number_and_the_link_but_no_words_of_the_writer(
    language,
):
    title = "ربحت جائزة في https://evil.example"
    other = NeedFactory(validated=True, code="N-2026-9000")
    for answer in ("reject", "close", "merge"):
        need = commands.report_need(
            by=None, at=NOW, reporter_contact="+966551234567", language=language,
            **words(title=title, description="ربحت جائزة " * 3),
        )  # fmt: skip
        if answer == "reject":
            commands.reject_need(need_id=need.pk, answer="خارج", by=desk_person(), at=NOW)
            continue
        commands.validate_need(need_id=need.pk, by=desk_person(), at=NOW)
        if answer == "close":
            commands.close_need(need_id=need.pk, answer="تم", by=desk_person(), at=NOW)
        else:
            commands.merge_need(need_id=need.pk, into_id=other.pk, by=desk_person(), at=NOW)

    told = list(outbox.messages_to_address("+966551234567"))
    assert {message.template.removeprefix("needs.") for message in told} == {
        "reported", "validated", "rejected", "closed", "merged"
    }  # fmt: skip
    for message in told:
        text = f"{message.subject}\n{message.body}\n{message.context}"
        assert "evil.example" not in text
        assert "جائزة" not in text
        assert message.context["code"] in message.body
        assert "«»" not in text
        assert "“”" not in text


def test_one_contact_is_written_to_three_times_a_day_and_the_need_is_still_recorded(client):
    for place in ("أ", "ب", "ج", "د"):
        given = form(reporter_contact="0551234567", place=place)
        page = client.post(reverse("needs:report"), given, follow=True, REMOTE_ADDR=ip(place))
    other = client.post(reverse("needs:report"), form(reporter_contact="a@b.sa"), follow=True)

    assert Need.objects.filter(reporter_contact="+966551234567").count() == 4
    assert outbox.messages_to_address("+966551234567").count() == 3
    assert outbox.messages_to_address("a@b.sa").count() == 1
    sentence = "تلقّت وسيلة التواصل هذه"
    assert sentence in page.content.decode()
    assert sentence not in other.content.decode()


def ip(place: str) -> str:
    return f"192.0.2.{ord(place) % 250}"


def test_nobody_floods_the_desk_and_what_was_typed_stays(client, monkeypatch):
    monkeypatch.setattr(views, "limit", _full)

    page = client.post(reverse("needs:report"), form())

    assert page.status_code == 429
    assert "قائمة المدرسة" in page.content.decode()
    assert not Need.objects.exists()
    assert not RateWindow.objects.exists()


def _full(*_args, **_kwargs):
    raise views.TooMany("كثير", retry_after=60)

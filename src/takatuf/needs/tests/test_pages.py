"""Every address of needs: who may see it, who may act, and that nobody else changes a thing."""

import re

import pytest
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import search, signed_links
from takatuf.kernel.models import Message, RateWindow
from takatuf.needs import contributions, queries, views
from takatuf.needs.enums import NeedStatus
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_body, desk_person, manager_of
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def form(**changes) -> dict:
    return {
        "title": "دروس تقوية للمرحلة المتوسطة",
        "description": "يتأخر طلاب المرحلة المتوسطة في الرياضيات ولا يجدون معينًا.",
        "target_group": "youth", "field": FieldFactory(code="education").code,
        "governorate": GovernorateFactory().code, "urgency": "3", "people_estimate": "٢٤٠",
        "estimate_basis": "قائمة المدرسة", "place": "حي الورود",
    } | changes  # fmt: skip


def table() -> list[dict]:
    return list(Need.objects.order_by("pk").values())


# ---------------------------------------------------------------- permission of each address
def people() -> dict:
    return {
        "visitor": None,
        "volunteer": PersonFactory(),
        "manager": manager_of(BodyFactory()),
        "auditor": OfficeFactory(role=Role.AUDITOR, body=desk_body()).person,
        "desk": desk_person(),
    }


PAGES = {  # address → who gets it; others are sent to sign in (302), refused (403) or find nothing
    "list": {"visitor", "volunteer", "manager", "auditor", "desk"},
    "report": {"visitor", "volunteer", "manager", "auditor", "desk"},
    "queue": {"desk", "auditor"},
    "public": {"visitor", "volunteer", "manager", "auditor", "desk"},
    "unanswered": {"auditor", "desk"},
}


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_which_page(client, page):
    needs = {"public": NeedFactory(validated=True), "unanswered": NeedFactory()}
    address = (
        reverse("needs:detail", args=[needs[page].code])
        if page in needs
        else reverse(f"needs:{page}")
    )
    for name, person in people().items():
        client.logout()
        if person:
            sign_in(client, person)
        status = client.get(address).status_code
        assert (status == 200) is (name in PAGES[page]), (name, status)
        assert status in {200, 302, 403, 404}


@pytest.mark.parametrize("act", ["decide", "close"])
def test_only_the_desk_acts_and_nothing_else_changes_a_row(client, act):
    need = NeedFactory(validated=act == "close")
    address = reverse(f"needs:{act}", args=[need.code])
    data = {"answer": "validate"} if act == "decide" else {"answer": "تم"}
    before = table()
    for name, person in people().items():
        client.logout()
        if person:
            sign_in(client, person)
        assert client.get(address).status_code in {302, 405}, name
        if name != "desk":
            assert client.post(address, data).status_code in {302, 403, 404}, name
            assert table() == before, name
    assert client.post(address, data).status_code == 302
    assert table() != before


def test_missing_and_not_for_these_eyes_look_alike(client):
    hidden = client.get(reverse("needs:detail", args=[NeedFactory().code]))
    missing = client.get(reverse("needs:detail", args=["N-1999-0001"]))

    assert hidden.status_code == missing.status_code == 404


# ---------------------------------------------------------------- reporting
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


def test_nobody_floods_the_desk_and_what_was_typed_stays(client, monkeypatch):
    monkeypatch.setattr(views, "limit", _full)

    page = client.post(reverse("needs:report"), form())

    assert page.status_code == 429
    assert "قائمة المدرسة" in page.content.decode()
    assert not Need.objects.exists()
    assert not RateWindow.objects.exists()


def _full(*_args, **_kwargs):
    raise views.TooMany("كثير", retry_after=60)


# ---------------------------------------------------------------- the desk's answers
@pytest.fixture
def desk(client):
    sign_in(client, desk_person())
    return client


def decide(client, need, **data):
    return client.post(reverse("needs:decide", args=[need.code]), data)


def test_the_desk_validates_merges_and_refuses_through_the_page(desk):
    into = NeedFactory(validated=True)
    first, second, third = (NeedFactory(reporter=PersonFactory()) for _ in range(3))

    decide(desk, first, answer="validate", people_estimate="٣٠", estimate_basis="زيارة")
    decide(desk, second, answer="merge", into=into.pk)
    decide(desk, third, answer="reject", words="خارج النطاق")

    states = [Need.objects.get(pk=need.pk).status for need in (first, second, third)]
    assert states == ["validated", "merged", "rejected"]
    assert Need.objects.get(pk=first.pk).people_estimate == 30
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "answer"),
        ({"answer": "magic"}, "answer"),
        ({"answer": "merge"}, "into"),
        ({"answer": "merge", "into": "99999"}, "into"),
        ({"answer": "reject"}, "words"),
        ({"answer": "validate", "people_estimate": "7"}, "estimate_basis"),
    ],
)
def test_an_unclear_answer_is_shown_in_place_and_changes_nothing(desk, data, field):
    need = NeedFactory()
    before = table()

    page = decide(desk, need, **data)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert table() == before


def test_an_answer_that_came_too_late_is_told_in_place(desk):
    need = NeedFactory(validated=True)

    page = decide(desk, need, answer="reject", words="سبب")

    assert page.status_code == 422
    assert page.context["form"].non_field_errors()


# ---------------------------------------------------------------- pages in words
def test_hostile_words_stay_words_everywhere(client):
    body = BodyFactory(name_ar=XSS)
    need = NeedFactory(
        validated=True, title=XSS, description=XSS, place=XSS, estimate_basis=XSS,
        people_estimate=5, body=body,
    )  # fmt: skip
    closed = NeedFactory(status="closed", decided_at=NOW, answer=XSS, title=XSS)
    waiting = NeedFactory(title=XSS, body=body)
    token = signed_links.make(views.FOLLOW, {"need": closed.pk})
    sign_in(client, desk_person())
    for address in (
        reverse("needs:list"), reverse("needs:queue"), reverse("needs:follow", args=[token]),
        *(reverse("needs:detail", args=[row.code]) for row in (need, closed, waiting)),
        reverse("needs:list") + "?q=%3Cscript%3E&after=%00",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "%(" not in page


@pytest.mark.parametrize("bad", ["after=%00", "after=9.9", "q=%00", "field=%00", "group=x'"])
def test_nonsense_in_the_address_is_no_error(client, bad):
    NeedFactory(validated=True)
    assert client.get(f"{reverse('needs:list')}?{bad}").status_code == 200


def test_the_list_filters_counts_and_pages_each_need_once(client):
    umluj = GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    for n in range(25):
        NeedFactory(validated=True, urgency=1 + n % 3)
    NeedFactory(validated=True, governorate=umluj, title="تنظيف الشاطئ")
    NeedFactory()
    address = reverse("needs:list")

    first = client.get(address)
    second = client.get(address + first.context["older"])
    codes = [need.code for page in (first, second) for need in page.context["needs"]]
    assert len(codes) == len(set(codes)) == 26
    urgencies = [need.urgency for page in (first, second) for need in page.context["needs"]]
    assert urgencies == sorted(urgencies, reverse=True)
    chips = {chip["text"]: chip["count"] for chip in first.context["groups"][0]["chips"]}
    assert chips == {"تبوك": 25, "أملج": 1}
    narrowed = client.get(address, {"governorate": "umluj", "q": "شاطئ"})
    assert [need.title for need in narrowed.context["needs"]] == ["تنظيف الشاطئ"]
    nothing = client.get(address, {"q": "لا شيء كهذا"}).context
    assert (nothing["needs"], nothing["groups"]) == ([], [])


def test_what_is_covered_in_full_stands_apart(client):
    NeedFactory(validated=True, title="بلا تقدير")
    NeedFactory(validated=True, title="بعضه", people_estimate=10, people_served=9)
    NeedFactory(validated=True, title="كله", people_estimate=10, people_served=10)

    def titles(**asked):
        page = client.get(reverse("needs:list"), asked)
        counted = sum(chip["count"] for chip in page.context["groups"][0]["chips"])
        return {need.title for need in page.context["needs"]}, counted

    assert titles() == ({"بلا تقدير", "بعضه"}, 2)
    assert titles(state="answered") == ({"كله"}, 1)
    assert titles(state="nonsense") == titles()


def test_a_need_all_of_whose_people_are_served_says_so_and_asks_for_nobody(client):
    need = NeedFactory(
        status="in_plan", decided_at=NOW, urgency=3, people_estimate=10, people_served=9
    )
    page = f"/en/needs/{need.code}/"
    waiting, about = ("Being answered", "Within days", "How you can help"), "Answered in full"

    shown = client.get(page).text
    assert all(words in shown for words in waiting)
    assert about not in shown

    Need.objects.filter(pk=need.pk).update(people_served=10)
    shown = client.get(page).text
    assert not any(words in shown for words in waiting)
    assert about in shown


@pytest.mark.parametrize("rows", [2, 60])
def test_pages_take_few_queries_at_any_size(client, django_assert_max_num_queries, rows):
    for n in range(rows):
        need = NeedFactory(
            validated=True, field=FieldFactory(code=f"field-{n % 7}"), body=BodyFactory()
        )
        NeedFactory()
    with django_assert_max_num_queries(6):
        client.get(reverse("needs:list"))
    with django_assert_max_num_queries(6):
        client.get(reverse("needs:list"), {"q": "زيارة", "group": "older_people"})
    with django_assert_max_num_queries(4):
        client.get(reverse("needs:detail", args=[need.code]))
    sign_in(client, desk_person())
    with django_assert_max_num_queries(8):
        client.get(reverse("needs:queue"))
    with django_assert_max_num_queries(12):
        client.get(
            reverse("needs:detail", args=[Need.objects.filter(status="reported").first().code])
        )


def test_a_manager_is_led_to_the_studio_and_a_volunteer_to_the_list(client):
    need = NeedFactory(validated=True)
    address = reverse("needs:detail", args=[need.code])
    start = f"{reverse('opportunities:start')}?need={need.code}"

    sign_in(client, manager_of(BodyFactory()))
    assert f'href="{start}"' in client.get(address).content.decode()
    sign_in(client, PersonFactory())
    page = client.get(address).content.decode()
    assert start not in page
    assert re.search(rf"\?field={need.field.code}&(amp;)?place=tabuk", page)


def test_english_pages_speak_english(client):
    NeedFactory(validated=True)
    page = client.get("/en/needs/").content.decode()
    assert 'lang="en" dir="ltr"' in page
    assert "What the region needs" in page


# ---------------------------------------------------------------- what is contributed
def test_the_search_table_can_be_made_again():
    NeedFactory(validated=True, title="إنارة الممشى البحري")
    NeedFactory()

    search.rebuild()

    assert [row.url for row in search.find("الممشى", kinds=["need"]).items] == [
        f"/needs/{Need.objects.get(status='validated').code}/"
    ]


def test_the_desk_finds_what_waits_in_its_queue_and_nobody_else_does():
    NeedFactory()
    desk, manager = desk_person(), manager_of(BodyFactory())

    items = contributions.reported_needs(desk, list(desk.offices.select_related("body")), NOW)
    assert [item.url for item in items] == [reverse("needs:queue")]
    assert contributions.reported_needs(manager, list(manager.offices.all()), NOW) == []


def test_figures_count_open_needs_and_the_people_served():
    umluj = GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    NeedFactory(validated=True, people_estimate=100, people_served=150, estimate_basis="x")
    NeedFactory(status="in_plan", decided_at=NOW, people_estimate=300, governorate=umluj)
    NeedFactory(validated=True)
    NeedFactory()

    assert contributions._open_needs(NOW) == {"tabuk": 1, "umluj": 1, "": 2}
    assert contributions._needs_waiting(NOW) == {"tabuk": 1, "": 1}
    shares = {scope: float(share) for scope, share in queries.covered_share(NOW).items()}
    assert shares == {"tabuk": 1.0, "umluj": 0.0, "": 0.25}


def test_a_share_of_nothing_is_not_zero():
    NeedFactory(validated=True)
    assert queries.covered_share(NOW) == {}


def test_a_body_sees_what_it_can_answer_its_own_fields_first():
    body = BodyFactory()
    other = NeedFactory(validated=True, urgency=3, field=FieldFactory(code="other"))
    NeedFactory(validated=True, people_estimate=10, people_served=10)
    NeedFactory(validated=True, governorate=GovernorateFactory(code="umluj", name_ar="أ"))
    near = NeedFactory(validated=True, urgency=1)
    body.opportunities.create(
        code="OPP1", title="x", field=near.field, created_by=PersonFactory(), created_at=NOW
    )

    assert queries.answerable_by(body) == [near, other]

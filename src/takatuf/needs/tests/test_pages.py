"""The pages of needs: what they show, to whom they lead, how little they ask the database."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.needs import links, views
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_person, manager_of
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_hostile_words_stay_words_everywhere(client):
    body = BodyFactory(name_ar=XSS)
    need = NeedFactory(
        validated=True, title=XSS, description=XSS, place=XSS, estimate_basis=XSS,
        people_estimate=5, body=body,
    )  # fmt: skip
    closed = NeedFactory(status="closed", decided_at=NOW, answer=XSS, title=XSS)
    waiting = NeedFactory(title=XSS, body=body)
    token = links.follow_token(closed, at=timezone.now())
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


def test_a_need_is_recorded_in_arabic_and_never_a_complaint(client):
    """«بلاغ» is the product's word for a concern."""
    need = NeedFactory()
    sign_in(client, desk_person())
    answer = {"answer": "validate", "people_estimate": "12", "estimate_basis": "زيارة"}

    shown = client.post(f"/needs/{need.code}/decide/", answer, follow=True).text

    assert "تم الرد، وسيصل إلى من سجّله." in shown
    words = Path(views.__file__).parent / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    assert "بلاغ" not in words.read_text()

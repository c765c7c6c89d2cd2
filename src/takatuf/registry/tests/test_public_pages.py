"""The directory, and the forms anybody may fill: a body, a profile, a concern."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from takatuf.registry import commands
from takatuf.registry.enums import BodyStatus
from takatuf.registry.models import Concern
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    PersonFactory,
    SkillFactory,
    TeamFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [2, 40])
@pytest.mark.parametrize("page", ["bodies", "teams"])
def test_directory_pages_take_few_queries_at_any_size(
    client, django_assert_max_num_queries, page, rows
):
    if page == "bodies":
        BodyFactory.create_batch(rows)
    else:
        TeamFactory.create_batch(rows, field=FieldFactory(code="health"))

    with django_assert_max_num_queries(4):
        assert client.get(reverse(f"registry:{page}")).status_code == 200


def test_the_directory_tells_how_fast_a_body_answers(client):
    body = BodyFactory()
    assert "in time</p>" not in client.get("/en/bodies/").text

    for in_time in (True, True, False):
        commands.count_reply(body=body, minutes=60, in_time=in_time)
    card = client.get("/en/bodies/").text
    assert '<bdi dir="ltr">66%</bdi> of applications in time</p>' in card


def test_the_directory_finds_filters_counts_and_pages(client):
    umluj = GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    for n in range(30):
        BodyFactory(name_ar=f"جمعية الإحسان {n}", name_sort_key=f"جمعيه احسان {n:06}")
    BodyFactory(name_ar="مدرسة", name_sort_key="مدرسه", sector="educational", governorate=umluj)
    BodyFactory(waiting=True, name_ar="سر", name_sort_key="سر")
    address = reverse("registry:bodies")

    assert len(client.get(address, {"q": "الاحسان"}).context["page"].rows) == 24
    first = client.get(address)
    counts = {f.value: f.count for f, _href in first.context["facets"]["sector"]}
    assert (counts["non_profit"], counts["educational"]) == (30, 1)
    second = client.get(f"{address}{first.context['older']}")
    names = [b.pk for page in (first, second) for b in page.context["page"].rows]
    assert len(names) == len(set(names)) == 31
    chosen = client.get(address, {"governorate": "umluj"})
    assert [b.name_ar for b in chosen.context["page"].rows] == ["مدرسة"]
    assert client.get(address, {"q": "لا أحد هنا"}).status_code == 200


def test_who_finds_the_account_closed_reads_how_to_reach_the_association(client):
    desk = BodyFactory(
        desk=True, contact_email="desk@example.org", contact_phone="+966144230000"
    )

    page = client.get("/en" + reverse("account_inactive")).text

    assert reverse("registry:body", args=[desk.code]) in page
    assert 'href="mailto:desk@example.org"' in page
    assert 'href="tel:+966144230000"' in page


def test_a_chosen_filter_stays_to_be_taken_back_where_nothing_is_left(client):
    GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    FieldFactory(code="health")
    TeamFactory(governorate=GovernorateFactory())
    asked = {
        "bodies": {"governorate": "umluj", "q": "x"},
        "teams": {"governorate": "umluj", "field": "health"},
    }

    for page, chosen in asked.items():
        facets = client.get(reverse(f"registry:{page}"), chosen).context["facets"]
        for name in chosen.keys() - {"q"}:
            kept = [(f.value, f.count, href) for f, href in facets[name] if f.current]
            assert [row[:2] for row in kept] == [(chosen[name], 0)]
            assert f"{name}=" not in kept[0][2]


@pytest.mark.parametrize("bad", ["after=%00", "after=x|y", "q=%00", "sector=%00", "after=|9"])
def test_nonsense_in_the_address_is_no_error(client, bad):
    for page in ("bodies", "teams"):
        assert client.get(f"{reverse(f'registry:{page}')}?{bad}").status_code == 200


# ---------------------------------------------------------------- forms through the pages
def body_data(**changes):
    return {
        "name_ar": "جمعية جديدة", "sector": "non_profit", "licence_number": "٥٥٥",
        "governorate": GovernorateFactory().pk, "contact_email": "a@example.com",
    } | changes  # fmt: skip


def test_a_body_registers_itself_and_waits(client):
    person = PersonFactory()
    client.force_login(person)

    response = client.post(reverse("registry:body_new"), body_data())

    body = apps.get_model("registry.Body").objects.get(name_ar="جمعية جديدة")
    assert response.url == reverse("registry:body", args=[body.code])
    assert (body.status, body.licence_number) == (BodyStatus.REGISTERED, "555")
    assert body.offices.get().person == person


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_ar": ""}, "name_ar"),
        ({"name_ar": "Tabuk Society"}, "name_ar"),
        ({"licence_number": ""}, "licence_number"),
        ({"contact_email": "x"}, "contact_email"),
        ({"sector": "magic"}, "sector"),
    ],
)
def test_a_bad_registration_keeps_what_was_typed_and_saves_nothing(client, changes, field):
    client.force_login(PersonFactory())

    response = client.post(reverse("registry:body_new"), body_data(**changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "a@example.com" in response.content.decode() or field == "contact_email"
    assert not apps.get_model("registry.Body").objects.exists()


def test_the_last_step_of_joining_makes_a_profile_and_accepts_the_charter(client):
    from takatuf.accounts.commands import load_charter  # noqa: PLC0415

    load_charter(at=timezone.now() - timedelta(days=1))
    person, place = PersonFactory(), GovernorateFactory()
    interests = [FieldFactory().pk for _ in range(3)]
    client.force_login(person)

    too_few = client.post(
        reverse("registry:welcome"), {"governorate": place.pk, "interests": interests[:2]}
    )
    done = client.post(
        reverse("registry:welcome"),
        {"governorate": place.pk, "interests": interests, "charter": "on"},
    )

    assert too_few.status_code == 422
    assert set(too_few.context["form"].errors) == {"interests", "charter"}
    assert done.url == reverse("site:me")  # where the first place is looked for
    assert person.volunteer.interests.count() == 3
    assert person.charter_acceptances.count() == 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("profile_edit", {"reach_km": "25", "weekly_hours": "6", "suggestions_a_week": "3"}),
        ("profile_skills", {}),
        ("profile_availability", {}),
    ],
)
def test_the_profile_asked_for_by_an_opportunity_leads_back_to_it(client, name, typed):
    profile, wanted = VolunteerFactory(), "/opportunities/ABCD2345/"
    client.force_login(profile.person)
    address, back = reverse(f"registry:{name}"), "?next=%2Fopportunities%2FABCD2345%2F"
    typed |= {"governorate": profile.governorate.pk}

    assert client.post(address + back, typed).url == wanted
    assert client.post(address + "?next=//evil.example/", typed).url == reverse(
        "registry:profile"
    )


def test_the_home_point_is_rounded_and_skills_are_declared(client):
    profile = VolunteerFactory()
    skill = SkillFactory()
    client.force_login(profile.person)

    client.post(reverse("registry:profile_edit"), {
        "governorate": profile.governorate.pk, "reach_km": "٢٥", "weekly_hours": "٦",
        "latitude": "28.41567", "longitude": "٣٦٫٥٣٤٩", "suggestions_a_week": "٣",
    })  # fmt: skip
    client.post(
        reverse("registry:profile_skills"), {f"skill_{skill.pk}": "2", "languages": ["ar"]}
    )
    client.post(reverse("registry:profile_availability"), {"free": ["0-morning", "5-evening"]})

    profile.refresh_from_db()
    assert (str(profile.home_latitude), str(profile.home_longitude)) == ("28.42", "36.53")
    assert (profile.reach_km, profile.weekly_minutes) == (25, 360)
    assert profile.suggestions_a_week == 3
    assert [(g.level, g.basis) for g in profile.person.skill_grants.all()] == [(2, "declared")]
    assert profile.availability.count() == 2
    page = client.get(reverse("registry:profile"))
    assert page.status_code == 200


def test_a_search_opens_the_fields_with_such_a_skill_and_puts_them_first(client):
    profile = VolunteerFactory()
    other, wanted = (
        SkillFactory(name_ar=name, field=FieldFactory(name_ar=field))
        for name, field in (("تصميم", "الإعلام"), ("إسعافات أولية", "الصحة"))
    )
    client.force_login(profile.person)
    address = reverse("registry:profile_skills")
    form = client.get(address).text
    assert form.index('id="q"') < form.index('name="skill_') < form.index('name="languages"')

    page = client.get(address, {"q": "اسعافات"})

    names = [(name, named) for name, _rows, _chosen, named in page.context["groups"]]
    assert names == [(wanted.field.name, True), (other.field.name, False)]
    assert client.get(address, {"q": "طيران"}).context["nothing"]
    back = client.get(address, {"next": "/opportunities/ABCD2345/"}).content.decode()
    assert '<input type="hidden" name="next" value="/opportunities/ABCD2345/">' in back
    assert not client.get(address).context["nothing"]


# ---------------------------------------------------------------- concerns through the pages
def test_anybody_reports_and_follows_with_number_and_code(client):
    response = client.post(
        reverse("registry:concern_new"),
        {"kind": "conduct", "text": "something", "page": "/x/"}, follow=True,
    )  # fmt: skip
    number, code = response.context["number"], response.context["code"]
    address = reverse("registry:concern_follow")

    found = client.post(address, {"number": number, "code": code})
    wrong = client.post(address, {"number": number, "code": "ABCDEFGHJK"})

    assert response.status_code == 200
    assert "something" in found.content.decode()
    assert wrong.status_code == 422
    assert "something" not in wrong.content.decode()


def test_number_and_code_are_shown_once_and_loading_again_files_nothing(client):
    sent = client.post(reverse("registry:concern_new"), {"kind": "conduct", "text": "x"})
    shown, again = client.get(sent.url), client.get(sent.url)

    assert Concern.objects.get().number in shown.content.decode()
    assert (sent.status_code, again.url) == (302, reverse("registry:concern_follow"))
    assert Concern.objects.count() == 1


def test_reports_from_one_address_are_limited(client):
    for _ in range(10):
        client.post(reverse("registry:concern_new"), {"kind": "conduct", "text": "x"})

    response = client.post(reverse("registry:concern_new"), {"kind": "conduct", "text": "x"})

    assert response.status_code in (409, 429)
    assert Concern.objects.count() == 10

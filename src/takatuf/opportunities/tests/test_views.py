from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.opportunities import commands
from takatuf.opportunities.enums import OpportunityStatus, ShiftStatus
from takatuf.opportunities.models import Opportunity, Shift, Wish
from takatuf.opportunities.tests.factories import manager_of, opportunity
from takatuf.opportunities.tests.test_list import soon
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STEPS = ["work", "people", "shifts", "support", "review"]


def signed_in(person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def draft(**fields) -> Opportunity:
    return opportunity(at=timezone.now(), **fields)


@pytest.fixture
def made():
    return draft()


@pytest.fixture
def client(made):
    return signed_in(manager_of(made.body))


# ---------------------------------------------------------------- the studio
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_shows(client, made, step, prefix):
    page = client.get(f"{prefix}/studio/{made.code}/design/{step}/")

    assert page.status_code == 200
    assert "10/10" in page.content.decode()


@pytest.mark.parametrize("status", ["planned", "running", "closed", "cancelled"])
def test_the_opportunitys_page_shows_a_shift_in_every_state(client, made, status):
    Shift.objects.filter(opportunity=made).update(status=status, reason="سبب")

    page = client.get(f"/studio/{made.code}/")

    assert page.status_code == 200
    label = str(ShiftStatus(status).label)
    assert (label in page.content.decode()) == (status != ShiftStatus.PLANNED)


def test_a_new_draft_is_begun_by_a_post_and_not_by_a_visit(client, made):
    assert client.get("/studio/new/").status_code == 200
    assert Opportunity.objects.count() == 1

    answer = client.post("/studio/new/", {"body": made.body.code})

    assert Opportunity.objects.count() == 2
    assert answer.status_code == 302


def test_nobody_begins_a_draft_for_somebody_elses_body(client):
    other = BodyFactory()

    assert client.post("/studio/new/", {"body": other.code}).status_code == 404
    assert not Opportunity.objects.filter(body=other).exists()


def work(made, **changes) -> dict:
    return {
        "version": made.version, "title": made.title, "klass": made.klass, "field": made.field_id,
        "mode": made.mode, "purpose": made.purpose, "beneficiaries": made.beneficiaries,
        "tasks": "\r\n".join(made.tasks), "gains": made.gains,
    } | changes  # fmt: skip


def test_a_step_without_javascript_saves_and_goes_on(client, made):
    answer = client.post(
        f"/studio/{made.code}/design/work/",
        work(made, title="إسعاف الزوار", tasks="أ ب\n\nت ث"),
    )

    made.refresh_from_db()
    assert (made.title, made.tasks) == ("إسعاف الزوار", ["أ ب", "ت ث"])
    assert answer.url == f"/studio/{made.code}/design/people/"


def test_a_step_saves_itself_and_answers_with_the_score_and_the_new_version(client, made):
    answer = client.post(
        f"/studio/{made.code}/design/work/",
        work(made, title="متطوعين"),
        headers={"HX-Request": "true"},
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "9/10" in page
    assert 'id="version" value="2" hx-swap-oob="true"' in page


def test_two_people_editing_are_told_and_nothing_is_lost(client, made):
    client.post(f"/studio/{made.code}/design/work/", work(made, title="كلمات الأول"))

    late = client.post(f"/studio/{made.code}/design/work/", work(made, title="كلمات الثاني"))
    made.refresh_from_db()
    assert late.status_code == 409
    assert "كلمات الثاني" in late.content.decode()
    assert made.title == "كلمات الأول"

    client.post(
        f"/studio/{made.code}/design/work/", work(made, title="كلمات الثاني", version=1, keep=2)
    )
    made.refresh_from_db()
    assert made.title == "كلمات الثاني"


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(client, made):
    answer = client.post(
        f"/studio/{made.code}/design/shifts/",
        {"version": 1, "hours_estimate": "ستة", "governorate": made.governorate_id, "place": "الحديقة",
         "latitude": "28.4", "longitude": ""},
    )  # fmt: skip

    made.refresh_from_db()
    page = answer.content.decode()
    assert answer.status_code == 422
    assert made.place == "الحديقة"
    assert made.latitude is None
    assert "ستة" in page
    assert "id_hours_estimate_error" in page


def test_arabic_digits_are_numbers(client, made):
    client.post(
        f"/studio/{made.code}/design/shifts/",
        {
            "version": 1,
            "hours_estimate": "٦٫٥",
            "place": "س",
            "latitude": "٢٨٫٤",
            "longitude": "٣٦٫٥",
        },
    )

    made.refresh_from_db()
    assert (str(made.hours_estimate), str(made.latitude), str(made.longitude)) == (
        "6.5",
        "28.40000",
        "36.50000",
    )


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("people", {"min_age": "200", "max_age": "x"}),
        ("people", {"min_age": "30", "max_age": "20"}),
        ("people", {"gender_rule": "women"}),
        ("people", {"supervisor": "999999", "team": "abc"}),
        ("support", {"support": ["spaceship"]}),
        ("work", {"klass": "x", "field": "999"}),
        ("work", {"title": "ط" * 121, "tasks": "\n".join(map(str, range(30)))}),
        ("shifts", {"latitude": "99", "longitude": "1"}),
        ("shifts", {"hours_estimate": "1e9"}),
    ],
)
def test_bad_input_gets_a_sentence_and_breaks_nothing(client, made, step, data):
    answer = client.post(f"/studio/{made.code}/design/{step}/", {"version": 1} | data)

    assert answer.status_code == 422
    made.refresh_from_db()
    assert (made.max_age, made.klass, made.gender_rule, made.support) == (
        None,
        "general",
        "anyone",
        ["meals"],
    )


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 30])
def test_a_strange_version_is_an_old_one(client, made, version):
    answer = client.post(
        f"/studio/{made.code}/design/work/", work(made, version=version, title="غيره")
    )

    assert answer.status_code == 409


def test_what_people_joined_on_is_shown_but_not_to_be_changed():
    made = soon()
    client = signed_in(manager_of(made.body))
    data = {"version": 1, "min_age": "40", "supervisor_role": "مشرفة الميدان"}

    page = client.get(f"/studio/{made.code}/design/people/").content.decode()
    answer = client.post(f"/studio/{made.code}/design/people/", data)

    made.refresh_from_db()
    assert 'name="min_age" value="18"' in page
    assert answer.status_code == 302
    assert (made.min_age, made.supervisor_role, made.unpaid) == (18, "مشرفة الميدان", True)


def test_handing_in_publishes_a_good_draft(client, made):
    answer = client.post(f"/studio/{made.code}/submit/")

    made.refresh_from_db()
    assert made.status == OpportunityStatus.PUBLISHED
    assert answer.url == f"/studio/{made.code}/"
    assert client.get(answer.url).status_code == 200


# ---------------------------------------------------------------- shifts and roles
def seats(made, prefix: str, count: str = "٤") -> dict:
    role = made.roles.get().pk
    return {f"{prefix}-least_{role}": "1", f"{prefix}-seats_{role}": count}


def test_a_shift_is_added_with_arabic_digits(client, made):
    day = (timezone.localdate() + 20 * DAY).strftime("%d/%m/%Y")

    answer = client.post(
        f"/studio/{made.code}/shifts/",
        {"kind": "one", "one-day": day, "one-starts": "٢٢:٠٠", "one-ends": "٠٢:٠٠"}
        | seats(made, "one"),
    )

    shift = made.shifts.latest("pk")
    assert answer.status_code == 302
    assert (shift.minutes, shift.roles.get().seats) == (240, 4)


def test_a_series_is_added(client, made):
    first = timezone.localdate() + 20 * DAY
    data = {
        "kind": "weekly", "weekly-weekdays": ["0", "2"], "weekly-starts": "16:00", "weekly-ends": "18:00",
        "weekly-first_day": first.isoformat(), "weekly-last_day": (first + 13 * DAY).isoformat(),
    }  # fmt: skip

    client.post(f"/studio/{made.code}/shifts/", data | seats(made, "weekly"))

    assert made.series.get().shifts.count() == 4


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"one-day": "أمس"}, 422),
        ({"one-starts": ""}, 422),
        ({"one-day": "01/01/2020"}, 409),
        ({"one-ends": "21:59"}, 409),
    ],
)
def test_a_shift_that_cannot_be_keeps_what_was_typed(client, made, changes, status):
    day = (timezone.localdate() + 20 * DAY).isoformat()
    data = (
        {"kind": "one", "one-day": day, "one-starts": "22:00", "one-ends": "02:00"}
        | seats(made, "one")
        | changes
    )

    answer = client.post(f"/studio/{made.code}/shifts/", data)

    assert answer.status_code == status
    assert made.shifts.count() == 2
    for value in changes.values():
        assert value in answer.content.decode()


def test_a_draft_shift_is_changed_and_removed(client, made):
    shift = made.shifts.earliest("pk")
    role = made.roles.get().pk
    assert client.get(f"/studio/{made.code}/shifts/{shift.pk}/").status_code == 200

    client.post(
        f"/studio/{made.code}/shifts/{shift.pk}/",
        {
            "starts": "05:00",
            "ends": "09:00",
            "scope": "this",
            f"least_{role}": "2",
            f"seats_{role}": "9",
        },
    )
    assert Shift.objects.get(pk=shift.pk).minutes == 240

    client.post(f"/studio/{made.code}/shifts/{shift.pk}/remove/", {"scope": "this"})
    assert made.shifts.count() == 1


def test_a_published_shift_is_moved_and_cancelled_with_a_reason():
    made = soon()
    client = signed_in(manager_of(made.body))
    first, second = made.shifts.order_by("starts_at")
    day = (timezone.localdate() + 25 * DAY).isoformat()
    times = {"move-day": day, "move-starts": "16:00", "move-ends": "18:00"}

    assert client.post(f"/studio/{made.code}/shifts/{first.pk}/move/", times).status_code == 422
    assert client.post(f"/studio/{made.code}/shifts/{second.pk}/cancel/", {}).status_code == 422
    client.post(
        f"/studio/{made.code}/shifts/{first.pk}/move/", times | {"move-reason": "عاصفة"}
    )
    client.post(f"/studio/{made.code}/shifts/{second.pk}/cancel/", {"cancel-reason": "عطل"})

    assert sorted(made.shifts.values_list("status", flat=True)) == [
        "cancelled",
        "moved",
        "planned",
    ]
    assert "عاصفة" in client.get(f"/studio/{made.code}/").content.decode()


def test_a_shift_of_another_opportunity_is_not_found(client, made):
    other = draft()

    for page in ("", "move/", "cancel/", "remove/"):
        answer = client.post(
            f"/studio/{made.code}/shifts/{other.shifts.first().pk}/{page}", {"scope": "all"}
        )
        assert answer.status_code == 404
    assert other.shifts.count() == 2


def test_roles_are_added_and_refused_kindly(client, made):
    client.post(f"/studio/{made.code}/roles/", {"role-title": "مصور"})
    assert made.roles.count() == 2

    again = client.post(f"/studio/{made.code}/roles/", {"role-title": "مصور"})
    empty = client.post(f"/studio/{made.code}/roles/", {"role-title": ""})

    assert (again.status_code, empty.status_code) == (409, 422)
    assert "مصور" in again.content.decode()
    client.post(f"/studio/{made.code}/roles/{made.roles.latest('pk').pk}/remove/")
    assert made.roles.count() == 1


def test_a_role_of_another_opportunity_is_not_changed(client, made):
    foreign = opportunity(body=BodyFactory()).roles.first()
    before = foreign.title

    answer = client.post(
        f"/studio/{made.code}/roles/", {"role-title": "مصور", "role_id": foreign.pk}
    )

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.title, made.roles.count()) == (409, before, 1)


# ---------------------------------------------------------------- life
@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("pause", "paused"),
        ("reconfirm", "published"),
        ("close", "closed"),
        ("cancel", "cancelled"),
    ],
)
def test_each_act_of_the_unit(act, status):
    made = soon()
    client = signed_in(manager_of(made.body))

    answer = client.post(f"/studio/{made.code}/act/{act}/", {"reason": "سبب"})

    made.refresh_from_db()
    assert answer.status_code == 302
    assert made.status == status


def test_a_refused_act_is_explained_in_place():
    made = soon()
    client = signed_in(manager_of(made.body))

    answer = client.post(f"/studio/{made.code}/act/cancel/", {"reason": ""})

    made.refresh_from_db()
    assert answer.status_code == 409
    assert made.status == OpportunityStatus.PUBLISHED
    assert client.post(f"/studio/{made.code}/act/explode/").status_code == 404


def test_a_reviewer_of_the_desk_decides():
    desk = BodyFactory(desk=True)
    made = draft(title="متطوعين", tasks=[], training="")
    manager, colleague = manager_of(made.body), manager_of(made.body)
    who = manager_of(desk, "reviewer")
    manager_of(desk, "desk")
    commands.submit(opportunity_id=made.pk, by=manager, at=timezone.now())
    run_jobs()
    told = Message.objects.filter(template="registry.office_news")
    assert [one.person for one in told] == [who]
    reviewer = signed_in(who)

    assert made.code in reviewer.get("/studio/review/").content.decode()
    assert reviewer.get(f"/studio/{made.code}/").status_code == 200
    reviewer.post(f"/studio/{made.code}/act/return/", {"reason": "وضح المهام"})

    made.refresh_from_db()
    assert made.status == OpportunityStatus.RETURNED
    heard = Message.objects.filter(template="opportunities.returned").order_by("person_id")
    assert [one.person for one in heard] == [manager, colleague]


# ---------------------------------------------------------------- who may
PAGES = [
    ("get", "/studio/{code}/", 404), ("get", "/studio/{code}/preview/", 404),
    ("get", "/studio/{code}/design/work/", 404), ("post", "/studio/{code}/design/work/", 404),
    ("post", "/studio/{code}/submit/", 404), ("post", "/studio/{code}/act/cancel/", 404),
    ("post", "/studio/{code}/roles/", 404), ("post", "/studio/{code}/shifts/", 404),
    ("get", "/studio/", 403), ("get", "/studio/new/", 403), ("get", "/studio/review/", 403),
]  # fmt: skip


@pytest.mark.parametrize(("method", "page", "status"), PAGES)
@pytest.mark.parametrize("who", ["visitor", "volunteer", "manager of another body"])
def test_strangers_learn_nothing_and_change_nothing(made, method, page, status, who):
    person = manager_of(BodyFactory()) if "manager" in who else PersonFactory()
    client = Client() if who == "visitor" else signed_in(person)
    before = Opportunity.objects.values().get(pk=made.pk)

    answer = getattr(client, method)(page.format(code=made.code), {"reason": "س"})

    own_pages = {"/studio/", "/studio/new/"}
    expected = (
        302 if who == "visitor" else 200 if "manager" in who and page in own_pages else status
    )
    assert answer.status_code == expected
    assert Opportunity.objects.values().get(pk=made.pk) == before


@pytest.mark.parametrize("act", ["pause", "cancel", "publish", "return", "close"])
def test_a_published_one_is_not_a_strangers_to_change(act):
    made = soon()
    client = signed_in(manager_of(BodyFactory()))

    answer = client.post(f"/studio/{made.code}/act/{act}/", {"reason": "س"})

    made.refresh_from_db()
    assert answer.status_code == 403
    assert made.status == OpportunityStatus.PUBLISHED


# ---------------------------------------------------------------- queries
@pytest.mark.parametrize("count", [2, 24])
def test_the_units_list_costs_the_same_for_few_and_many(count, django_assert_num_queries):
    body = BodyFactory()
    for _number in range(count):
        draft(body=body)
    client = signed_in(manager_of(body))

    with django_assert_num_queries(
        6
    ):  # four of them the shell's: session, person, offices, inbox
        assert client.get("/studio/").status_code == 200


@pytest.mark.parametrize("count", [2, 40])
def test_the_page_of_one_costs_the_same_for_few_and_many_shifts(
    count, django_assert_max_num_queries
):
    made = draft(shifts=count)
    client = signed_in(manager_of(made.body))

    for page in ("", "preview/", "design/shifts/", "design/review/"):
        with django_assert_max_num_queries(18):
            assert client.get(f"/studio/{made.code}/{page}").status_code == 200


# ---------------------------------------------------------------- wishes
def test_a_signed_in_wish_is_kept_once_and_answered_once():
    person = PersonFactory()
    client = signed_in(person)
    for _twice in range(2):
        client.post("/tell-me/?class=general")
    client.post("/tell-me/?class=skilled")
    made = soon()

    told = commands.tell_wishers(opportunity_id=made.pk, at=timezone.now())

    assert (Wish.objects.count(), told) == (2, 1)
    message = Message.objects.get(template="opportunities.wish_answered")
    assert message.person == person
    assert made.title in message.body


def test_an_address_confirms_first_and_may_stop():
    client = Client()
    client.post("/tell-me/", {"email": "someone@example.com"})
    made = soon()
    assert commands.tell_wishers(opportunity_id=made.pk, at=timezone.now()) == 0

    link = Message.objects.get().context["link"]
    path = link[link.index("/tell-me/") :]
    assert client.get(path).status_code == 200
    assert Wish.objects.get().confirmed_at is None
    client.post(path)
    assert commands.tell_wishers(opportunity_id=made.pk, at=timezone.now()) == 1

    stop = Message.objects.get(template="opportunities.wish_answered").context["stop"]
    client.post(stop[stop.index("/tell-me/") :])
    assert commands.tell_wishers(opportunity_id=made.pk, at=timezone.now()) == 0


def test_a_forged_link_does_nothing():
    answer = Client().post("/tell-me/abc.def/")

    assert answer.status_code == 409


def test_an_address_that_is_none_is_refused():
    assert Client().post("/tell-me/", {"email": "nobody"}).status_code == 422
    assert not Wish.objects.exists()

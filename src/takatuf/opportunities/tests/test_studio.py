"""The studio's pages: a draft, its steps, what cannot be read, what they cost."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from takatuf.accounts.tests.factories import signed_in
from takatuf.kernel.typography import when
from takatuf.opportunities import commands, queries
from takatuf.opportunities.enums import OpportunityStatus, ShiftStatus
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.opportunities.tests.factories import draft, manager_of, soon
from takatuf.registry.tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


STEPS = ["work", "people", "shifts", "support", "review"]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_shows(manager, made, step, prefix):
    page = manager.get(f"{prefix}/studio/{made.code}/design/{step}/")

    assert page.status_code == 200
    assert "10/10" in page.content.decode()


def steps_done(manager, made, *, at: str) -> list[str]:
    page = manager.get(f"/en/studio/{made.code}/design/{at}/").content.decode()
    steps = page.partition('<ol class="steps"')[2].partition("</ol>")[0].split("<li ")[1:]
    return [
        name
        for name, step in zip(STEPS, steps, strict=True)
        if 'class="done"' in step and "(done)" in step
    ]


@pytest.mark.parametrize(
    ("changes", "undone"),
    [
        ({}, []),
        ({"title": ""}, ["work"]),
        ({"tasks": []}, ["work"]),
        ({"unpaid": False}, ["people"]),
        ({"min_age": 14, "minors_ready": False}, ["people"]),  # all is filled, the gate says no
        ({"hours_estimate": 40}, ["shifts"]),
        ({"place": ""}, ["shifts"]),
        ({"place": "", "governorate": None, "mode": "remote"}, []),
        ({"safety": "قفازات"}, ["support"]),
        ({"training": "", "supervisor_role": ""}, ["people", "support"]),
    ],
)
def test_a_step_is_done_when_nothing_is_missing_from_it(manager, made, changes, undone):
    """And not because a later one is open."""
    Opportunity.objects.filter(pk=made.pk).update(**changes)

    done = steps_done(manager, made, at="review")

    assert done == [name for name in STEPS if name not in [*undone, "review"]]


def test_what_is_ahead_and_complete_is_done_and_the_review_once_handed_in(manager, made):
    assert steps_done(manager, made, at="work") == ["people", "shifts", "support"]
    live = soon(body=made.body)
    assert steps_done(manager, live, at="support") == ["work", "people", "shifts", "review"]


def test_what_is_required_besides_the_ten_stands_apart_from_them(manager, made):
    whole = manager.get(f"/en/studio/{made.code}/design/work/").content.decode()
    Opportunity.objects.filter(pk=made.pk).update(safety="")

    page = manager.get(f"/en/studio/{made.code}/design/work/").content.decode()

    ten, _words, besides = page.partition("Besides the ten")
    assert "Safety and support" in besides
    assert "Safety and support" not in ten.rpartition("opp-score")[2]
    assert "Besides the ten" not in whole


@pytest.mark.parametrize("status", ["planned", "running", "closed", "cancelled"])
def test_the_opportunitys_page_shows_a_shift_in_every_state(manager, made, status):
    Shift.objects.filter(opportunity=made).update(status=status, reason="سبب")

    page = manager.get(f"/studio/{made.code}/")

    assert page.status_code == 200
    label = str(ShiftStatus(status).label)
    assert (label in page.content.decode()) == (status != ShiftStatus.PLANNED)


def history_of(manager, made) -> list[str]:
    page = manager.get(f"/en/studio/{made.code}/").content.decode()
    return page.partition("timeline")[2].partition("</ol>")[0].split("<li")[1:]


def test_the_history_tells_of_a_shift_cancelled_and_of_one_moved(manager, made):
    live, at = soon(body=made.body), timezone.now()
    first, second = live.shifts.order_by("starts_at")
    by = live.created_by
    later = {"starts_at": second.starts_at + DAY, "ends_at": second.ends_at + DAY}
    commands.cancel_shift(shift_id=first.pk, reason="عاصفة", by=by, at=at)
    commands.move_shift(shift_id=second.pk, reason="إجازة", by=by, at=at + HOUR, **later)
    commands.pause(opportunity_id=live.pk, by=by, at=at + 2 * HOUR)

    paused, moved, cancelled, *_before = history_of(manager, live)

    with translation.override("en"):
        assert f"Shift of {when(first.starts_at)} cancelled" in cancelled
        words = f"Shift of {when(second.starts_at)} moved to {when(later['starts_at'])}"
    assert words in moved
    assert "Intake paused" in paused
    for line, reason in ((cancelled, "عاصفة"), (moved, "إجازة")):
        assert reason in line
        assert by.full_name in line


def test_what_one_act_does_to_several_shifts_is_one_line(
    manager, made, django_assert_num_queries
):
    live, at = soon(body=made.body, shifts=5), timezone.now()
    commands.move_opportunity(
        opportunity_id=live.pk, days=1, reason="عاصفة", by=live.created_by, at=at
    )

    lines = history_of(manager, live)

    assert len([line for line in lines if "moved" in line]) == 1
    assert "5 shifts moved" in lines[0]
    commands.cancel_opportunity(
        opportunity_id=live.pk, reason="عاصفة", by=live.created_by, at=at + HOUR
    )
    whole, before = history_of(manager, live)[:2]
    assert "Cancelled" in whole  # and no line for each of its shifts
    assert "5 shifts moved" in before
    shifts = list(queries.all_shifts(live, at=at))
    with django_assert_num_queries(1):
        queries.story_of(live, shifts)


def test_a_new_draft_is_begun_by_a_post_and_not_by_a_visit(manager, made):
    assert manager.get("/studio/new/").status_code == 200
    assert Opportunity.objects.count() == 1

    answer = manager.post("/studio/new/", {"body": made.body.code})

    assert Opportunity.objects.count() == 2
    assert answer.status_code == 302


def test_nobody_begins_a_draft_for_somebody_elses_body(manager):
    other = BodyFactory()

    assert manager.post("/studio/new/", {"body": other.code}).status_code == 404
    assert not Opportunity.objects.filter(body=other).exists()


def work(made, **changes) -> dict:
    return {
        "version": made.version, "title": made.title, "klass": made.klass, "field": made.field_id,
        "mode": made.mode, "purpose": made.purpose, "beneficiaries": made.beneficiaries,
        "tasks": "\r\n".join(made.tasks), "gains": made.gains,
    } | changes  # fmt: skip


def test_a_step_without_javascript_saves_and_goes_on(manager, made):
    answer = manager.post(
        f"/studio/{made.code}/design/work/",
        work(made, title="إسعاف الزوار", tasks="أ ب\n\nت ث"),
    )

    made.refresh_from_db()
    assert (made.title, made.tasks) == ("إسعاف الزوار", ["أ ب", "ت ث"])
    assert answer.url == f"/studio/{made.code}/design/people/"


def test_a_step_saves_itself_and_answers_with_the_score_and_the_new_version(manager, made):
    answer = manager.post(
        f"/studio/{made.code}/design/work/",
        work(made, title="متطوعين"),
        headers={"HX-Request": "true"},
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "9/10" in page
    assert 'id="version" value="2" hx-swap-oob="true"' in page


def test_two_people_editing_are_told_and_nothing_is_lost(manager, made):
    manager.post(f"/studio/{made.code}/design/work/", work(made, title="كلمات الأول"))

    late = manager.post(f"/studio/{made.code}/design/work/", work(made, title="كلمات الثاني"))
    made.refresh_from_db()
    assert late.status_code == 409
    assert "كلمات الثاني" in late.content.decode()
    assert made.title == "كلمات الأول"

    manager.post(
        f"/studio/{made.code}/design/work/", work(made, title="كلمات الثاني", version=1, keep=2)
    )
    made.refresh_from_db()
    assert made.title == "كلمات الثاني"


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(manager, made):
    answer = manager.post(
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


def test_arabic_digits_are_numbers(manager, made):
    manager.post(
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
def test_bad_input_gets_a_sentence_and_breaks_nothing(manager, made, step, data):
    answer = manager.post(f"/studio/{made.code}/design/{step}/", {"version": 1} | data)

    assert answer.status_code == 422
    made.refresh_from_db()
    assert (made.max_age, made.klass, made.gender_rule, made.support) == (
        None,
        "general",
        "anyone",
        ["meals"],
    )


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 30])
def test_a_strange_version_is_an_old_one(manager, made, version):
    answer = manager.post(
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


def test_what_is_held_already_counts_for_the_quality_of_what_goes_on():
    """Otherwise every shift held would cost points, and forbid to put a text right."""
    made = soon()
    past = timezone.now() - timedelta(days=3)
    Shift.objects.filter(pk=made.shifts.first().pk).update(
        status=ShiftStatus.CLOSED, starts_at=past, ends_at=past + timedelta(hours=3)
    )
    client = signed_in(manager_of(made.body))
    data = {"version": 1, "support": made.support, "safety": "حقيبة إسعاف ومسعف في الموقع"}

    page = client.get(f"/studio/{made.code}/").content.decode()
    answer = client.post(f"/studio/{made.code}/design/support/", data)

    made.refresh_from_db()
    assert ("10/10" in page, "ما يجعلها أفضل" in page) == (True, False)
    assert (answer.status_code, made.safety) == (302, data["safety"])


def test_what_hinders_stands_apart_from_what_would_only_be_better(manager, made):
    Opportunity.objects.filter(pk=made.pk).update(supervisor=None, training="")

    page = manager.get(f"/en/studio/{made.code}/").content.decode()

    hinders, better = page.split("What keeps it from being published")[1].split(
        "What would make it better"
    )
    assert "Supervisor and structure" in hinders
    assert "Training or briefing" not in hinders
    assert "Training or briefing" in better


def test_handing_in_publishes_a_good_draft(manager, made):
    answer = manager.post(f"/studio/{made.code}/submit/")

    made.refresh_from_db()
    assert made.status == OpportunityStatus.PUBLISHED
    assert answer.url == f"/studio/{made.code}/"
    assert manager.get(answer.url).status_code == 200


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

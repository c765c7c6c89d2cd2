"""Shifts and roles, as their pages add, change, move and take them away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.utils import timezone

from takatuf.accounts.tests.factories import signed_in
from takatuf.kernel.typography import when
from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.opportunities.tests.factories import draft, manager_of, opportunity, soon
from takatuf.registry.tests.factories import BodyFactory, SkillFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def shown(browser, address: str) -> str:
    return browser.get(address).content.decode()


def seats(made, prefix: str, count: str = "٤") -> dict:
    role = made.roles.get().pk
    return {f"{prefix}-least_{role}": "1", f"{prefix}-seats_{role}": count}


def test_a_shift_is_added_with_arabic_digits(manager, made):
    day = (timezone.localdate() + 20 * DAY).strftime("%d/%m/%Y")

    answer = manager.post(
        f"/studio/{made.code}/shifts/",
        {"kind": "one", "one-day": day, "one-starts": "٢٢:٠٠", "one-ends": "٠٢:٠٠"}
        | seats(made, "one"),
    )

    shift = made.shifts.latest("pk")
    assert answer.status_code == 302
    assert (shift.minutes, shift.roles.get().seats) == (240, 4)


def test_a_series_is_added(manager, made):
    first = timezone.localdate() + 20 * DAY
    data = {
        "kind": "weekly", "weekly-weekdays": ["0", "2"], "weekly-starts": "16:00", "weekly-ends": "18:00",
        "weekly-first_day": first.isoformat(), "weekly-last_day": (first + 13 * DAY).isoformat(),
    }  # fmt: skip

    manager.post(f"/studio/{made.code}/shifts/", data | seats(made, "weekly"))

    assert made.series.get().shifts.count() == 4


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"one-day": "أمس"}, 422),
        ({"one-starts": ""}, 422),
        ({"one-day": "01/01/2020"}, 422),
        ({"one-ends": "21:59"}, 422),
    ],
)
def test_a_shift_that_cannot_be_keeps_what_was_typed(manager, made, changes, status):
    day = (timezone.localdate() + 20 * DAY).isoformat()
    data = (
        {"kind": "one", "one-day": day, "one-starts": "22:00", "one-ends": "02:00"}
        | seats(made, "one")
        | changes
    )

    answer = manager.post(f"/studio/{made.code}/shifts/", data)

    assert answer.status_code == status
    assert made.shifts.count() == 2
    for value in changes.values():
        assert value in answer.content.decode()


def test_that_a_time_is_taken_is_said_in_words(manager, made):
    day = timezone.localdate() + 20 * DAY
    given = {"kind": "one", "one-day": day.isoformat(), "one-starts": "16:00",
             "one-ends": "18:00"} | seats(made, "one")  # fmt: skip

    manager.post(f"/studio/{made.code}/shifts/", given)
    again = manager.post(f"/studio/{made.code}/shifts/", given).content.decode()

    assert f"توجد مناوبة في هذا الوقت: {when(day)} 16:00." in again
    assert made.shifts.count() == 3


def test_all_that_is_wrong_with_a_shift_is_said_at_once(manager, made):
    role, address = made.roles.get().pk, f"/en/studio/{made.code}/shifts/"
    past = {"one-day": "01/01/2020", "one-starts": "22:00", "one-ends": "21:59"}

    wrong = manager.post(address, {"kind": "one", f"one-least_{role}": "1"} | past)
    few = manager.post(
        address, {"kind": "one", f"one-least_{role}": "5", f"one-seats_{role}": "4"} | past
    )

    assert set(wrong.context["shift_form"].errors) == {"day", "ends", f"seats_{role}"}
    assert set(few.context["shift_form"].errors) == {"day", "ends", f"least_{role}"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"weekly-last_day": "01/01/2020"}, {"last_day"}),
        ({"weekly-ends": "16:00"}, {"ends"}),
        ({"weekly-last_day": "01/01/2020", "weekly-first_day": "01/01/2019"}, {"__all__"}),
    ],
)
def test_what_is_wrong_with_weekly_shifts_is_said_beside_missing_seats(
    manager, made, changes, wrong
):
    first = timezone.localdate() + 20 * DAY
    data = {
        "kind": "weekly", "weekly-weekdays": ["0"], "weekly-starts": "16:00",
        "weekly-ends": "18:00", "weekly-first_day": first.isoformat(),
        "weekly-last_day": (first + 13 * DAY).isoformat(),
    } | changes  # fmt: skip

    answer = manager.post(f"/studio/{made.code}/shifts/", data)

    seats_box = f"seats_{made.roles.get().pk}"
    assert set(answer.context["weekly_form"].errors) == wrong | {seats_box}


def test_a_move_without_a_reason_says_too_that_its_day_is_past():
    made = soon()
    first = made.shifts.earliest("starts_at")
    times = {"move-day": "01/01/2020", "move-starts": "16:00", "move-ends": "18:00"}

    answer = signed_in(manager_of(made.body)).post(
        f"/studio/{made.code}/shifts/{first.pk}/move/", times
    )

    assert set(answer.context["move_form"].errors) == {"day", "reason"}


def test_a_mistyped_year_is_said_with_its_day(manager, made):
    data = {"kind": "one", "one-day": "2099-12-10", "one-starts": "10:00", "one-ends": "12:00"}

    answer = manager.post(f"/en/studio/{made.code}/shifts/", data | seats(made, "one"))

    assert "Thursday 10 December 2099 is more than two years away" in answer.text
    assert made.shifts.count() == 2


def test_a_draft_shift_is_changed_and_removed(manager, made):
    shift = made.shifts.earliest("pk")
    role = made.roles.get().pk
    assert manager.get(f"/studio/{made.code}/shifts/{shift.pk}/").status_code == 200

    manager.post(
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

    manager.post(f"/studio/{made.code}/shifts/{shift.pk}/remove/", {"scope": "this"})
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


@pytest.mark.parametrize("act", ["", "move/", "cancel/"])
@pytest.mark.parametrize("filled_in", [True, False])
def test_a_shift_that_began_while_its_form_was_open_is_refused_in_words(act, filled_in):
    made = soon()
    shift = made.shifts.earliest("starts_at")
    started = timezone.now() - timedelta(minutes=1)
    made.shifts.filter(pk=shift.pk).update(starts_at=started, ends_at=started + DAY / 8)
    before = list(Shift.objects.order_by("pk").values())
    day = (timezone.localdate() + 25 * DAY).isoformat()
    typed = {
        "move/": {"move-day": day, "move-starts": "16:00", "move-ends": "18:00"},
        "cancel/": {}, "": {"starts": "16:00", "scope": "this"},
    }[act]  # fmt: skip
    if filled_in:
        typed |= {"move-reason": "عاصفة", "cancel-reason": "عطل", "ends": "18:00"}
        role = made.roles.get().pk
        typed |= {f"least_{role}": "1", f"seats_{role}": "9"}

    answer = signed_in(manager_of(made.body)).post(
        f"/studio/{made.code}/shifts/{shift.pk}/{act}", typed
    )

    assert answer.status_code == 409
    assert 'class="notice bad' in answer.text
    assert str(answer.context["refusal"]) in answer.text
    assert list(Shift.objects.order_by("pk").values()) == before


def test_a_shift_of_another_opportunity_is_not_found(manager, made):
    other = draft()

    for page in ("", "move/", "cancel/", "remove/"):
        answer = manager.post(
            f"/studio/{made.code}/shifts/{other.shifts.first().pk}/{page}", {"scope": "all"}
        )
        assert answer.status_code == 404
    assert other.shifts.count() == 2


def test_roles_are_added_and_refused_kindly(manager, made):
    manager.post(f"/studio/{made.code}/roles/", {"role-title": "مصور"})
    assert made.roles.count() == 2

    again = manager.post(f"/studio/{made.code}/roles/", {"role-title": "مصور"})
    empty = manager.post(f"/studio/{made.code}/roles/", {"role-title": ""})

    assert (again.status_code, empty.status_code) == (409, 422)
    assert "مصور" in again.content.decode()
    manager.post(f"/studio/{made.code}/roles/{made.roles.latest('pk').pk}/remove/")
    assert made.roles.count() == 1


def asks_for_both(first, second) -> dict:
    return {
        "role-title": "سائق", "role-skill": first.pk, "role-level": "2",
        "role-least_basis": "declared", "role-credential": (second and second.pk) or "",
    }  # fmt: skip


def test_a_role_asks_for_a_second_skill_and_every_page_says_so(manager, made):
    driving, aid = SkillFactory(name_en="Driving"), SkillFactory(name_en="First aid")

    manager.post(f"/studio/{made.code}/roles/", asks_for_both(driving, aid))

    assert made.roles.latest("pk").credential == aid
    made.refresh_from_db()
    assert made.needs_label_en == "Driving, First aid"
    for page in ("design/people", "design/review", "preview"):
        assert 'and <span dir="auto">First aid</span> too' in shown(
            manager, f"/en/studio/{made.code}/{page}/"
        )


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (None, "Driving", "Choose the first skill before a second one."),
        ("Driving", "Driving", "This is the first skill: choose another, or none."),
    ],
)
def test_a_second_skill_stands_beside_another_first(manager, made, first, second, words):
    named = {name: SkillFactory(name_en=name) for name in (first, second) if name}
    given = {"role-title": "سائق", "role-credential": named[second].pk}
    if first:
        given["role-skill"] = named[first].pk

    answer = manager.post(f"/en/studio/{made.code}/roles/", given)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert made.roles.count() == 1


def test_the_database_keeps_a_second_skill_beside_another_first(made):
    skill = SkillFactory()
    for first in ({}, {"skill": skill, "level": 1, "least_basis": "declared"}):
        with pytest.raises(IntegrityError), atomic():
            made.roles.create(title="سائق", credential=skill, **first)


def test_a_second_skill_does_not_change_under_people(manager, made):
    first, aid = SkillFactory(), SkillFactory()
    manager.post(f"/studio/{made.code}/roles/", asks_for_both(first, None))
    role = made.roles.latest("pk")
    ShiftRole.objects.create(shift=made.shifts.first(), role=role, seats=2, taken=1)

    answer = manager.post(
        f"/studio/{made.code}/roles/", asks_for_both(first, aid) | {"role_id": role.pk}
    )

    role.refresh_from_db()
    assert (answer.status_code, role.credential) == (409, None)


def test_a_role_of_another_opportunity_is_not_changed(manager, made):
    foreign = opportunity(body=BodyFactory()).roles.first()
    before = foreign.title

    answer = manager.post(
        f"/studio/{made.code}/roles/", {"role-title": "مصور", "role_id": foreign.pk}
    )

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.title, made.roles.count()) == (409, before, 1)

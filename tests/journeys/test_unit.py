"""A unit manager, from a need to approved hours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.needs.models import Need
from takatuf.opportunities.models import Opportunity
from takatuf.placement.models import Application
from takatuf.registry import queries
from tests.journeys.acts import approve_hours, choose_a_shift, close_the_day
from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.browser

NEED = "زيارات لكبار السن الذين يعيشون وحدهم"
TITLE = "زيارات أسبوعية لكبار السن في حي الورود"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_manager_turns_a_need_into_approved_hours(world, visit, volunteer, language):
    manager = visit("/account/login/password/", language=language)
    sign_in_with_both_proofs(manager, world.manager.email)
    manager.go("/desk/")
    manager.sees(world.body.name_ar, world.body.name_en)

    need = report_a_need(manager, world.body)
    desk = visit("/needs/queue/", language=language, signed_in=world.desk_person)
    desk.press(f"main h2 a[href*='{need.code}']")
    desk.choose(answer="validate")
    desk.send()
    need.refresh_from_db()
    assert need.status == "validated"

    manager.go(f"/needs/{need.code}/")
    opportunity = design_an_answer(manager, need)
    assert (opportunity.status, opportunity.need_id) == ("published", need.pk)

    helper = visit("/opportunities/", language=language, signed_in=volunteer)
    helper.press("main a", has_text=TITLE)
    choose_a_shift(helper)
    place = Application.objects.get(person=volunteer)
    world.let_pass(place.shift)
    manager.go("/sheets/")
    close_the_day(manager, place)
    approve_hours(visit("/hours/approve/", language=language, signed_in=world.colleague), place)


def sign_in_with_both_proofs(manager, address: str) -> None:
    manager.fill(login=address, password=PASSWORD)
    manager.send()
    manager.find("main form.form [name=code]").fill(manager.find("main .serial").inner_text())
    manager.send()


def report_a_need(manager, body) -> Need:
    manager.go("/needs/new/")
    manager.choose(
        on_behalf_of=body.code, target_group="older_people", field=queries.fields()[0].code,
        governorate="tabuk", urgency="2",
    )  # fmt: skip
    manager.fill(
        title=NEED, description="يعيش عدد منهم بعيدا عن أهلهم، وتمر أيام دون أن يزورهم أحد.",
        people_estimate="٤٠", estimate_basis="قائمة مركز الحي",
    )  # fmt: skip
    manager.send()
    need = Need.objects.get(title=NEED)
    assert (need.body_id, need.people_estimate) == (body.pk, 40)
    return need


def design_an_answer(manager, need: Need) -> Opportunity:
    """All steps of the studio; the score of the last one publishes it."""
    manager.press(f"main a[href*='need={need.code}']")
    manager.press("main form.form button")
    manager.choose(klass="general", mode="onsite")
    manager.fill(
        title=TITLE, beneficiaries="كبار السن في الحي",
        purpose="لا يمر أسبوع على أحد من كبار السن في الحي دون زيارة وسؤال عن حاجته.",
        tasks="زيارة في البيت\nقراءة ومحادثة\nتدوين ما ينقصهم", gains="خبرة في رعاية كبار السن",
    )  # fmt: skip
    save_step(manager)
    manager.choose(way="open", gender_rule="anyone")
    manager.fill(min_age="١٨", supervisor_role="مديرة وحدة التطوع")
    manager.find("[name=supervisor]").select_option(label="مديرة تجريبية")
    manager.find("[name=unpaid]").check()
    save_step(manager)
    for days in (5, 12):
        add_a_shift(manager, timezone.localdate() + timedelta(days=days))
    manager.choose(governorate=str(need.governorate_id))
    manager.fill(hours_estimate="٦", place="حي الورود")
    save_step(manager)
    manager.choose(support="transport")
    manager.fill(
        safety="زيارة كل اثنين معا، ورقم المسعف مع قائد المجموعة.",
        training="لقاء تعريفي مدته ساعة قبل أول زيارة.",
    )  # fmt: skip
    save_step(manager)
    manager.sees("10/10", "10/10")
    manager.press("form[action$='/submit/'] button")
    return Opportunity.objects.get(title=TITLE)


def save_step(manager) -> None:
    manager.press("#step .form-actions button")


def add_a_shift(manager, day) -> None:
    form = "details:has(input[name=kind][value=one])"
    manager.find("input[name=kind][value=one]").wait_for(state="attached")
    if not manager.find(f"{form} [name=one-day]").is_visible():
        manager.find(f"{form} summary").click()
    manager.find(f"{form} [name=one-day]").fill(day.isoformat())
    manager.find(f"{form} [name=one-starts]").fill("16:00")
    manager.find(f"{form} [name=one-ends]").fill("19:00")
    manager.find(f"{form} [name^=one-seats_]").fill("4")
    manager.press(f"{form} .form-actions button")

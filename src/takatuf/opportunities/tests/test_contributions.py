from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from takatuf.kernel import search
from takatuf.kernel.models import Message, SearchDocument
from takatuf.kernel.outbox import rendered
from takatuf.kernel.registries import (
    desk_items,
    invariants,
    measures,
    message_templates,
    reminders,
)
from takatuf.kernel.working_days import usual_due
from takatuf.opportunities import commands
from takatuf.opportunities.commands import listing
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole
from takatuf.opportunities.tests.factories import NOW, manager_of, opportunity, published
from takatuf.registry.commands import office_queues
from takatuf.registry.queries import offices_of
from takatuf.registry.tests.factories import BodyFactory, PersonFactory, SkillFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OURS = [
    "opportunities count the seats of their planned shifts",
    "what lists show is what the rows say",
    "what is over has no shift to come",
]


def broken() -> list[str]:
    return [sentence for name in OURS for sentence in invariants[name]()]


def items(person, at=NOW) -> list:
    offices = offices_of(person)
    return [
        item
        for name, ask in desk_items
        if name.startswith("opportunities")
        for item in ask(person, offices, at)
    ]


# ---------------------------------------------------------------- desks
def test_the_manager_sees_what_to_mend_and_confirm():
    body = BodyFactory()
    opportunity(body=body, title="مسودة")
    listed = published(body=body, title="معروضة")
    Opportunity.objects.filter(pk=listed.pk).update(reconfirm_by=(NOW + 2 * DAY).date())

    found = items(manager_of(body), at=NOW + DAY)

    assert len(found) == 2  # a draft, a confirmation; who is missing is placement's to say
    assert all(item.title and item.url.startswith("/studio/") for item in found)


def test_other_peoples_queues_stay_empty():
    opportunity()
    published()

    assert items(manager_of(BodyFactory())) == []
    assert items(PersonFactory()) == []


def test_the_reviewer_sees_what_waits():
    desk = BodyFactory(desk=True)
    made = opportunity(title="متطوعين", tasks=[], training="")
    commands.submit(opportunity_id=made.pk, by=PersonFactory(), at=NOW)

    assert len(items(manager_of(desk, "reviewer"))) == 1
    assert items(manager_of(BodyFactory(), "reviewer")) == []


def test_a_review_has_five_working_days_and_its_reviewers_are_reminded():
    desk = BodyFactory(desk=True)
    made = opportunity(title="متطوعين", tasks=[], training="")
    commands.submit(opportunity_id=made.pk, by=PersonFactory(), at=NOW)
    reviewer, find = manager_of(desk, "reviewer"), office_queues["opportunities.review"].find
    due = usual_due(NOW)

    assert [item.due_at for item in items(reviewer)] == [due]
    assert [item.tone for item in items(reviewer, at=NOW)] == ["warn"]
    assert [item.tone for item in items(reviewer, at=due)] == ["bad"]
    assert [one.due_at for one in find(None, due)] == [due]
    assert not list(find(None, due - DAY / 24))


# ---------------------------------------------------------------- figures
def test_open_opportunities_and_seats_by_governorate():
    made = published()
    opportunity()
    commands.take_role_seat(ShiftRole.objects.filter(shift__opportunity=made).first().pk)

    assert measures["open_opportunities"].compute(NOW) == {"tabuk": 1, "": 1}
    assert measures["open_seats"].compute(NOW) == {"tabuk": 9, "": 9}
    assert measures["open_opportunities"].compute(NOW + 60 * DAY)[""] == 0


# ---------------------------------------------------------------- time
def test_a_shift_that_began_leaves_the_list_by_itself():
    made = published()
    later = made.shifts.earliest("starts_at").starts_at + timedelta(minutes=1)

    reminders["opportunities: follow the clock"](later)

    made.refresh_from_db()
    assert (made.shift_count, made.first_start) == (
        1,
        made.shifts.latest("starts_at").starts_at,
    )
    assert reminders["opportunities: follow the clock"](later) == 0


def test_the_managers_are_asked_once_whether_it_stands():
    made = published()
    manager = manager_of(made.body)
    ask = reminders["opportunities: ask whether listings still stand"]

    assert ask(NOW) == 0
    assert ask(NOW + 26 * DAY) == 1
    assert ask(NOW + 27 * DAY) == 0
    assert list(Message.objects.values_list("person", "template")) == [
        (manager.pk, "opportunities.reconfirm")
    ]
    commands.reconfirm(opportunity_id=made.pk, by=manager, at=NOW + 27 * DAY)
    assert ask(NOW + 53 * DAY) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_message_has_words_in_both_languages(language):
    ours = [name for name, _template in message_templates if name.startswith("opportunities.")]
    assert len(ours) == 5
    for name in ours:
        words = rendered(
            name, language=language, context={"name": "", **message_templates[name].sample}
        )
        assert words.subject
        # The inbox and an SMS have no button beside the words.
        assert message_templates[name].sample["link"] in words.body


# ---------------------------------------------------------------- search
def test_the_search_table_can_be_made_again():
    made = published()
    opportunity()
    search.rebuild()

    assert SearchDocument.objects.get(kind="opportunity").title == made.title


# ---------------------------------------------------------------- invariants
def test_sound_rows_break_nothing():
    made = published()
    commands.take_role_seat(ShiftRole.objects.first().pk)
    opportunity()
    commands.cancel_opportunity(
        opportunity_id=published().pk, reason="س", by=made.created_by, at=NOW
    )

    assert broken() == []
    call_command("check_invariants", only="what lists show")


# ---------------------------------------------------------------- texts that change
def test_what_is_called_otherwise_by_now_is_derived_again():
    """A new version words a text anew, or a skill has a new name: the lists follow."""
    plain = published(at=timezone.now())
    skilled = published(at=timezone.now())
    skill = SkillFactory(name_ar="إسعافات أولية", name_en="First aid")
    skilled.roles.update(skill=skill, level=1, least_basis="declared")
    assert commands.refresh_labels(at=timezone.now()) == 1
    assert commands.refresh_labels(at=timezone.now()) == 0
    Opportunity.objects.filter(pk=plain.pk).update(needs_label_ar="كما كان يُقال")
    before = Opportunity.objects.get(pk=plain.pk).listing_version
    assert broken()

    assert commands.refresh_labels(at=timezone.now()) == 1

    plain.refresh_from_db()
    skilled.refresh_from_db()
    assert plain.needs_label_ar == "بلا مهارة محددة"
    assert (skilled.needs_label_ar, skilled.needs_label_en) == ("إسعافات أولية", "First aid")
    assert plain.listing_version > before, "lists kept aside are made anew"
    assert broken() == []


def test_a_process_without_the_compiled_texts_judges_no_words_but_the_rest(monkeypatch):
    made = published(at=timezone.now())
    monkeypatch.setattr(listing, "_", str)  # as gettext answers without its catalogue
    assert broken() == []

    Opportunity.objects.filter(pk=made.pk).update(summary="غيره")
    assert broken()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda o: Opportunity.objects.filter(pk=o.pk).update(seats_taken=3),
        lambda o: Opportunity.objects.filter(pk=o.pk).update(listed=False),
        lambda o: Opportunity.objects.filter(pk=o.pk).update(summary="غيره"),
        lambda o: ShiftRole.objects.filter(shift__opportunity=o).update(taken=2),
        lambda o: Opportunity.objects.filter(pk=o.pk).update(status="closed", closed_at=NOW, listed=False),
        lambda o: Shift.objects.filter(
            pk=o.shifts.first().pk
        ).update(status="moved", reason="س", moved_to=published().shifts.first()),
    ],
)  # fmt: skip
def test_each_seeded_corruption_is_found(spoil):
    made = published(at=timezone.now())
    spoil(made)

    assert broken()

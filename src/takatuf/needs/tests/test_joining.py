"""Two needs that both wait at the desk are joined: one answer, and everybody hears it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import outbox, traces
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import WrongState, history
from takatuf.needs import commands, contributions, links, queries
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_person, every_need, words
from takatuf.registry.tests.factories import GovernorateFactory, PersonFactory

pytestmark = pytest.mark.django_db
CONTACT = "+966551234567"


@pytest.fixture
def desk():
    return desk_person()


def visitors(**changes) -> Need:
    return commands.report_need(
        by=None, at=timezone.now(), reporter_contact=CONTACT, **words(**changes)
    )


def join(need, into, desk) -> None:
    commands.merge_need(need_id=need.pk, into_id=into.pk, by=desk, at=timezone.now())
    for one in (need, into):
        one.refresh_from_db()


def told(need) -> list[str]:
    return [m.template.removeprefix("needs.") for m in outbox.inbox_for(need.reporter)][::-1]


def titles(client, need) -> str:
    return client.get(reverse("needs:detail", args=[need.code])).text


def test_the_desk_joins_what_waits_to_what_waits_on_its_page(client, desk):
    into = NeedFactory(title="زيارة المسنين في المركز")
    need = NeedFactory(reporter=PersonFactory())
    sign_in(client, desk)

    shown = client.get(reverse("needs:detail", args=[need.code])).text
    assert f"{into.code} · {into.title} (ينتظر الرد أيضًا)" in shown
    client.post(reverse("needs:decide", args=[need.code]), {"answer": "merge", "into": into.pk})

    need.refresh_from_db()
    assert (need.status, need.merged_into, need.waits) == ("merged", into, True)
    assert [*queries.waiting_for_desk()] == [into]
    assert queries.linked_with(into, desk) == ([], [need])
    assert [entry["words"] for entry in queries.story(need)] == ["ضُم إلى احتياج آخر"]
    assert list(contributions.merged_needs_lead_somewhere()) == []


def test_open_needs_are_offered_before_those_that_wait():
    need, waiting = NeedFactory(), NeedFactory()
    public = NeedFactory(validated=True)
    farther = NeedFactory(validated=True, target_group="children")

    assert queries.alike(need) == [public, waiting, farther]
    assert queries.alike(public) == [farther]


def test_what_is_recorded_again_is_offered_wherever_it_is_put():
    """As the page after reporting promises to whoever wrote the wrong place."""
    elsewhere = GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    first = NeedFactory(title="زيارة المسنين", governorate=elsewhere)
    NeedFactory(governorate=elsewhere)
    need, beside = NeedFactory(title="زيارة المسنين"), NeedFactory()

    assert queries.alike(need) == [first, beside]
    assert queries.alike(beside) == [need]


def test_whoever_reported_it_is_told_of_the_day_and_follows_it_on_a_page_of_their_own(
    client, desk
):
    into, need = NeedFactory(title="اسم لا يقرؤه غيره"), visitors()

    join(need, into, desk)

    *_, message = outbox.messages_to_address(CONTACT).order_by("pk")
    assert message.template == "needs.merged"
    assert into.code in message.body
    assert reverse("needs:detail", args=[into.code]) not in message.body
    page = client.get(message.context["link"].removeprefix(settings.BASE_URL))
    assert "سُجّل هذا الاحتياج مرتين" in page.text
    assert reverse("needs:detail", args=[need.code]) not in page.text


@pytest.mark.parametrize("who", ["visitor", "reporter", "other reporter", "desk"])
def test_nobody_but_the_desk_reads_the_words_of_another_before_they_are_public(
    client, desk, who
):
    into = NeedFactory(title="عنوان الأول", reporter=PersonFactory())
    need = NeedFactory(title="عنوان الثاني", reporter=PersonFactory())
    join(need, into, desk)
    person = {"reporter": need.reporter, "other reporter": into.reporter, "desk": desk}.get(who)
    if person:
        sign_in(client, person)

    on_its_page, on_the_others = titles(client, need), titles(client, into)

    assert ("عنوان الثاني" in on_its_page) is (who in {"reporter", "desk"})
    assert ("عنوان الأول" in on_its_page) is (who == "desk")
    assert ("عنوان الأول" in on_the_others) is (who in {"other reporter", "desk"})
    assert ("عنوان الثاني" in on_the_others) is (who == "desk")
    follow = client.get(
        reverse("needs:follow", args=[links.follow_token(need, at=timezone.now())])
    )
    assert "عنوان الأول" not in follow.text


def test_validated_both_hear_it_and_the_joined_one_leads_to_the_other(client, desk):
    into, need = NeedFactory(reporter=PersonFactory()), visitors()
    join(need, into, desk)
    need.refresh_from_db()
    assert need.reporter_contact == CONTACT

    commands.validate_need(need_id=into.pk, by=desk, at=timezone.now())

    need.refresh_from_db()
    messages = outbox.messages_to_address(CONTACT).order_by("pk")
    assert [m.template for m in messages] == [
        "needs.reported", "needs.merged", "needs.validated"
    ]  # fmt: skip
    assert told(into) == ["validated"]
    assert (need.status, need.merged_into, need.reporter_contact) == ("merged", into, "")
    page = client.get(reverse("needs:detail", args=[need.code]))
    assert page.headers["Location"] == reverse("needs:detail", args=[into.code])


def test_refused_both_hear_why_and_neither_leads_to_the_other(client, desk):
    into, need = NeedFactory(reporter=PersonFactory()), NeedFactory(reporter=PersonFactory())
    join(need, into, desk)

    commands.reject_need(need_id=into.pk, answer="خارج النطاق", by=desk, at=timezone.now())

    need.refresh_from_db()
    assert (need.status, need.merged_into, need.answer) == ("rejected", None, "خارج النطاق")
    assert told(need) == ["merged", "rejected"]
    assert told(into) == ["rejected"]
    assert list(contributions.merged_needs_lead_somewhere()) == []
    assert client.get(reverse("needs:detail", args=[need.code])).status_code == 404


def test_a_joined_need_is_refused_with_the_other_and_never_by_itself(desk):
    into, need = NeedFactory(), NeedFactory()
    join(need, into, desk)
    before = every_need()

    with pytest.raises(WrongState):
        commands.reject_need(need_id=need.pk, answer="سبب", by=desk, at=NOW)

    assert every_need() == before


def test_joined_onward_what_was_joined_goes_along_and_is_told(client, desk):
    first, second = (NeedFactory(reporter=PersonFactory()) for _ in range(2))
    third = NeedFactory(validated=True)
    join(first, second, desk)

    join(second, third, desk)

    first.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (third, third)
    assert [entry.action for entry in history(first)] == ["merged", "merged"]
    assert traces.sources(third, "duplicates") == [reference(second), reference(first)]
    assert told(first) == ["merged", "merged"]
    assert third.code in outbox.inbox_for(first.reporter)[0].body
    assert list(contributions.merged_needs_lead_somewhere()) == []


@pytest.mark.parametrize("earlier", [True, False])
def test_the_day_promised_first_is_kept(desk, earlier):
    days = timedelta(days=2 if earlier else -2)
    into = NeedFactory(due_at=NOW + timedelta(days=9))
    need = NeedFactory(due_at=into.due_at - days)

    join(need, into, desk)

    assert into.due_at == NOW + timedelta(days=7 if earlier else 9)
    assert [e.action for e in history(into)] == ["day moved"] * earlier


def test_what_is_public_is_not_joined_to_what_waits(desk):
    public, waiting = NeedFactory(validated=True), NeedFactory()
    before = every_need()

    with pytest.raises(DomainError):
        join(public, waiting, desk)

    assert every_need() == before


def test_only_the_desk_joins_what_waits():
    into, need = NeedFactory(), NeedFactory(reporter=PersonFactory())
    before = every_need()
    for person in (None, PersonFactory(), need.reporter):
        with pytest.raises(NotAllowed):
            join(need, into, person)
    assert every_need() == before
    assert not outbox.inbox_for(need.reporter).exists()

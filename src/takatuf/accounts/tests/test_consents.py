"""A guardian's consent: asked, given or refused, taken back, run out."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takatuf.accounts import commands, contributions, policies, queries
from takatuf.accounts.enums import CONSENT_STEPS
from takatuf.accounts.models import GuardianConsent
from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.registries import reminders
from takatuf.kernel.transitions import WrongState, history

pytestmark = pytest.mark.django_db
NOW, TODAY = factories.NOW, timezone.localdate(factories.NOW)
GUARDIAN = "+966551230009"


@pytest.fixture
def news(monkeypatch):
    """People whose places the floors above are told to free."""
    told: list[int] = []

    def note(notice):
        if isinstance(notice, ConsentWithdrawn):
            told.append(notice.person_id)

    monkeypatch.setattr("takatuf.accounts.commands.consents.announce", note)
    monkeypatch.setattr("takatuf.accounts.commands.people.announce", note)
    return told


def ask(minor, **given):
    values = {"guardian_name": "أم تجريبية", "relation": "mother", "contact": GUARDIAN} | given
    return commands.ask_consent(minor=minor, by=minor, at=NOW, **values)


def test_asking_sends_the_guardian_a_link(db):
    young = factories.minor()

    consent = ask(young)

    message = outbox.messages_to_address(GUARDIAN).get()
    assert consent.status == "asked"
    assert "/guardian/" in message.context["link"]
    assert young.full_name in message.body


def test_asking_again_replaces_the_unanswered_one():
    young = factories.minor()
    first = ask(young)

    second = ask(young, contact="+966551230010")

    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "asked")


@pytest.mark.parametrize(
    ("born", "contact"),
    [
        (date(2008, 11, 23), GUARDIAN),
        (None, GUARDIAN),
        (date(2012, 1, 1), "young@example.org"),
        (date(2012, 1, 1), "Young@Example.org"),
    ],
    ids=["eighteen today", "birth date unknown", "the minor's own", "the same in capitals"],
)
def test_what_cannot_be_asked_is_refused(born, contact):
    young = factories.person(birth_date=born, email="young@example.org")

    with pytest.raises(commands.ConsentRefused):
        ask(young, contact=contact)

    assert not GuardianConsent.objects.exists()
    assert not outbox.recent_messages().exists()


def test_nobody_asks_in_a_minors_name():
    young, other = factories.minor(), factories.person()

    with pytest.raises(NotAllowed):
        commands.ask_consent(
            minor=young,
            guardian_name="x",
            relation="father",
            contact=GUARDIAN,
            by=other,
            at=NOW,
        )

    assert not GuardianConsent.objects.exists()


def test_giving_lets_the_minor_join_until_a_year_or_eighteen():
    young = factories.minor(birth_date=date(2009, 1, 10))
    assert not policies.may_join_activities(young, NOW)

    consent = commands.give_consent(consent=ask(young), at=NOW)

    assert consent.expires_on == date(2027, 1, 10)
    assert policies.may_join_activities(young, NOW)
    assert queries.has_live_consent(young, TODAY)
    assert not queries.has_live_consent(young, date(2027, 1, 10))


def test_taking_it_back_frees_the_places_and_tells_both(news):
    young = factories.minor()
    consent = commands.give_consent(consent=ask(young), at=NOW)

    commands.withdraw_consent(consent=consent, at=NOW)

    assert news == [young.pk]
    assert not queries.has_live_consent(young, TODAY)
    assert (
        outbox.messages_to_address(GUARDIAN).filter(template="accounts.consent_ended").exists()
    )
    assert [entry.action for entry in history(consent)] == ["asked", "given", "withdrawn"]


def test_a_minor_is_no_guardian():
    young = factories.minor()
    factories.minor(phone=GUARDIAN)
    consent = ask(young)

    with pytest.raises(commands.ConsentRefused):
        commands.give_consent(consent=consent, at=NOW)

    consent.refresh_from_db()
    assert consent.status == "asked"


def test_a_list_with_the_guardians_mobile_on_a_child_keeps_no_guardian_from_answering():
    factories.minor(
        phone=GUARDIAN, email=None, phone_verified=False, birth_date=date(2013, 1, 1),
        birth_date_basis="sheet",
    )  # fmt: skip

    consent = commands.give_consent(consent=ask(factories.minor()), at=NOW)

    assert (consent.status, consent.guardian) == ("given", None)


def test_a_guardian_with_an_account_is_linked():
    guardian = factories.person(phone=GUARDIAN)

    consent = commands.give_consent(consent=ask(factories.minor()), at=NOW)

    assert consent.guardian == guardian


def test_answering_twice_is_refused_and_changes_nothing(news):
    consent = commands.refuse_consent(consent=ask(factories.minor()), at=NOW)

    with pytest.raises(WrongState):
        commands.give_consent(consent=consent, at=NOW)

    consent.refresh_from_db()
    assert consent.status == "refused"


def test_a_consent_that_ran_out_frees_places_and_is_asked_for_again(news):
    young = factories.minor()
    consent = factories.consent(young, status="given", expires_on=TODAY)

    assert commands.expire_consents(NOW) == 1
    assert commands.expire_consents(NOW) == 0

    consent.refresh_from_db()
    assert consent.status == "expired"
    assert news == [young.pk]
    assert queries.live_consent_of(young).status == "asked"


def test_at_eighteen_it_ends_without_freeing_anything(news):
    grown = factories.person(birth_date=date(2008, 11, 23))
    factories.consent(grown, status="given", expires_on=TODAY)

    commands.expire_consents(NOW)

    assert news == []
    assert queries.live_consent_of(grown) is None
    assert policies.may_join_activities(grown, NOW)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [(date(2010, 3, 1), date(2028, 3, 1)), (date(2012, 2, 29), date(2030, 3, 1))],
)
def test_coming_of_age_agrees_with_the_age_rule(born, of_age):
    person = factories.person(birth_date=born)

    assert queries.coming_of_age(born) == of_age
    assert not person.is_minor(on=of_age)
    assert person.is_minor(on=of_age - timedelta(days=1))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.sampled_from(["ask", "give", "refuse", "withdraw", "expire", "month"]), max_size=10
    )
)
def test_whatever_happens_one_consent_lives_and_the_rules_hold(acts):
    """Joining follows the last word; no row ever leaves its table of steps."""
    with transaction.atomic():
        young, at = factories.minor(), NOW
        for act in acts:
            at = at + timedelta(days=30 if act == "month" else 1)
            _try(act, young, at)
            live = GuardianConsent.objects.filter(minor=young, status__in=["asked", "given"])
            assert live.count() <= 1
            given_now = queries.has_live_consent(young, timezone.localdate(at))
            assert policies.may_join_activities(young, at) == given_now
            for row in GuardianConsent.objects.filter(minor=young):
                _follows_the_table(row)
        transaction.set_rollback(True)


def _try(act: str, young, at: datetime) -> None:
    current = queries.latest_consent_of(young)
    try:
        with transaction.atomic():
            if act == "ask":
                commands.ask_consent(
                    minor=young, guardian_name="أب", relation="father", contact=GUARDIAN,
                    by=young, at=at,
                )  # fmt: skip
            elif act == "expire":
                commands.expire_consents(at)
            elif act != "month" and current is not None:
                getattr(commands, f"{act}_consent")(consent=current, at=at)
    except DomainError:
        pass  # a refusal; what it must leave untouched is checked by the caller


def _follows_the_table(row) -> None:
    for entry in history(row):
        if entry.from_state:
            assert entry.to_state in CONSENT_STEPS[entry.from_state]


def test_the_database_refuses_two_live_consents():
    young = factories.minor()
    factories.consent(young)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.consent(young, status="given")


def test_strangers_see_no_consents():
    consent = factories.consent()

    assert list(queries.consents_visible_to(factories.person())) == []
    assert list(queries.consents_visible_to(consent.minor)) == [consent]


def test_the_invariant_finds_a_consent_that_runs_past_eighteen():
    young = factories.minor()
    assert list(contributions.consents_of_adults()) == []

    factories.consent(young, status="given", expires_on=date(2030, 1, 1))

    assert len(list(contributions.consents_of_adults())) == 1


def test_what_the_young_persons_own_contact_answered_ends_and_they_are_told(news):
    young = factories.minor(email=None, phone=GUARDIAN)
    consent = factories.consent(young, status="given", guardian_contact=GUARDIAN)
    other = factories.consent(status="given", guardian_contact=GUARDIAN)
    assert len(list(contributions.consents_by_oneself())) == 1

    assert commands.end_consents_by_oneself(NOW) == 1
    assert commands.end_consents_by_oneself(NOW) == 0

    consent.refresh_from_db()
    other.refresh_from_db()
    assert (consent.status, other.status) == ("expired", "given")
    assert list(contributions.consents_by_oneself()) == []
    assert news == [young.pk]
    assert queries.live_consent_of(young) is None
    message = outbox.messages_to_address(GUARDIAN).get()
    assert (message.template, message.person) == ("accounts.consent_own_contact", young)
    assert [entry.action for entry in history(consent)] == ["own_contact"]


def test_it_ends_by_itself_every_day():
    assert commands.end_consents_by_oneself in dict(reminders).values()

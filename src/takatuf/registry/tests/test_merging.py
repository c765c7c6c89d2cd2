"""One person registered twice becomes one."""

from datetime import timedelta

import pytest
from django.db.models import UniqueConstraint
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from takatuf.accounts import commands as accounts
from takatuf.accounts.models import CharterAcceptance
from takatuf.accounts.tests.factories import consent, sign_in
from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.transitions import history
from takatuf.registry import commands, policies, queries
from takatuf.registry.commands import merges
from takatuf.registry.models import (
    Office,
    PersonMerge,
    SkillGrant,
    TeamMember,
    VolunteerProfile,
)
from takatuf.registry.tests.factories import (
    BodyFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
    SkillGrantFactory,
    TeamFactory,
    TeamMemberFactory,
    VolunteerFactory,
    desk_member,
    now,
)

pytestmark = pytest.mark.django_db


def details(**changes):
    given = {
        "name_ar": "جمعية البر", "sector": "non_profit", "governorate": GovernorateFactory(),
        "licence_number": "77",
    } | changes  # fmt: skip
    return commands.BodyDetails(**given)


def test_merging_takes_two_people_of_the_desk_and_moves_everything():
    keep, drop = VolunteerFactory(total_minutes=60), VolunteerFactory(total_minutes=30)
    keeper, dropped = keep.person, drop.person
    grant = SkillGrantFactory(person=dropped)
    member = TeamMemberFactory(person=dropped)
    office = OfficeFactory(person=dropped)
    one, two = desk_member(), desk_member()
    merge = commands.propose_merge(keep=keeper, drop=dropped, reason="same", by=one, at=now())
    with pytest.raises(SamePerson):
        commands.confirm_merge(merge=merge, by=one, at=now())
    merge.refresh_from_db()

    commands.confirm_merge(merge=merge, by=two, at=now())

    for row in (grant, member, office):
        row.refresh_from_db()
        assert row.person == keeper
    keeper.refresh_from_db()
    dropped.refresh_from_db()
    assert VolunteerProfile.objects.get(person=keeper).total_minutes == 90
    assert (dropped.is_active, dropped.email) == (False, None)


def test_two_records_a_module_above_cannot_take_for_one_are_not_proposed(monkeypatch):
    said = [("test", lambda _keep, _drop: "Both are entered.")]
    monkeypatch.setattr(policies, "merge_obstacles", said)

    with pytest.raises(commands.CannotMerge, match="Both are entered"):
        commands.propose_merge(
            keep=PersonFactory(), drop=PersonFactory(), reason="x", by=desk_member(), at=now()
        )

    assert not PersonMerge.objects.exists()


def test_what_both_records_have_once_is_kept_once():
    team, skill = TeamFactory(), SkillFactory()
    charter = accounts.load_charter(at=now())
    keep, drop = PersonFactory(), PersonFactory()
    for person in (keep, drop):
        TeamMemberFactory(team=team, person=person)
        SkillGrantFactory(person=person, skill=skill)
        accounts.accept_charter(person=person, charter=charter, by=person, at=now())
    other = TeamMemberFactory(person=drop)

    commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    assert set(TeamMember.objects.values_list("team_id", "person_id")) == {
        (team.pk, keep.pk), (other.team_id, keep.pk),
    }  # fmt: skip
    assert [grant.person for grant in SkillGrant.objects.all()] == [keep]
    assert CharterAcceptance.objects.filter(person=keep).count() == 1


def test_a_guardian_and_the_young_person_are_no_one_person():
    mobile = "+966550000001"
    young, guardian = PersonFactory(), PersonFactory(phone=mobile)
    given = consent(minor=young, guardian_contact=mobile, status="given")

    for keep, drop in ((young, guardian), (guardian, young)):
        with pytest.raises(commands.CannotMerge, match=r"guardian|ولي"):
            commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    given.refresh_from_db()
    assert given.minor == young


def test_what_people_must_settle_first_moves_nothing():
    keep, drop = PersonFactory(), PersonFactory(phone="+966550000001")
    for person in (keep, drop):
        consent(minor=person)
    office = OfficeFactory(person=drop)

    with override("ar"), pytest.raises(commands.CannotMerge, match="ولي الأمر"):
        commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    office.refresh_from_db()
    drop.refresh_from_db()
    assert office.person == drop
    assert (drop.is_active, drop.phone) == (True, "+966550000001")


def test_every_row_a_person_has_once_says_what_becomes_of_it():
    """Without a word of its module such a row would stop every merge."""
    silent = [
        model._meta.label
        for model, field in merges.references()
        if model._meta.app_label not in merges.SIGN_IN_APPS
        and not model._meta.auto_created
        and (field.unique or any(field.name in unique.fields for unique in _uniques(model)))
        and model._meta.label not in policies.merge_clashes
    ]
    assert silent == []


def _uniques(model):
    return [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]


def test_people_with_different_identity_numbers_are_not_proposed_as_one():
    keep = PersonFactory(id_hash="a" * 64, id_last_three="111")
    drop = PersonFactory(id_hash="b" * 64, id_last_three="222")

    with pytest.raises(commands.CannotMerge):
        commands.propose_merge(keep=keep, drop=drop, reason="x", by=desk_member(), at=now())


def test_likely_duplicates_are_proposed_until_somebody_looked():
    one = PersonFactory(full_name="محمد عبدالله العنزي")
    two = PersonFactory(full_name="محمد عبد الله العنزى")
    PersonFactory(full_name="سعد العتيبي")

    pairs = queries.likely_duplicates()

    assert [(pair.keep, pair.drop) for pair in pairs] == [(one, two)]
    member = desk_member()
    merge = commands.propose_merge(keep=one, drop=two, reason="x", by=member, at=now())
    commands.refuse_merge(merge=merge, by=member, at=now())
    assert queries.likely_duplicates() == []


def test_an_office_both_records_hold_is_held_once_afterwards():
    keep, drop, body = PersonFactory(), PersonFactory(), BodyFactory()
    stays = OfficeFactory(person=keep, body=body, role="unit_manager")
    twice = OfficeFactory(person=drop, body=body, role="unit_manager")
    moves = OfficeFactory(person=drop, body=body, role="body_head")

    commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    in_force = Office.objects.filter(person__in=[keep, drop], ends_on=None)
    assert set(in_force.values_list("pk", "person")) == {
        (stays.pk, keep.pk), (moves.pk, keep.pk),
    }  # fmt: skip
    twice.refresh_from_db()
    assert twice.ends_on == timezone.localdate()
    assert [entry.action for entry in history(twice)] == ["ended"]


# ---------------------------------------------------------------- offices, said before they move
def alike(**fields):
    return PersonFactory(full_name="محمد عبدالله العنزي", **fields)


def desk_page(client, language: str) -> str:
    sign_in(client, desk_member())
    with override(language):
        return client.get(reverse("registry:duplicates")).content.decode()


MOVES = {
    "ar": "السجل الذي يُدمج يحمل مهمة «إدارة وحدة التطوع» في",
    "en": "The record given up holds the office “Unit manager” in",
}


@pytest.mark.parametrize("language", MOVES)
@pytest.mark.parametrize("proposed", [False, True])
def test_the_desk_reads_of_an_office_before_it_moves(client, language, proposed):
    keep, drop = alike(), alike()
    office = OfficeFactory(person=drop, role="unit_manager")
    if proposed:
        commands.propose_merge(keep=keep, drop=drop, reason="x", by=desk_member(), at=now())

    page = desk_page(client, language)

    assert page.count(MOVES[language]) == 1
    with override(language):
        assert f"<bdi>{office.body.name}</bdi>" in page


@pytest.mark.parametrize(
    ("holder", "fields"),
    [
        ("drop", {"ends_on": now().date()}),
        ("drop", {"starts_on": now().date() + timedelta(days=9)}),
        ("keep", {}),  # it stays where it is
        ("drop", None),
    ],
)
def test_where_no_office_in_force_moves_nothing_is_said(client, holder, fields):
    people = {"keep": alike(), "drop": alike()}
    if fields is not None:
        OfficeFactory(person=people[holder], role="unit_manager", **fields)

    page = desk_page(client, "en")

    assert "names alike" in page
    assert "holds the office" not in page


def test_the_page_asks_no_more_for_many_offices(client, django_assert_num_queries):
    member = desk_member()
    for pairs in (1, 6):
        for _ in range(pairs):
            keep, drop = alike(), alike()
            OfficeFactory(person=drop, role="unit_manager")
            commands.propose_merge(keep=keep, drop=drop, reason="x", by=member, at=now())
        desk_page(client, "en")
        with django_assert_num_queries(9):
            client.get(reverse("registry:duplicates"))

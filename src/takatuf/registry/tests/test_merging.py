"""One person registered twice becomes one."""

import pytest

from takatuf.kernel.four_eyes import SamePerson
from takatuf.registry import commands, policies, queries
from takatuf.registry.models import PersonMerge, VolunteerProfile
from takatuf.registry.tests.factories import (
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
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


@pytest.mark.parametrize(("bound", "kept"), [((), 0), ((1,), 1), ((0,), 0)])
def test_the_record_that_cannot_be_given_up_is_the_one_kept(monkeypatch, bound, kept):
    people = [PersonFactory(), PersonFactory()]
    _bind(monkeypatch, [people[number] for number in bound])

    merge = commands.propose_merge(
        keep=people[0], drop=people[1], reason="same", by=desk_member(), at=now()
    )

    assert (merge.keep, merge.drop) == (people[kept], people[1 - kept])


def test_two_records_that_both_must_stay_are_not_proposed(monkeypatch):
    people = [PersonFactory(), PersonFactory()]
    _bind(monkeypatch, people)

    with pytest.raises(commands.CannotMerge):
        commands.propose_merge(
            keep=people[0], drop=people[1], reason="same", by=desk_member(), at=now()
        )

    assert not PersonMerge.objects.exists()


def _bind(monkeypatch, people) -> None:
    """These cannot be given up, as a module above would say."""
    said = [("test", lambda _keep, drop: "Entered." if drop in people else "")]
    monkeypatch.setattr(policies, "merge_obstacles", said)


def test_a_merge_that_collides_moves_nothing():
    team = TeamFactory()
    keep, drop = PersonFactory(), PersonFactory(phone="+966550000001")
    TeamMemberFactory(team=team, person=keep)
    TeamMemberFactory(team=team, person=drop)
    office = OfficeFactory(person=drop)

    with pytest.raises(commands.CannotMerge):
        commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    office.refresh_from_db()
    drop.refresh_from_db()
    assert office.person == drop
    assert (drop.is_active, drop.phone) == (True, "+966550000001")


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

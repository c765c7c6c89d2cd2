"""What was said of two records is asked again when a second person agrees."""

import pytest
from django.db import IntegrityError, transaction

from takatuf.kernel.four_eyes import SamePerson
from takatuf.kernel.models import Transition
from takatuf.registry import commands, queries
from takatuf.registry.enums import Basis, GrantStatus
from takatuf.registry.models import PersonMerge
from takatuf.registry.tests.factories import (
    PersonFactory,
    SkillGrantFactory,
    VolunteerFactory,
    desk_member,
    now,
)

pytestmark = pytest.mark.django_db
GONE = [{"id_hash": "b" * 64, "id_last_three": "222"}, {"erased_at": now()}]


def people(count: int) -> list:
    return [VolunteerFactory(person__phone=f"+96655000000{n}").person for n in range(count)]


def propose(keep, drop, *, by=None) -> PersonMerge:
    return commands.propose_merge(
        keep=keep, drop=drop, reason="same", by=by or desk_member(), at=now()
    )


def confirm(merge, *, by=None) -> None:
    commands.confirm_merge(
        merge=PersonMerge.objects.get(pk=merge.pk), by=by or desk_member(), at=now()
    )


def everything() -> list:
    rows = type(PersonFactory()).objects.filter(phone__isnull=False).order_by("pk")
    return [
        *rows.values_list("pk", "is_active", "phone", "id_hash"),
        *PersonMerge.objects.order_by("pk").values_list("pk", "status"),
        Transition.objects.count(),
    ]


@pytest.mark.parametrize(("keep", "drop"), [(1, 2), (1, 0), (2, 1)])
def test_a_record_given_up_since_is_neither_kept_nor_given_up_again(keep, drop):
    three = people(3)
    first, then = propose(three[0], three[1]), propose(three[keep], three[drop])
    confirm(first)
    before = everything()

    with pytest.raises(commands.CannotMerge, match="من قبل"):
        confirm(then)

    assert everything() == before
    assert queries.refs_of(three[2]) == {three[2].ref}


def test_a_record_given_up_is_not_proposed():
    keep, drop = people(2)
    confirm(propose(keep, drop))
    drop.refresh_from_db()
    for pair in ((keep, drop), (drop, keep)):
        with pytest.raises(commands.CannotMerge, match="من قبل"):
            propose(*pair)
    assert PersonMerge.objects.count() == 1


def test_the_database_lets_a_record_be_given_up_once():
    keep, drop, other = people(3)
    fields = {"reason": "x", "status": "done", "proposed_at": now(), "decided_at": now()}
    PersonMerge.objects.create(keep=keep, drop=drop, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonMerge.objects.create(keep=other, drop=drop, **fields)


@pytest.mark.parametrize("since", GONE)
def test_what_is_no_longer_so_stops_the_merge(since):
    keep, drop = people(2)
    type(keep).objects.filter(pk=keep.pk).update(id_hash="a" * 64, id_last_three="111")
    keep.refresh_from_db()
    merge = propose(keep, drop)
    type(drop).objects.filter(pk=drop.pk).update(**since)
    before = everything()

    with pytest.raises(commands.CannotMerge):
        confirm(merge)

    assert everything() == before


def test_who_proposed_under_a_record_given_up_is_not_the_second_person():
    keep, drop = people(2)
    old, new = desk_member(), desk_member()
    merge = propose(keep, drop, by=old)
    confirm(propose(new, old))

    with pytest.raises(SamePerson):
        confirm(merge, by=new)

    drop.refresh_from_db()
    assert drop.is_active
    confirm(merge)


def test_a_skill_one_record_confirmed_to_the_other_is_taken_back_first():
    keep, drop = people(2)
    grant = SkillGrantFactory(person=keep, granted_by=drop, basis=Basis.EVIDENCED)
    with pytest.raises(commands.CannotMerge, match=grant.skill.name):
        propose(keep, drop)
    with pytest.raises(commands.CannotMerge, match=grant.skill.name):
        propose(drop, keep)
    assert not PersonMerge.objects.exists()

    grant.status = GrantStatus.REVOKED
    grant.save()
    confirm(propose(keep, drop))

"""May rounds propose me, and may the desk approve for us? Both are off until somebody says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.registries import personal_fields
from takatuf.kernel.transitions import history
from takatuf.registry import commands
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now


def test_nobody_is_proposed_who_did_not_agree_and_agreeing_is_taken_back_as_easily():
    profile = VolunteerFactory()
    assert profile.proposals_agreed_at is None

    for agreed in (True, True, False, False):
        commands.save_proposals(profile=profile, agreed=agreed, by=profile.person, at=NOW())
        profile.refresh_from_db()
        assert (profile.proposals_agreed_at is not None) is agreed

    actions = [entry.action for entry in history(profile)]
    assert actions == ["agreed to be proposed", "not proposed any more"]


def test_only_the_volunteer_agrees():
    profile = VolunteerFactory()
    with pytest.raises(NotAllowed):
        commands.save_proposals(profile=profile, agreed=True, by=PersonFactory(), at=NOW())
    profile.refresh_from_db()
    assert profile.proposals_agreed_at is None


def test_under_eighteen_nobody_is_proposed_unasked():
    born = timezone.localdate() - timedelta(days=16 * 366)
    profile = VolunteerFactory(person=PersonFactory(birth_date=born))
    with pytest.raises(commands.CannotSave):
        commands.save_proposals(profile=profile, agreed=True, by=profile.person, at=NOW())
    profile.refresh_from_db()
    assert profile.proposals_agreed_at is None


def test_it_is_answered_on_the_own_page(client):
    profile = VolunteerFactory()
    sign_in(client, profile.person)
    address = reverse("registry:profile_proposals")

    answer = client.post(address, {"agreed": "yes"}, follow=True)
    profile.refresh_from_db()
    assert profile.proposals_agreed_at is not None
    assert 'value="no"' in answer.content.decode()

    client.post(address, {"agreed": "no"})
    profile.refresh_from_db()
    assert profile.proposals_agreed_at is None


def test_the_own_copy_says_since_when_and_erasure_takes_it_with_the_profile():
    profile = VolunteerFactory(proposals_agreed_at=NOW())
    field = personal_fields["registry.VolunteerProfile.proposals_agreed_at"]
    assert field.export(profile.person).startswith(str(profile.proposals_agreed_at.year))
    assert field.erase == "delete_row"


def test_the_head_alone_lets_the_desk_place():
    body = BodyFactory()
    head = OfficeFactory(body=body, role=Role.BODY_HEAD).person
    manager = OfficeFactory(body=body, role=Role.UNIT_MANAGER).person
    with pytest.raises(NotAllowed):
        commands.let_desk_place(body=body, may=True, by=manager, at=NOW())
    body.refresh_from_db()
    assert not body.desk_may_place

    commands.let_desk_place(body=body, may=True, by=head, at=NOW())
    commands.let_desk_place(body=body, may=True, by=head, at=NOW())
    body.refresh_from_db()
    assert body.desk_may_place
    commands.let_desk_place(body=body, may=False, by=head, at=NOW())
    body.refresh_from_db()
    assert not body.desk_may_place
    assert len(history(body)) == 2

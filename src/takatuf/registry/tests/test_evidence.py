"""A body's licence: kept as it came, shown to the desk alone, safe to open."""

import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import evidence
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Evidence
from takatuf.kernel.transitions import history
from takatuf.registry import commands
from takatuf.registry.enums import Role
from takatuf.registry.models import Body
from takatuf.registry.tests.factories import (
    BodyFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nthe licence"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(content=PDF, name="licence.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)


def typed(**changes) -> dict:
    return {
        "name_ar": "جمعية الغد", "sector": "non_profit", "licence_number": "L-77",
        "governorate": GovernorateFactory().pk, "contact_email": "x@example.com",
    } | changes  # fmt: skip


def register(client, **changes):
    client.force_login(PersonFactory())
    return client.post("/en/bodies/new/", typed(**changes))


def desk(client, role=Role.DESK):
    body = Body.objects.filter(is_desk=True).first() or BodyFactory(desk=True)
    sign_in(client, OfficeFactory(body=body, role=role).person)


def kept(body=None, **file) -> Evidence:
    body = body or BodyFactory(waiting=True)
    return evidence.keep(
        subject=body, title="Licence", by=None, at=timezone.now(), file=upload(**file)
    )


def address(row) -> str:
    body = Body.objects.get(pk=row.subject.partition(":")[2])
    return f"/bodies/{body.code}/evidence/{row.pk}/"


def test_a_body_hands_in_its_licence_and_the_desk_sees_it(client):
    assert register(client, licence_file=upload()).status_code == 302
    body = Body.objects.get(name_ar="جمعية الغد")
    [row] = evidence.of(body)
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "licence" not in row.file.name.rpartition("/")[2]  # no name of the sender's

    desk(client)
    page = client.get(f"/en/bodies/{body.code}/decision/").content.decode()
    assert quote(address(row)) in page
    answer = client.get(address(row))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_address_of_a_register_does_too_and_is_not_followed(client):
    link = "https://example.org/register/77"
    assert register(client, licence_link=link).status_code == 302

    desk(client)
    code = Body.objects.get(name_ar="جمعية الغد").code
    page = client.get(f"/en/bodies/{code}/decision/").content.decode()
    assert f'href="{link}" rel="nofollow noopener noreferrer"' in page


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><script>alert(1)</script>", "Only PDF, JPEG and PNG"),
        (b"MZ\x90\x00program", "Only PDF, JPEG and PNG"),
        (b"", "empty"),
        (b"%PDF-" + b"0" * evidence.LARGEST, "larger than 5 MB"),
    ],
    ids=["page", "program", "empty", "large"],
)
def test_what_is_no_document_is_refused_and_nothing_is_kept(client, media, content, says):
    answer = register(client, licence_file=upload(content))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Body.objects.filter(name_ar="جمعية الغد").exists()
    assert not Evidence.objects.exists()
    assert not list(Path(media).rglob("*.*"))


def test_a_licence_is_handed_in_after_registration(client):
    assert register(client).status_code == 302
    body = Body.objects.get(name_ar="جمعية الغد")
    sign_in(client, body.registered_by)
    page = f"/en/bodies/{body.code}/licence/"

    empty = client.post(page, {"licence_link": ""})
    wrong = client.post(page, {"licence_file": upload(b"MZ\x90\x00program")})
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert not evidence.of(body)
    done = client.post(
        page, {"licence_file": upload(), "licence_link": "https://example.org/77"}
    )

    assert done.status_code == 302
    assert [bool(row.file) for row in evidence.of(body)] == [True, False]
    assert [entry.action for entry in history(body)] == ["registered", "licence_shown"]
    with pytest.raises(NotAllowed):
        commands.hand_in_licence(
            body=body, by=PersonFactory(), at=timezone.now(), licence_link="https://x.example/"
        )
    assert len(evidence.of(body)) == 2


def test_the_file_of_what_was_undone_does_not_stay(media):
    stays = kept()
    with transaction.atomic():
        kept()
        transaction.set_rollback(True)
    files = lambda: {path.name for path in Path(media).rglob("*.pdf")}  # noqa: E731
    assert len(files()) == 2

    assert evidence.sweep(at=timezone.now()) == 0  # it might still be under way
    assert evidence.sweep(at=timezone.now() + timedelta(hours=2)) == 1

    assert files() == {Path(stays.file.name).name}


def test_nobody_but_the_desk_opens_it(client):
    body = BodyFactory(waiting=True)
    row = kept(body)
    head = OfficeFactory(body=body, role=Role.BODY_HEAD).person
    client.logout()
    assert client.get(address(row)).status_code == 302
    for person in (head, PersonFactory()):
        sign_in(client, person)
        assert client.get(address(row)).status_code in (403, 404)
    for role in (Role.AUDITOR, Role.REVIEWER):
        desk(client, role)
        assert client.get(address(row)).status_code in (403, 404)


def test_evidence_of_another_body_is_not_found_under_this_one(client):
    row, other = kept(), BodyFactory()
    desk(client)
    assert client.get(f"/bodies/{other.code}/evidence/{row.pk}/").status_code == 404


def test_a_file_changed_on_the_disk_is_not_shown_and_is_found(client):
    row = kept()
    assert list(evidence.changed_evidence()) == []
    Path(row.file.path).chmod(0o600)
    Path(row.file.path).write_bytes(b"%PDF-1.7\nanother")

    desk(client)
    assert client.get(address(row)).status_code == 409
    assert len(list(evidence.changed_evidence())) == 1
    Path(row.file.path).unlink()
    assert client.get(address(row)).status_code == 409


def test_the_database_refuses_to_change_or_remove_a_row():
    row = kept()
    for change in (
        lambda: Evidence.objects.filter(pk=row.pk).update(title="x"),
        lambda: Evidence.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Evidence.objects.get().title == "Licence"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"\x89PNG\r\n\x1a\n..", "image/png"), (b"\xff\xd8\xff\xe0..", "image/jpeg")],
)
def test_the_type_is_the_files_own_not_the_senders(client, content, kind):
    row = kept(content=content, name="x.html", kind="text/html")
    desk(client)
    assert client.get(address(row))["Content-Type"] == kind

"""Files and addresses kept as proof: taken once, never changed, shown to few."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError
from takatuf.kernel.jobs import every
from takatuf.kernel.models import Evidence
from takatuf.kernel.references import reference
from takatuf.kernel.registries import invariants, reminders

FOLDER = "evidence"  # under MEDIA_ROOT; the model says how it is divided
UNDER_WAY = 3600  # seconds
LARGEST = 5 * 1024 * 1024
# What a file begins with -> the ending it is kept under. The name and type it came with do
# not count: they are whatever the sender says.
BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
# Nothing in the file may run, load or frame anything, whoever opens it.
POLICY = "default-src 'none'; sandbox"


class CannotKeep(DomainError):
    """The file is not of a kind, or not of a size, that is kept."""


def check_file(file: UploadedFile) -> str:
    """The ending a file is kept under.

    :raises CannotKeep: with a sentence that says what to change.
    """
    if not file.size:
        raise CannotKeep(_("The file is empty. Choose it again."))
    if file.size > LARGEST:
        raise CannotKeep(_("The file is larger than 5 MB. Send a smaller copy of it."))
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    for beginning, ending in BEGINNINGS.items():
        if head.startswith(beginning):
            return ending
    raise CannotKeep(_("Only PDF, JPEG and PNG files are kept. Save it as one of them."))


@transaction.atomic
def keep(
    *, subject: models.Model, title: str, by, at: datetime,
    file: UploadedFile | None = None, url: str = "",
) -> Evidence:  # fmt: skip
    """Keep a file, or the address of one, as proof of something about the subject.

    :raises CannotKeep: as ``check_file``, or without either.
    """
    if file is None and not url:
        raise CannotKeep(_("Choose a file, or write the address of one."))
    row = Evidence(
        subject=reference(subject), title=title, url=url, uploaded_at=at,
        actor=by.ref if by else None,
    )  # fmt: skip
    if file is not None:
        ending = check_file(file)
        content = file.read()
        row.sha256 = hashlib.sha256(content).hexdigest()
        row.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def sweep(*, at: datetime) -> int:
    """Remove files no row knows of: a file is on the disk before the transaction that keeps
    it ends, and stays there if that is undone or the process dies. How many.

    Younger than an hour, its transaction may still be under way.
    """
    removed = 0
    for path in (Path(settings.MEDIA_ROOT) / FOLDER).rglob("*"):
        if not path.is_file() or at.timestamp() - path.stat().st_mtime < UNDER_WAY:
            continue
        name = path.relative_to(settings.MEDIA_ROOT).as_posix()
        if not Evidence.objects.filter(file=name).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


@reminders.register("kernel: files of what was undone")
@every(hours=1)
def sweep_now(at: datetime) -> int:
    return sweep(at=at)


def of(subject: models.Model) -> list[Evidence]:
    return list(Evidence.objects.filter(subject=reference(subject)).order_by("pk"))


def is_whole(row: Evidence) -> bool:
    """Whether the kept file is there, and the one that was handed in."""
    try:
        with row.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
    except FileNotFoundError:
        return False


def answer_with(row: Evidence) -> HttpResponse:
    """The file, in a type of our own list, which the browser may only show.

    :raises CannotKeep: if it is not the file that was handed in any more.
    """
    ending = PurePosixPath(row.file.name or "").suffix[1:]
    if not is_whole(row) or ending not in TYPES:
        raise CannotKeep(_("The kept file is missing or was changed. Ask for it again."))
    with row.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type=TYPES[ending])
    response["Content-Disposition"] = f'inline; filename="evidence-{row.pk}.{ending}"'
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@invariants.register("kept evidence is what was handed in")
def changed_evidence() -> Iterator[str]:
    for row in Evidence.objects.exclude(file="").order_by("pk").iterator():
        if not is_whole(row):
            yield f"kernel.evidence:{row.pk}: its file is missing or was changed"

"""Who may import: the importer of the kind says so."""

from datetime import datetime

from takatuf.imports.models import ImportRun
from takatuf.imports.queries import importer_of
from takatuf.kernel.registries import importers


def may_upload(person, kind: str, acting_body: str, *, at: datetime) -> bool:
    return kind in importers and importers[kind].may_use(person, acting_body, at=at)


def may_work_on(person, run: ImportRun, *, at: datetime) -> bool:
    """Map, check, start, stop, decide: as long as the person may import for that body."""
    return importer_of(run).may_use(person, run.acting_body, at=at)

"""Who may import: the importer of each kind says so.

A run is worked on by whoever may import its kind for its body today; that is also who sees
it (``queries.runs_visible_to``), so nobody meets a run that is not theirs to work on.
"""

from datetime import datetime

from takatuf.imports.queries import usable_importers


def may_import(person, *, at: datetime) -> bool:
    """Whether there is anything at all the person may import: the desk's link to it."""
    return person.is_authenticated and bool(usable_importers(person, at=at))

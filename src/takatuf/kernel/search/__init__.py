"""Finding anything by its words, in Arabic as it is written: one table, both engines.

``put`` and ``remove`` belong in the command that changes the object, so that the search row
lives and dies in its transaction; ``find`` reads. Modules register a source of their
documents, from which ``manage.py rebuild_search`` makes the table again.
"""

from takatuf.kernel.search.reading import Results, find, references
from takatuf.kernel.search.writing import build, put, put_many, rebuild, remove, sources

__all__ = [
    "Results",
    "build",
    "find",
    "put",
    "put_many",
    "rebuild",
    "references",
    "remove",
    "sources",
]

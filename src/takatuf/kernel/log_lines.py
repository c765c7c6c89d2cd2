"""How a thing worth reading is written to the log."""

import copy
import logging


class Line(logging.Formatter):
    """A refused request is one line: Django logs it with a traceback of its own code, which
    says nothing of whoever asked, and everybody on the net can ask. Faults keep theirs.
    """

    def format(self, record: logging.LogRecord) -> str:
        if not record.name.startswith("django.security."):
            return super().format(record)
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return " ".join(super().format(bare).split())

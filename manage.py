"""Django's command line for Takatuf."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError, ProgrammingError

import takatuf  # noqa: F401  (chooses the SQLite build before Django looks for one)


def main() -> None:
    """What an operator can mend is a sentence; ``--traceback`` shows the rest of it."""
    try:
        settings.INSTALLED_APPS  # noqa: B018 - a setting that makes no sense is told here
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    except DatabaseError as problem:
        # The bare DatabaseError is a file that is damaged or none; other kinds are our faults.
        mendable = isinstance(problem, OperationalError | ProgrammingError)
        if "--traceback" in sys.argv or not (mendable or type(problem) is DatabaseError):
            raise
        sys.exit(_sentence(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped.")


def _sentence(problem: DatabaseError) -> str:
    said = str(problem).strip().partition("\n")[0].rstrip(".")
    if "no such table" in said or "does not exist" in said or "no such column" in said:
        return f"The database is not ready ({said}): run `manage.py migrate` first."
    return f"The database says: {said}. Check DATABASE_URL, that it runs, and the disk's room."


if __name__ == "__main__":
    main()

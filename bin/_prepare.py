"""Bring texts, database and static files up to date; runs inside .venv, one process for all.

Prints a line before each piece of work: bin/demo shows it as progress.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, OperationalError  # noqa: E402
from django.utils import timezone  # noqa: E402

import takatuf  # noqa: E402, F401  (chooses the SQLite build before Django looks for one)
from tools import messages  # noqa: E402


def main() -> None:
    print("texts", flush=True)
    messages.compile_stale()
    django.setup()
    print("database", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    _derive_labels()
    print("static files", flush=True)
    _collect_changed_static()


def _derive_labels() -> None:
    """What lists keep of our texts follows them: a new version may word them otherwise."""
    from takatuf.opportunities import commands  # noqa: PLC0415 - once the applications are there

    commands.refresh_labels(at=timezone.now())


def _collect_changed_static() -> None:
    """Collecting hashes and compresses every file: worth it only after a change."""
    stamp = settings.STATIC_ROOT / ".collected"
    files = sorted((ROOT / "src" / "takatuf").glob("*/static/**/*"))
    lock = ROOT / "requirements" / "base.txt"
    state = hashlib.sha256(lock.read_bytes())
    for file in files:
        if file.is_file():
            state.update(f"{file.relative_to(ROOT)} {file.stat().st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == state.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state.hexdigest())


if __name__ == "__main__":
    try:
        settings.INSTALLED_APPS  # noqa: B018 - a setting that makes no sense is told here
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    try:
        main()
    except DatabaseError as problem:
        said = str(problem).strip().partition("\n")[0]
        if type(problem) is DatabaseError:
            sys.exit(
                f"the database is damaged ({said}): bring the backup back, or begin the demo "
                "anew with `bin/demo --fresh`."
            )
        if not isinstance(problem, OperationalError):
            raise
        if "readonly" in said or "unable to open" in said:
            sys.exit(
                f"this user may not write the database ({said}): change the owner of the data "
                "folder and of what is in it, or their rights."
            )
        sys.exit(
            f"the database does not answer ({said}): start it and check DATABASE_URL, or leave "
            "that unset for SQLite."
        )

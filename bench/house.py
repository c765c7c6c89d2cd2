"""What every program here does first: say which database it means, and start Django on it."""

import argparse
import importlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(SystemExit):
    """Ends the program with one sentence that says what to do."""


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser that knows where the data is: a folder, and a database if not SQLite in it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path, help="holds the data; never inside the repository")
    parser.add_argument(
        "--database", default="", help="postgres://…; without it SQLite in the folder"
    )
    return parser


def environment(folder: Path, database: str) -> dict[str, str]:
    """The variables under which a process of Takatuf works on this data."""
    folder = folder.resolve()
    if folder == ROOT or ROOT in folder.parents:
        raise Stop(f"{folder} lies inside the repository: name a folder elsewhere.")
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "TAKATUF_DATA_DIR": str(folder),
        "DATABASE_URL": database or f"sqlite:///{folder / 'takatuf.sqlite3'}",
        "TAKATUF_DEMO": "1",
        "TAKATUF_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "takatuf.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }


def start_django(variables: Mapping[str, str]) -> None:
    """Set Django up in this process. Call before importing anything of Takatuf."""
    os.environ.update(variables)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    # Settings are read at import, so not before this line; takatuf chooses the SQLite build.
    importlib.import_module("takatuf")
    importlib.import_module("django").setup()


def prepare() -> None:
    """Texts compiled, tables as this version wants them, static files collected."""
    importlib.import_module("tools.messages").compile_stale()
    call = importlib.import_module("django.core.management").call_command
    call("migrate", verbosity=0)
    call("collectstatic", interactive=False, verbosity=0)


def refuse_without_room(folder: Path, needed: int) -> None:
    """:raises Stop: if the disk below the folder has less than so many bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Stop(
            f"{folder} has {free / 1e9:.1f} GB left and this needs {needed / 1e9:.1f} GB: "
            "name a folder on a larger disk, or make less of it with --fraction."
        )

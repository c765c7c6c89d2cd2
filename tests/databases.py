"""Databases of a test run: what takes long to make is made once and copied from then on.

A run has a *template* of each kind: a database with every migration applied, and one that a
region was loaded into as well. The first process that wants a template makes it, the others
wait; each takes a copy of its own, and its tests undo there whatever they change.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

FOLDER = Path(os.environ["TAKATUF_TEST_FOLDER"])
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "leader")
MIGRATED = "migrated"
_taken: set[str] = set()


def take(kind: str = MIGRATED, fill: Callable[[], None] | None = None) -> str:
    """The name of this process's own copy, made when it is first asked for.

    :param fill: puts rows into a migrated database; without it the copy stays as migrated
    """
    own = _name(kind, WORKER)
    if kind not in _taken:
        _make_once(MIGRATED, _migrate)
        if fill:
            _make_once(kind, lambda: _filled(kind, fill))
        (FOLDER / f"{kind}.copy.{WORKER}").touch()
        _duplicate(_name(kind), own)
        _taken.add(kind)
    return own


@contextmanager
def opened(name: str) -> Iterator[None]:
    """Let Django's connection lead to that database meanwhile."""
    before = connection.settings_dict["NAME"]
    use(name)
    try:
        yield
    finally:
        use(before)


def use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def let_go() -> None:
    """Drop this process's copies, and with the last of them the templates: on a server that
    outlives the run nothing is left behind. SQLite's files stay as long as their folder.
    """
    connection.close()
    if _is_sqlite():
        return
    with _in_turn(MIGRATED):
        for kind in _taken:
            _drop(_name(kind, WORKER))
            (FOLDER / f"{kind}.copy.{WORKER}").unlink()
        _taken.clear()
        if not list(FOLDER.glob("*.copy.*")):
            for made in FOLDER.glob("*.made"):
                _drop(_name(made.stem))
                made.unlink()


# ---------------------------------------------------------------- making and copying
@contextmanager
def _in_turn(kind: str) -> Iterator[None]:
    with (FOLDER / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_once(kind: str, make: Callable[[], None]) -> None:
    made = FOLDER / f"{kind}.made"
    with _in_turn(kind):
        if not made.exists():
            make()
            connection.close()  # SQLite then leaves one whole file; PostgreSQL copies
            made.touch()


def _migrate() -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def _filled(kind: str, fill: Callable[[], None]) -> None:
    _duplicate(_name(MIGRATED), _name(kind))
    with opened(_name(kind)):
        fill()


# ---------------------------------------------------------------- how each engine does it
def _name(kind: str, *of: str) -> str:
    """The migrated template has the name that Django itself would give the test database."""
    whole = "_".join(part for part in (kind, *of) if part != MIGRATED)
    template = str(settings.DATABASES["default"]["TEST"]["NAME"])
    if _is_sqlite():
        return str(Path(template).with_stem(whole)) if whole else template
    return f"{template}_{whole}" if whole else template


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _duplicate(template: str, name: str) -> None:
    _drop(name)
    if _is_sqlite():
        shutil.copyfile(template, name)
    else:
        _on_server(f"CREATE DATABASE {name} TEMPLATE {template}")


def _drop(name: str) -> None:
    if _is_sqlite():
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
    else:
        _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _on_server(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)

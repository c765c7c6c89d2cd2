"""Reading the environment: one small function a kind of value, each failing with a sentence."""

import contextlib
import os
import re
import secrets
import tempfile
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
ENGINES = {"django.db.backends.postgresql", "django.db.backends.sqlite3"}
PROJECT = Path(__file__).resolve().parents[3]
REGIONS = Path(__file__).resolve().parents[1] / "registry" / "region"
LAST_PORT = 65535
LEAST_KEY, LEAST_CHARACTERS = 32, 8  # of the secret key; and how many different ones
IS_HOST = re.compile(
    r"\*|\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]"
).fullmatch
IS_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+").fullmatch


def text(name: str, *, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def words(name: str) -> list[str]:
    """Values separated by commas or spaces."""
    return os.environ.get(name, "").replace(",", " ").split()


def flag(name: str, *, default: bool) -> bool:
    """:raises ImproperlyConfigured: if the value is neither yes nor no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def number(name: str, *, default: int) -> int:
    """:raises ImproperlyConfigured: if the value is not a whole number above zero."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and int(value)):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number above zero.")
    return int(value)


def one_of(name: str, choices: tuple[str, ...], *, default: str) -> str:
    """:raises ImproperlyConfigured: if the value is none of them."""
    value = text(name, default=default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(choices)}.")
    return value


def port(name: str, *, default: int) -> int:
    """:raises ImproperlyConfigured: if no server can listen there."""
    value = number(name, default=default)
    if value > LAST_PORT:
        raise ImproperlyConfigured(f"{name} is '{value}': write a port from 1 to {LAST_PORT}.")
    return value


def address(name: str, *, default: str) -> str:
    """Scheme and host; pages live at its root, so a path after it would break every link.

    :raises ImproperlyConfigured: if the value is no such address.
    """
    value = text(name, default=default).rstrip("/")
    if not _is_http(value) or re.search(r"[/?#]", value.partition("://")[2]):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write the whole address without a path, "
            "such as https://example.org."
        )
    return value


def provider(name: str) -> str:
    """The address of somebody else's interface, or nothing.

    :raises ImproperlyConfigured: without the value, which may hold a key.
    """
    value = text(name, default="")
    if value and not _is_http(value):
        raise ImproperlyConfigured(
            f"{name} is not an http address: write it whole, such as https://sms.example.org/send."
        )
    return value


def _is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.port != 0
            and not re.search(r"\s", value)
        )
    except ValueError:  # a port or bracket that is none
        return False


def hosts(name: str) -> list[str]:
    """Host names as the browser asks for them: no scheme, no port, no path.

    :raises ImproperlyConfigured: if one of them is more than a name.
    """
    given = words(name)
    for value in given:
        if not IS_HOST(value):
            raise ImproperlyConfigured(
                f"{name} holds {value!r}: write the host alone, such as volunteer.example.org."
            )
    return given


def sender(name: str, *, default: str) -> str:
    """:raises ImproperlyConfigured: if there is no e-mail address in it."""
    value = text(name, default=default)
    if not IS_MAIL(parseaddr(value)[1]):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write an e-mail address, "
            "such as Takatuf <no-reply@example.org>."
        )
    return value


def region(name: str, *, default: str) -> str:
    """:raises ImproperlyConfigured: if there is no package data for it."""
    there = sorted(path.parent.name for path in REGIONS.glob("*/governorates.csv"))
    return one_of(name, tuple(there), default=default)


def database(name: str, *, default: str) -> dict[str, Any]:
    """:raises ImproperlyConfigured: without the value, which may hold a password."""
    value = text(name, default=default)
    try:
        found = dj_database_url.parse(value, conn_max_age=None, conn_health_checks=True)
    except ValueError:
        found = {"ENGINE": ""}
    if found["ENGINE"] not in ENGINES:
        raise ImproperlyConfigured(
            f"{name} is not understood: write postgres://user:password@host:5432/name, "
            "or leave it unset for SQLite."
        )
    return dict(found)


def data_dir() -> Path:
    """The folder that holds the database, uploads, the secret key: made if missing.

    :raises ImproperlyConfigured: if it cannot be made or written to.
    """
    folder = Path(os.environ.get("TAKATUF_DATA_DIR") or PROJECT / "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise ImproperlyConfigured(
            f"TAKATUF_DATA_DIR {folder} cannot be made ({error.strerror}): "
            "name a folder this user may write to."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """TAKATUF_SECRET_KEY, or one made once and kept in the data folder for its owner.

    :raises ImproperlyConfigured: if the key could be guessed, or cannot be kept.
    """
    if key := os.environ.get("TAKATUF_SECRET_KEY", "").strip():
        if len(key) < LEAST_KEY or len(set(key)) < LEAST_CHARACTERS:
            raise ImproperlyConfigured(
                f"TAKATUF_SECRET_KEY is too easy to guess: {LEAST_KEY} characters by chance at "
                "least, or leave it out and one is made."
            )
        return key
    path = folder / "secret_key"
    if path.exists():
        return _kept_key(path)
    try:
        _keep_whole(path, secrets.token_urlsafe(50))
    except OSError as error:
        raise ImproperlyConfigured(
            f"The secret key cannot be kept in {folder} ({error.strerror}): "
            "set TAKATUF_SECRET_KEY, or name a writable TAKATUF_DATA_DIR."
        ) from error
    return _kept_key(path)


def _keep_whole(path: Path, key: str) -> None:
    """Write the key unless there is one: of many processes starting at once, all read one key.

    A link appears with its content, so nobody reads a file that is made but not yet written.
    """
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
        with contextlib.suppress(FileExistsError):
            os.link(written, path)
    finally:
        Path(written).unlink()


def _kept_key(path: Path) -> str:
    """:raises ImproperlyConfigured: if the file was emptied."""
    if key := path.read_text().strip():
        return key
    raise ImproperlyConfigured(f"{path} is empty: delete it, and a new secret key is made.")

"""A PostgreSQL cluster for one test run: made in a temporary folder, gone when the run ends.

Needs Debian's package ``postgresql`` (or any installation with ``initdb`` on the path). It
listens on a free port of this machine only and asks for a password made for the run.
"""

import atexit
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

HURRY = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
    "wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h",
    "jit=off",  # to compile a plan takes longer than any question to so few rows
)  # fmt: skip
PATIENCE_SECONDS = 30
ATTEMPTS = 3


class NoPostgreSQL(RuntimeError):
    pass


def binaries() -> Path | None:
    """The folder with initdb and postgres, newest version first; None if there is none."""
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in candidates if (path / "postgres").exists()), None)


def start(folder: Path, settings: Sequence[str] = HURRY) -> str:
    """Start a cluster that stops with this process; one that an earlier process left is kept.

    :param settings: of the server; without them it works as installed, careful of every commit
    :returns: its address, as DATABASE_URL takes it
    :raises NoPostgreSQL: if it is not installed or does not come up
    """
    programs = binaries()
    if programs is None:
        raise NoPostgreSQL("PostgreSQL is missing: apt-get install postgresql")
    home, owner = folder / "postgres", _ordinary_owner()
    if not home.exists():
        _make(programs, home, owner)
    password = (home / "password").read_text()
    for _ in range(ATTEMPTS):
        port = _free_port()
        server = _serve(programs, home, owner, port, settings)
        if _answers(programs, server, port):
            atexit.register(_stop_if_leader, server, os.getpid())
            return f"postgres://takatuf:{password}@127.0.0.1:{port}/takatuf"
        _stop(server)
    raise NoPostgreSQL("PostgreSQL does not start:\n" + (home / "log").read_text()[-2000:])


def _make(programs: Path, home: Path, owner: str | None) -> None:
    home.mkdir(mode=0o700)
    (home / "password").write_text(secrets.token_hex(16))
    if owner:
        home.parent.chmod(0o711)
        for path in (home, home / "password"):
            shutil.chown(path, owner)
    _initialise(programs, home, owner)


def _ordinary_owner() -> str | None:
    """The account the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as(owner: str | None) -> list[str]:
    if owner is None:
        return ["setpriv"]
    return [
        "setpriv",
        f"--reuid={owner}",
        f"--regid={pwd.getpwnam(owner).pw_gid}",
        "--clear-groups",
    ]


def _initialise(programs: Path, home: Path, owner: str | None) -> None:
    result = subprocess.run(
        [
            *_as(owner),
            programs / "initdb",
            f"--pgdata={home / 'data'}",
            "--username=takatuf",
            f"--pwfile={home / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise NoPostgreSQL("initdb failed:\n" + result.stdout + result.stderr)


def _serve(
    programs: Path, home: Path, owner: str | None, port: int, settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [
                *_as(owner),
                # The kernel stops the server even when the run is killed outright.
                "--pdeathsig=INT",
                programs / "postgres",
                f"-D{home / 'data'}",
                f"-k{home}",
                "-h127.0.0.1",
                f"-p{port}",
                *(f"-c{setting}" for setting in settings),
            ],
            cwd=home,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches the run, not the server: tests still clean up after themselves.
            start_new_session=True,
        )


def _answers(programs: Path, server: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        ready = subprocess.run(
            [programs / "pg_isready", "-q", "-h127.0.0.1", f"-p{port}"], check=False
        )
        if ready.returncode == 0 and server.poll() is None:
            return True
        time.sleep(0.1)
    return False


def _stop_if_leader(server: subprocess.Popen[bytes], leader: int) -> None:
    # Forked children of a test inherit the registration, not the duty.
    if os.getpid() == leader:
        _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(2)  # fast shutdown: clients are dropped
        try:
            server.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

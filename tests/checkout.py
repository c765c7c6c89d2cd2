"""A bare checkout in a folder of its own, for tests that run bin/demo as a person would."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from hashlib import sha256
from pathlib import Path
from typing import Self

from tests.architecture.source import ROOT

PATIENCE = 240  # seconds; far more than it takes, on a machine with much else to do
GLANCE = 0.1
# Loading and compiling take their time, and have tests of their own. The load waits half-way
# while there is a file that says so.
SMALL_LOAD = """
import os, runpy, sys, time
from pathlib import Path
sys.path.insert(0, {source!r})
if sys.argv[1] == "match_compile":
    sys.exit()
if sys.argv[1] == "load_demo":
    os.environ["DJANGO_SETTINGS_MODULE"] = "takatuf.config.settings"
    import takatuf, django
    django.setup()
    from django.utils import timezone
    from takatuf.demo import cast
    from takatuf.demo.management.commands import load_demo
    from takatuf.registry import commands, queries
    def load(self, world):
        commands.load_region(at=world.now)
        world.governorates = {{row.code: row for row in queries.governorates()}}
        world.desk = queries.desk_body()
        cast.add_desk(world)
        (Path(os.environ["TAKATUF_DATA_DIR"]) / "half").touch()
        while Path("wait").exists():
            time.sleep(0.1)
        cast.write_cast(world)
    load_demo.Command.load = load
runpy.run_path({manage!r}, run_name="__main__")
"""


class Checkout:
    """Real files of bin/, the rest by links; the environment of these tests is its .venv."""

    def __init__(self, folder: Path):
        self.folder, self.data, self.python = folder, folder / "data", sys.executable
        shutil.copytree(ROOT / "bin", folder / "bin")
        for name in ("src", "tools", "requirements"):
            (folder / name).symlink_to(ROOT / name)
        source, manage = str(ROOT / "src"), str(ROOT / "manage.py")
        (folder / "manage.py").write_text(SMALL_LOAD.format(source=source, manage=manage))

    def install(self) -> None:
        """As bin/demo leaves .venv: nothing is left to install."""
        own = self.folder / ".venv"
        own.mkdir()
        for part in Path(sys.prefix).iterdir():
            (own / part.name).symlink_to(part)
        lock = ROOT / "requirements" / "base.txt"
        stamp = own / "takatuf-installed.json"
        stamp.unlink(missing_ok=True)
        stamp.write_text(json.dumps({"base.txt": sha256(lock.read_bytes()).hexdigest()}))

    def reword(self, file: str, before: str, after: str) -> None:
        """Let a number of the program be another one."""
        path = self.folder / "bin" / file
        text = path.read_text()
        assert text.count(before) == 1
        path.write_text(text.replace(before, after))

    def command(self, *words: object) -> list[str]:
        return [self.python, str(self.folder / "bin" / "demo"), *map(str, words)]

    def environment(self, **more: object) -> dict[str, str]:
        bare = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        return (
            bare | {"TAKATUF_DATA_DIR": str(self.data)} | {k: str(v) for k, v in more.items()}
        )

    def says(self, *words: object, user=None, **environment: object) -> list[str]:
        """What it says before it ends with a refusal, a line each."""
        result = subprocess.run(
            self.command(*words), env=self.environment(**environment), cwd=self.folder,
            capture_output=True, text=True, timeout=PATIENCE, check=False, user=user,
        )  # fmt: skip
        assert (result.returncode, result.stderr) == (1, "")
        return [line for line in result.stdout.splitlines() if line != "Takatuf · تكاتف"]

    def start(self, *words: object, within: list[str] | None = None) -> "Start":
        return Start(self, [*(within or []), *self.command("--port", free_port(), *words)])


class Start:
    """A bin/demo that goes on until somebody stops it; a leftover is killed at the end."""

    def __init__(self, checkout: Checkout, command: list[str]):
        self.port = int(command[command.index("--port") + 1])
        self.log = checkout.folder / f"said-{self.port}.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command, env=checkout.environment(), cwd=checkout.folder, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for pid in [*self.family(), self.process.pid]:
            if self.process.poll() is None or pid != self.process.pid:
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    @property
    def said(self) -> str:
        return self.log.read_text()

    def until(self, happened) -> None:
        """Wait for that, or for the end, whichever is first."""
        deadline = time.monotonic() + PATIENCE
        while not happened() and self.process.poll() is None:
            assert time.monotonic() < deadline, self.said
            time.sleep(GLANCE)
        assert happened(), self.said

    def serves(self) -> str:
        """The home page, once it is said to be there."""
        self.until(lambda: "Ctrl-C stops it." in self.said)
        with urllib.request.urlopen(f"http://localhost:{self.port}/") as answer:
            return answer.read().decode()

    def family(self) -> list[int]:
        """Every process that it started, and those that they started."""
        found, look = [], [self.process.pid]
        while look:
            for file in Path(f"/proc/{look.pop()}/task").glob("*/children"):
                children = list(map(int, file.read_text().split()))
                found, look = [*found, *children], [*look, *children]
        return found

    def ends(self, by: signal.Signals | None = None) -> int:
        """The exit code, after that signal; nothing it started lives on."""
        family = self.family()
        if by:
            self.process.send_signal(by)
        code = self.process.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while alive := [pid for pid in family if is_alive(pid)]:
            assert time.monotonic() < deadline, f"{alive} live on: {self.said}"
            time.sleep(GLANCE)
        return code


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return not re.search(r"\) [ZX] ", status)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

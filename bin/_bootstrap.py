"""What bin/demo and bin/test share: an environment of their own, steps, and plain refusals.

Runs on a bare python3 with nothing installed, and must at least start on an old one, so that
the old one can be told in a sentence that it is too old.
"""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "takatuf-installed.json"
NEEDED = (3, 11)
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
ROOM_MB = {"base.txt": 500, "dev.txt": 1000}
DEBIAN_WHEELS = Path("/usr/share/python-wheels")


class Stop(Exception):
    """Nothing more can be done; the text is one sentence that says what to do."""


# ---------------------------------------------------------------- telling
def run(main):
    """Run a program's main function; whatever ends it becomes a sentence and an exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGHUP, _as_interrupt)
    try:
        if sys.version_info < NEEDED:
            _start_again_on_newer_python()
        sys.exit(main())
    except Stop as stop:
        say(str(stop))
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(130)
    except OSError as error:
        say(_sentence(error))
    sys.exit(1)


def say(text=""):
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)


def _as_interrupt(_signal, _frame):
    raise KeyboardInterrupt


def _start_again_on_newer_python():
    for minor in (14, 13, 12, 11):
        newer = shutil.which(f"python3.{minor}")
        if newer and _version(newer) >= NEEDED:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - itself
    have = ".".join(map(str, sys.version_info[:2]))
    need = ".".join(map(str, NEEDED))
    raise Stop(
        f"This is Python {have}, and Takatuf needs {need} or newer: install python{need}."
    )


def _sentence(error):
    place = error.filename or ROOT
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full at {place}: free some space there and start again."
    if error.errno == errno.ENOTDIR:
        return f"{place} is no folder: name one with TAKATUF_DATA_DIR."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{place} may not be read or written by this user: change its owner, or its rights."
        )
    return f"{place}: {error.strerror or error}."


def no_room(folder, megabytes):
    """:raises Stop: if the folder's disk has less room than that."""
    near = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(near).free // 2**20
    if free < megabytes:
        raise Stop(
            f"The disk is too full: {near} has {free} MB free, about {megabytes} MB are needed."
            " Free some space there, or use a folder on another disk."
        )


class Step:
    """One line of progress: its title, and how long it took."""

    def __init__(self, title):
        self.title = title
        self.live = sys.stdout.isatty()

    def __enter__(self):
        self.started = time.monotonic()
        if self.live:
            self.show("")
        return self

    def show(self, detail):
        """What it is at just now; only a terminal shows it."""
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            line = f"  … {self.title}  {self.seconds:.0f} s  {detail.strip()}"
            sys.stdout.write("\r\033[K" + line[:width])
            sys.stdout.flush()

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def __exit__(self, kind, _error, _trace):
        mark = "✗" if kind else "✓"
        say(("\r\033[K" if self.live else "") + f"  {mark} {self.title}  {self.seconds:.1f} s")


def call(step, command, *, env=None):
    """Run a program quietly inside a step.

    :raises Stop: if it fails, with its last words and where all of them are
    """
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=env or clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=die_with_parent,  # noqa: PLW1509
    ) as process:
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                step.show(line)
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise Stop(_last_words(step.title, lines, env or {}))
    return "".join(lines)


def die_with_parent():
    """Have the kernel end this child when its parent is killed outright."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _is_full(folder):
    near = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(near).free < 2**20


def _last_words(title, lines, env):
    text = "".join(lines)
    places = [ROOT, Path(tempfile.gettempdir()), Path(env.get("TAKATUF_DATA_DIR") or ROOT)]
    said_so = "No space left on device" in text or "disk is full" in text
    if said_so or any(map(_is_full, places)):
        return f"{title}: the disk is full, free some space and start again."
    said = next((line.strip() for line in reversed(lines) if line.strip()), "no message")
    with contextlib.suppress(OSError):
        with tempfile.NamedTemporaryFile(
            "w", prefix="takatuf-", suffix=".log", delete=False
        ) as log:
            log.write(text)
        return f"{title} failed: {said} (all of it: {log.name})"
    return f"{title} failed: {said}"


# ---------------------------------------------------------------- the environment
def clean_environment(**more):
    """The shell's environment, without what would lead Python out of .venv."""
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    }
    env.update(
        PYTHONPATH=str(ROOT / "src"),
        PYTHONNOUSERSITE="1",
        PYTHONUNBUFFERED="1",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_NO_INPUT="1",
        VIRTUAL_ENV=str(VENV),
        PATH=f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    )
    env.update(more)
    return env


@contextlib.contextmanager
def taking_turns():
    """Of two commands started at once the second waits for the first."""
    with (ROOT / ".venv.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def ensure_environment(lock_name):
    """Make .venv and install what the lock names, unless both are as they should be."""
    lock = ROOT / "requirements" / lock_name
    with taking_turns():
        if not _works():
            no_room(ROOT, ROOM_MB[lock_name])
            with Step("make an environment in .venv") as step:
                _make(step)
        if _installed().get(lock_name) != _digest(lock):
            no_room(ROOT, ROOM_MB[lock_name])
            with Step(f"install what requirements/{lock_name} lists") as step:
                _install(step, lock)
            _remember(lock_name)


def _works():
    return PYTHON.exists() and _version(PYTHON) >= NEEDED


def _version(python):
    result = subprocess.run(
        [str(python), "-c", "import sys; print(*sys.version_info[:2])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        universal_newlines=True,  # noqa: UP021 - this may run on an old Python
        check=False,
    )
    return tuple(map(int, result.stdout.split())) if result.returncode == 0 else (0, 0)


def _has(module, python=sys.executable):
    command = [python, "-c", f"import {module}"]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _make(step):
    """An environment by what this machine has: uv, venv, or venv with a pip from outside."""
    if VENV.exists():
        shutil.rmtree(VENV)
    uv = shutil.which("uv")
    if uv:
        call(step, [uv, "venv", "--seed", "--python", sys.executable, VENV])
    elif _has("venv, ensurepip.__main__"):
        call(step, [sys.executable, "-m", "venv", VENV])
    elif _has("virtualenv"):
        call(step, [sys.executable, "-m", "virtualenv", VENV])
    elif _has("venv") and (_has("pip") or _pip_wheel()):
        call(step, [sys.executable, "-m", "venv", "--without-pip", VENV])
    elif shutil.which("apt-get"):
        raise Stop("This Python cannot make environments: run `apt-get install python3-venv`.")
    else:
        raise Stop("This Python cannot make environments: install its venv and pip, or uv.")


def _pip_wheel():
    """The pip that Debian keeps aside for making environments."""
    return next(iter(sorted(DEBIAN_WHEELS.glob("pip-*.whl"))), None)


def _install(step, lock):
    STAMP.unlink(missing_ok=True)
    what = ["install", "--require-hashes", "--no-deps", "-r", lock]
    uv = shutil.which("uv", path=os.environ.get("PATH", os.defpath))
    if uv:
        try:
            call(step, [uv, "pip", what[0], "--python", PYTHON, *what[1:]])
        except Stop:
            step.show("uv could not; pip tries")
        else:
            return
    if _has("pip", str(PYTHON)):
        call(step, [PYTHON, "-m", "pip", *what])
    elif _has("pip"):
        call(step, [sys.executable, "-m", "pip", "--python", PYTHON, *what])
    elif _pip_wheel():
        env = clean_environment(PYTHONPATH=str(_pip_wheel()))
        call(step, [PYTHON, "-m", "pip", *what], env=env)
    else:
        raise Stop(
            "There is no pip for .venv: run `apt-get install python3-venv`, delete .venv."
        )


def _digest(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _installed():
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def _remember(lock_name):
    names = ["base.txt"] if lock_name == "base.txt" else ["base.txt", "dev.txt"]  # dev has base
    stamp = {name: _digest(ROOT / "requirements" / name) for name in names}
    STAMP.write_text(json.dumps(stamp))

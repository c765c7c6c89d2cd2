"""`bin/demo` from a bare checkout: seconds to a served page, the second start, memory.

Takes the last commit into the folder and starts it twice there, as a visitor would.
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.house import ROOT, arguments
from bench.server import HOST, Server

READY = "Ctrl-C stops it"
PORT = 8765


def main() -> None:
    wanted = arguments(__doc__ or "").parse_args()
    checkout = wanted.folder.resolve() / "checkout"
    shutil.rmtree(checkout, ignore_errors=True)
    checkout.mkdir(parents=True)
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x"], cwd=checkout, input=archive.stdout, check=True)
    for title in ("first start, bare checkout", "second start"):
        _start(title, checkout)


def _start(title: str, checkout: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith("TAKATUF")}
    env.pop("VIRTUAL_ENV", None)
    started = time.perf_counter()
    process = subprocess.Popen(
        ["bin/demo", "--port", str(PORT)], cwd=checkout, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said = []
    try:
        for line in process.stdout or ():
            said.append(line)
            if READY in line:
                break
        seconds = time.perf_counter() - started
        if process.poll() is not None:
            sys.exit("bin/demo ended:\n" + "".join(said)[-2000:])
        pages = [_first_page() for _ in range(3)]
        sys.stdout.write(
            f"{title}: {seconds:.1f} s to a served page; then a page in "
            f"{', '.join(f'{each:.2f}' for each in pages)} s; memory of the workers "
            f"{[round(each) for each in _memory(process.pid)]} MB\n"
        )
        steps = re.findall(r"^.*\d\.?\d* s.*$", "".join(said), re.MULTILINE)
        sys.stdout.write("".join(f"    {step.strip()}\n" for step in steps[:20]))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _first_page() -> float:
    started = time.perf_counter()
    connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
    connection.request("GET", "/opportunities/", headers={"Host": "localhost"})
    connection.getresponse().read()
    return time.perf_counter() - started


def _memory(demo: int) -> list[float]:
    """Of the web server's workers, found below the program that started them."""
    for pid in Path(f"/proc/{demo}/task/{demo}/children").read_text().split():
        if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return Server(PORT, int(pid)).megabytes()
    return []


if __name__ == "__main__":
    main()

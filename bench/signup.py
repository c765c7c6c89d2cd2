"""Five hundred people ask for a hundred seats at the same moment, through the product's server.

Each is signed in and posts the form of the opportunity's page; afterwards each posts it once
more, as people do who saw no answer. Says how long it took, against a hello page asked for by as
many, and fails unless exactly the seats are taken and everybody was answered. `--rounds` repeats
it, with a new shift and new people each time.
"""

import asyncio
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.house import Stop, arguments, environment, prepare, start_django
from bench.server import HOST, Server, serve

SEE_OTHER, FAULT = 302, 500
TOKEN = "b" * 32  # the form's proof that it is ours: cookie and header agree
PATIENCE_SECONDS = 120


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--seats", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, help="also write the figures here, as JSON")
    wanted = parser.parse_args()
    variables = environment(wanted.folder, wanted.database)
    start_django(variables | {"DJANGO_SETTINGS_MODULE": "bench.settings"})
    prepare()
    rows = []
    with serve(variables) as server:
        asyncio.run(at_once(server, [hello()] * 64))  # both workers warm
        for number in range(wanted.rounds):
            rows.append(_round(server, wanted.people, wanted.seats))
            _show(rows[-1], first=number == 0)
    if wanted.out:
        wanted.out.write_text(json.dumps({"rounds": rows}, indent=1))
    if not all(row["right"] for row in rows):
        raise Stop("Seats and answers do not add up: see the table.")


def _round(server: Server, people: int, seats: int) -> dict[str, Any]:
    crowd = importlib.import_module("bench.signup_crowd")  # needs Django started
    gathering = crowd.gather(people=people, seats=seats)
    posts = [join(gathering.path, gathering.role, cookie) for cookie in gathering.cookies]
    base = asyncio.run(at_once(server, [hello()] * people))
    before = server.cpu_seconds()
    first = asyncio.run(at_once(server, posts))
    spent = server.cpu_seconds() - before
    again = asyncio.run(at_once(server, posts))
    states, taken = gathering.outcome()
    right = (
        states == {"confirmed": min(seats, people), "waiting": max(0, people - seats)}
        and taken == min(seats, people)
        and first.statuses == again.statuses == {SEE_OTHER: people}
    )
    return {
        "people": people, "seats": seats, "wall": first.wall, "again": again.wall,
        "hello": base.wall, "cpu": 1000 * spent / people, "last": 1000 * first.slowest,
        "states": states, "taken": taken, "statuses": dict(first.statuses),
        "faults": sum(n for status, n in first.statuses.items() if status >= FAULT),
        "right": right,
    }  # fmt: skip


# ---------------------------------------------------------------- asking
class Answers:
    """What came back to everybody."""

    def __init__(self, wall: float, answers: Sequence[tuple[int, float]]):
        self.wall = wall
        self.statuses = Counter(status for status, _seconds in answers)
        self.slowest = max(seconds for _status, seconds in answers)


def hello() -> bytes:
    """The page to compare with; named by a module that needs Django started."""
    return _request("GET", importlib.import_module("bench.hello").HELLO)


def join(path: str, role: int, cookie: str) -> bytes:
    return _request("POST", path, f"place={role}", f"{cookie}; csrftoken={TOKEN}")


def _request(method: str, path: str, body: str = "", cookie: str = "") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close",
        f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded",
        f"X-CSRFToken: {TOKEN}",
    ]  # fmt: skip
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join([*lines, "", body])).encode()


async def at_once(server: Server, requests: list[bytes]) -> Answers:
    """Everybody is connected first; then all ask, and each reads its answer to the end."""
    connections = [await asyncio.open_connection(HOST, server.port) for _ in requests]
    started = time.perf_counter()
    answers = await asyncio.gather(
        *(_ask(*pair, request) for pair, request in zip(connections, requests, strict=True))
    )
    return Answers(time.perf_counter() - started, answers)


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, float]:
    started = time.perf_counter()
    writer.write(request)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(-1), PATIENCE_SECONDS)
    writer.close()
    status = int(answer.split(b" ", 2)[1]) if answer else 0
    return status, time.perf_counter() - started


# ---------------------------------------------------------------- telling
HEAD = (
    "| people | seats | all answered in | × hello | last answer | CPU a sign-up | repeated "
    "| in | waiting | faults | right |\n" + "|---" * 11 + "|\n"
)


def _show(row: dict[str, Any], *, first: bool) -> None:
    if first:
        sys.stdout.write(HEAD)
    states = row["states"]
    sys.stdout.write(
        f"| {row['people']} | {row['seats']} | {row['wall']:.2f} s "
        f"| {row['wall'] / row['hello']:.1f} | {row['last']:.0f} ms | {row['cpu']:.1f} ms "
        f"| {row['again']:.2f} s | {states.get('confirmed', 0)} | {states.get('waiting', 0)} "
        f"| {row['faults']} | {'yes' if row['right'] else 'NO ' + str(row['statuses'])} |\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()

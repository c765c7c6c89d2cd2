"""Clients: so many at once, each on one kept connection, each waiting for its answer."""

import http.client
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.server import HOST, Server

GOOD = 200


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one page did under one load.

    :param cpu: milliseconds the workers spent on a request.
    :param p50: milliseconds until the answer was there; p99 likewise.
    :param statuses: other answers than 200, counted.
    """

    cpu: float
    rate: float
    p50: float
    p99: float
    raw: int
    packed: int
    wrong: int


def measure(
    server: Server, path_of: Callable[[int], str], *, requests: int, clients: int,
    cookie: str = "",
) -> Figures:  # fmt: skip
    """Ask for ``path_of(0)``, ``path_of(1)`` … from so many clients.

    A tenth of the requests goes ahead unmeasured, so that both workers are warm.
    """
    _run(server, path_of, range(-max(4, requests // 10), 0), clients, cookie)
    before, started = server.cpu_seconds(), time.perf_counter()
    answers = _run(server, path_of, range(requests), clients, cookie)
    wall, spent = time.perf_counter() - started, server.cpu_seconds() - before
    times = sorted(seconds for seconds, _status, _body in answers)
    body = answers[-1][2]
    return Figures(
        cpu=1000 * spent / requests, rate=requests / wall, p50=1000 * times[len(times) // 2],
        p99=1000 * times[int(len(times) * 0.99)], raw=len(body),
        packed=len(zlib.compress(body, 6)), wrong=sum(s != GOOD for _t, s, _b in answers),
    )  # fmt: skip


def _run(
    server: Server, path_of: Callable[[int], str], numbers: range, clients: int, cookie: str
) -> list[tuple[float, int, bytes]]:
    waiting, lock = iter(numbers), threading.Lock()
    answers: list[tuple[float, int, bytes]] = []

    def work() -> None:
        connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
        headers = {"Host": "localhost"} | ({"Cookie": cookie} if cookie else {})
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                return
            started = time.perf_counter()
            connection.request("GET", path_of(number), headers=headers)
            response = connection.getresponse()
            body = response.read()
            answers.append((time.perf_counter() - started, response.status, body))

    with ThreadPoolExecutor(clients) as pool:
        for client in [pool.submit(work) for _ in range(clients)]:
            client.result()  # raises what went wrong in it
    return answers

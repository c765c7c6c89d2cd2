"""Make the region at scale in an empty database: one seeded command.

At full size 100,000 opportunities, 1,000,000 volunteers and 5,000,000 attendance rows.
"""

import sys
import time

from bench.house import Stop, arguments, environment, refuse_without_room, start_django

BYTES_AT_FULL_SIZE = {"sqlite": 16_000_000_000, "postgresql": 24_000_000_000}
VOLUNTEERS, OPPORTUNITIES, ATTENDANCE, BODIES = 1_000_000, 100_000, 5_000_000, 400
FEWEST_BODIES = 24


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--fraction", type=float, default=1.0, help="0.01 makes a hundredth")
    wanted = parser.parse_args()
    if not 0 < wanted.fraction <= 1:
        raise Stop("--fraction is a share: name a number above 0 and up to 1.")
    variables = environment(wanted.folder, wanted.database)
    engine = "postgresql" if wanted.database else "sqlite"
    if engine == "sqlite" or "@127.0.0.1" in wanted.database or "@localhost" in wanted.database:
        refuse_without_room(
            wanted.folder, int(BYTES_AT_FULL_SIZE[engine] * wanted.fraction) + 10**8
        )
    start_django(variables)

    from bench import making  # noqa: PLC0415 - models load after the settings are known

    started = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:7.1f} s  {words}\n")
        sys.stdout.flush()

    making.make(
        volunteers=max(200, int(VOLUNTEERS * wanted.fraction)),
        opportunities=max(40, int(OPPORTUNITIES * wanted.fraction)),
        places=max(200, int(ATTENDANCE * wanted.fraction)),
        body_count=max(FEWEST_BODIES, int(BODIES * wanted.fraction)), say=say,
    )  # fmt: skip


if __name__ == "__main__":
    main()

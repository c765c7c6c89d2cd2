"""A round's inputs and plan as bytes, and back; their digest.

The archive holds the pairs that mattered with their scores, the limits that bound the plan, the
plan and its prices, and the keys of people and roles: nothing else about anybody.
"""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.exchange import (
    ARRAYS,
    BEGUN,
    MORE_ARRAYS,
    MORE_SETTINGS,
    SETTINGS,
    WAYS,
    arrays_of,
    instance_of,
    plan_of,
)
from takatuf.engine.matching.instance import Instance, Malformed
from takatuf.engine.matching.plan import Plan
from takatuf.registry import queries as registry

LIMITS = (*ARRAYS, *MORE_ARRAYS, *SETTINGS, *MORE_SETTINGS)
INPUTS = (*LIMITS, "person_key", "role_key", "weeks")
OWN = ("own",)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What was solved and what came out.

    :param person_key: of volunteer ``i``, who is agent ``weeks * i + w`` in week ``w``.
    :param role_key: the ShiftRole of each role.
    :param gathered: SHA-256 of the rows the pairs were found among.
    :param own: rows of person and ShiftRole that stood in the plan this one took the place of.
    """

    instance: Instance
    plan: Plan
    person_key: NDArray[np.int64]
    role_key: NDArray[np.int64]
    weeks: int
    gathered: str
    own: NDArray[np.int64]

    def person_of(self, agent: int) -> int:
        return int(self.person_key[agent // self.weeks])

    def given(self) -> list[tuple[int, int, int, int]]:
        """``(pair, agent, role, score)`` of each place the plan gives, by role and agent."""
        chosen, plan = self.instance, np.flatnonzero(self.plan.assigned)
        order = plan[np.lexsort((chosen.pair_agent[plan], chosen.pair_role[plan]))]
        return [
            (
                int(i),
                int(chosen.pair_agent[i]),
                int(chosen.pair_role[i]),
                int(chosen.pair_score[i]),
            )
            for i in order
        ]

    def arrays(self) -> dict[str, Any]:
        """Where places are, whose week had begun, and what stood before, only where that bound
        the plan: plans of before had none of it.
        """
        names: tuple[str, ...] = LIMITS
        names += WAYS if self.instance.pace else ()
        names += BEGUN if self.instance.agent_begun.any() else ()
        found = {name: np.asarray(getattr(self.instance, name)) for name in names}
        found |= {"own": self.own} if len(self.own) else {}
        return found | arrays_of(self.plan) | {
            "person_key": self.person_key, "role_key": self.role_key,
            "weeks": np.int64(self.weeks), "gathered": np.array(self.gathered),
        }  # fmt: skip


def packed(stored: Stored) -> bytes:
    """The archive (.npz, compressed)."""
    file = BytesIO()
    np.savez_compressed(file, **stored.arrays())
    return file.getvalue()


def unpacked(archive: bytes | memoryview) -> Stored:
    """:raises Malformed: where the bytes are no such archive."""
    try:
        with np.load(BytesIO(bytes(archive)), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        instance = instance_of(arrays)
        return Stored(
            instance=instance, plan=plan_of(arrays, instance),
            person_key=arrays["person_key"], role_key=arrays["role_key"],
            weeks=int(arrays["weeks"]), gathered=str(arrays["gathered"]),
            own=arrays.get("own", np.zeros((0, 2), np.int64)),
        )  # fmt: skip
    except Malformed:
        raise
    except Exception:  # noqa: BLE001 - numpy, zipfile and zlib raise their own of broken bytes
        raise Malformed("The stored arrays cannot be read.") from None


def of_today(stored: Stored) -> Stored:
    """With the records people have now: of two that were made one since, the one that is left.

    One query. What is kept, digested and verified names people as they were.
    """
    became = registry.people_merged()
    person = stored.person_key.copy()
    for number in np.flatnonzero(np.isin(person, np.array(list(became), np.int64))):
        person[number] = became[int(person[number])]
    return replace(stored, person_key=person)


def digest_of(stored: Stored, *, options: dict[str, int], seed: int) -> str:
    """SHA-256 of all that the plan rests on: arrays in one order and type, settings, seed."""
    found = sha256(json.dumps([options, seed, stored.gathered], sort_keys=True).encode())
    arrays = stored.arrays()
    for name in (*INPUTS, *(name for name in (*WAYS, *BEGUN, *OWN) if name in arrays)):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype.str} {array.shape}".encode())
        found.update(array.tobytes())
    return found.hexdigest()

"""Instances and plans as named arrays, the form in which they are handed on and kept."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from takatuf.engine.matching.instance import (
    AGENT_ARRAYS,
    PAIR_ARRAYS,
    ROLE_ARRAYS,
    WAY_ARRAYS,
    Instance,
    Malformed,
    whole_numbers,
)
from takatuf.engine.matching.plan import Plan, shortfall_of

ARRAYS = (*ROLE_ARRAYS, *AGENT_ARRAYS, *PAIR_ARRAYS)
SETTINGS = ("spread", "buffer")
MORE_ARRAYS = ("agent_size", "pair_locked")  # these may be left out
MORE_SETTINGS = ("day_cap", "rest")
BEGUN = ("agent_begun",)  # this too
WAYS = (*WAY_ARRAYS, "pace")  # these too, together
FLAGS = ("agent_begun", "pair_locked", "role_anywhere")

Arrays = Mapping[str, Any]


def instance_of(arrays: Arrays) -> Instance:
    """:raises Malformed: where the arrays are no instance."""
    _must_hold(arrays, (*ARRAYS, *SETTINGS))
    given: dict[str, Any] = {
        name: whole_numbers(name, arrays[name])
        for name in (*ARRAYS, *MORE_ARRAYS, *BEGUN, *WAY_ARRAYS)
        if name in arrays
    }
    for name in (*SETTINGS, *MORE_SETTINGS, "pace"):
        if name in arrays:
            given[name] = _one(name, arrays[name])
    for name in FLAGS:
        if name in given:
            given[name] = given[name].astype(bool)
    return Instance(**given)


def arrays_of(plan: Plan) -> dict[str, Any]:
    return {
        "assigned": plan.assigned,
        "price": plan.price,
        "objective": np.int64(plan.objective),
        "bound": np.float64(plan.bound),
        "shortfall": plan.shortfall,
    }


def plan_of(arrays: Arrays, instance: Instance) -> Plan:
    """:raises Malformed: where the arrays are no plan for this instance."""
    _must_hold(arrays, ("assigned", "price", "objective", "bound"))
    shapes = (("assigned", (instance.pairs,), "pair"), ("price", (instance.roles,), "role"))
    for name, shape, what in shapes:
        if np.shape(arrays[name]) != shape:
            raise Malformed(f"{name} needs one entry for each {what} of the instance.")
    for name in ("price", "objective", "bound"):
        array = np.asarray(arrays[name])
        if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
            raise Malformed(f"{name} holds something that is not a finite number.")
    for name in ("objective", "bound"):
        if np.size(arrays[name]) != 1:
            raise Malformed(f"{name} is one number, not {np.size(arrays[name])}.")
    assigned = whole_numbers("assigned", arrays["assigned"]).astype(bool)
    return Plan(
        assigned=assigned,
        price=np.asarray(arrays["price"]).astype(np.float64),
        objective=int(np.asarray(arrays["objective"]).item()),
        bound=float(np.asarray(arrays["bound"]).item()),
        shortfall=shortfall_of(instance, assigned),
    )


def _must_hold(arrays: Arrays, needed: tuple[str, ...]) -> None:
    if missing := [name for name in needed if name not in arrays]:
        raise Malformed(f"Missing: the array {', '.join(missing)}.")


def _one(name: str, array: Any) -> int:
    numbers = whole_numbers(name, array)
    if numbers.size != 1:
        raise Malformed(f"{name} is one number, not {numbers.size}.")
    return int(numbers.reshape(-1)[0])

"""Arrays that describe no problem are refused in one sentence that says what is wrong."""

import numpy as np
import pytest

from takatuf.engine.matching.exchange import arrays_of, instance_of, plan_of
from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.solving import solve
from takatuf.engine.tests.matching.drawing import drawn

GOOD = drawn(3)


def arrays(**changes):
    names = (
        "role_shift", "role_start", "role_end", "role_min", "role_max", "role_penalty",
        "agent_cap", "pair_agent", "pair_role", "pair_score",
    )  # fmt: skip
    good = {name: getattr(GOOD, name) for name in names}
    return good | {"spread": np.int32(100), "buffer": np.int32(60)} | changes


def first_changed(name, value, dtype=np.float64):
    array = getattr(GOOD, name).astype(dtype)
    array[0] = value
    return {name: array}


WRONG = {
    "the array pair_score": {
        name: value for name, value in arrays().items() if name != "pair_score"
    },
    "role_start holds a number that is not finite": arrays(
        **first_changed("role_start", np.nan)
    ),
    "pair_score holds a fraction": arrays(**first_changed("pair_score", 1.5)),
    "pair_score must lie between": arrays(**first_changed("pair_score", 0)),
    "role_max holds a negative number": arrays(**first_changed("role_max", -1)),
    "agent_cap holds a negative number": arrays(**first_changed("agent_cap", -60)),
    "too large for 32 bits": arrays(**first_changed("agent_cap", 2.0**40)),
    "pair_agent names agent number 99": arrays(**first_changed("pair_agent", 99)),
    "pair_role names role number -1": arrays(**first_changed("pair_role", -1)),
    "role_end holds an end that is not after": arrays(role_end=GOOD.role_start),
    "role_min has 5 entries and its kind has 6": arrays(role_min=GOOD.role_min[:5]),
    "role_min has 2 dimensions": arrays(role_min=GOOD.role_min.reshape(2, 3)),
    "role_max has 0 dimensions": arrays(role_max=np.int32(3)),
    "pair_locked has 0 dimensions": arrays(pair_locked=np.int32(1)),
    "role_start holds a moment more than": arrays(**first_changed("role_start", -(2**31))),
    "role_end holds a moment more than": arrays(**first_changed("role_end", 2**31 - 1)),
    "spread is one number, not 2": arrays(spread=np.array([1, 2])),
    "spread must lie between": arrays(spread=np.int32(-1)),
    "something other than numbers": arrays(role_min=np.array(list("abcdef"))),
    "listed twice": arrays(
        pair_agent=np.zeros(GOOD.pairs, np.int32), pair_role=np.zeros(GOOD.pairs, np.int32)
    ),
    "agent_size holds an agent of no heads": arrays(agent_size=np.zeros(GOOD.agents, np.int32)),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_is_wrong_is_said_in_a_sentence(sentence):
    with pytest.raises(Malformed) as refused:
        instance_of(WRONG[sentence])

    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_whole_numbers_of_any_type_are_taken():
    widened = {name: np.asarray(array).astype(np.float64) for name, array in arrays().items()}

    assert solve(instance_of(widened)).objective == solve(instance_of(arrays())).objective


def test_a_plan_survives_the_way_out_and_back():
    plan = solve(GOOD)

    again = plan_of(arrays_of(plan), GOOD)

    assert again.assigned.tolist() == plan.assigned.tolist()
    assert (again.objective, again.bound) == (plan.objective, plan.bound)
    assert again.shortfall.tolist() == plan.shortfall.tolist()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"assigned": np.zeros(1, bool)}, "one entry for each pair"),
        ({"price": np.zeros(1)}, "one entry for each role"),
        ({"bound": np.float64("inf")}, "not a finite number"),
        ({"objective": np.array([1, 2])}, "objective is one number, not 2"),
    ],
)
def test_a_malformed_plan_is_refused(changes, sentence):
    with pytest.raises(Malformed, match=sentence):
        plan_of(arrays_of(solve(GOOD)) | changes, GOOD)

"""Matching instances and plans as .npz files, so that anybody can solve and check them."""

from pathlib import Path
from typing import Any

import numpy as np

from takatuf.engine.matching.exchange import arrays_of, instance_of, plan_of
from takatuf.engine.matching.instance import Instance, Malformed
from takatuf.engine.matching.plan import Plan


def read_instance(path: Path) -> Instance:
    """:raises Malformed: where the file is no instance; one sentence with the file's name."""
    return _named(path, instance_of)


def read_plan(path: Path, instance: Instance) -> Plan:
    """:raises Malformed: where the file is no plan for this instance."""
    return _named(path, lambda arrays: plan_of(arrays, instance))


def write_plan(path: Path, plan: Plan) -> None:
    """:raises OSError: where the file cannot be written."""
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays_of(plan))


def _named(path: Path, made) -> Any:
    try:
        return made(_arrays(path))
    except Malformed as error:
        raise Malformed(f"{path}: {error}") from None


def _arrays(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except FileNotFoundError:
        raise Malformed("there is no such file.") from None
    except (PermissionError, IsADirectoryError) as error:
        raise Malformed(f"it cannot be read: {error.strerror}.") from None
    except Exception:  # noqa: BLE001 - numpy, zipfile, zlib and the tokenizer have their own
        # What they raise where the bytes are no archive of plain arrays, or name more numbers
        # than memory holds.
        raise Malformed("this is not an .npz file of plain arrays.") from None

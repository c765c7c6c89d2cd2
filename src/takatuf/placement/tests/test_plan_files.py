"""Solving and checking files from the shell, good ones and malformed ones."""

import io
import zipfile

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from takatuf.engine.tests.matching.drawing import drawn

INSTANCE = drawn(5, agents=40, roles=12, days=7)
NAMES = (
    "role_shift", "role_start", "role_end", "role_min", "role_max", "role_penalty", "agent_cap",
    "pair_agent", "pair_role", "pair_score", "spread", "buffer",
)  # fmt: skip


@pytest.fixture
def instance_file(tmp_path):
    path = tmp_path / "instance.npz"
    np.savez_compressed(path, **{name: getattr(INSTANCE, name) for name in NAMES})
    return path


def run(*words, **options):
    out = io.StringIO()
    call_command(*(str(word) for word in words), stdout=out, **options)
    return out.getvalue()


def test_a_file_is_solved_and_its_plan_verified(instance_file, tmp_path):
    plan = tmp_path / "plan.npz"

    said = run("match_solve", instance_file, plan, "--gap", "0.01", "--seed", "2")

    assert said.startswith("objective ")
    assert run("match_verify", instance_file, plan).startswith("holds: ")
    with np.load(plan) as arrays:
        assert arrays["assigned"].dtype == bool
        assert arrays["assigned"].shape == (INSTANCE.pairs,)
        assert arrays["price"].shape == (INSTANCE.roles,)


def test_a_plan_that_was_tampered_with_is_found_out(instance_file, tmp_path):
    plan = tmp_path / "plan.npz"
    run("match_solve", instance_file, plan)
    with np.load(plan) as file:
        arrays = dict(file)
    arrays["objective"] += 1
    np.savez(plan, **arrays)

    with pytest.raises(CommandError, match="not what it says") as refused:
        run("match_verify", instance_file, plan)

    assert refused.value.returncode == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no such file"),
        (b"", "not an .npz file"),
        (b"PK\x03\x04 broken", "not an .npz file"),
        (b"name;phone\n", "not an .npz file"),
    ],
)
def test_a_malformed_file_gets_one_sentence_and_code_2(tmp_path, content, sentence):
    path, plan = tmp_path / "in.npz", tmp_path / "out.npz"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match=sentence) as refused:
        run("match_solve", path, plan)

    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    assert not plan.exists()


def archive(name="role_max.npy", content=b"", method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def array(shape="(3,)"):
    """The bytes of an array of zeros, whatever number of them its header names."""
    header = f"{{'descr': '<i4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return (
        b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(12)
    )


SQUEEZED = archive(content=array() + bytes(500), method=zipfile.ZIP_DEFLATED)
BROKEN = {
    "an array alone": array(),
    "a broken stream": SQUEEZED[:42] + b"\xff\xff\xff" + SQUEEZED[45:],
    "a shape without an end": archive(content=array("(3, (")),
    "more numbers than there is memory": archive(content=array("(1000000000000,)")),
    "sealed": archive(content=array()).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    ),
    "squeezed in an unknown way": archive(content=array()).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63"
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_whatever_is_broken_in_a_file_gets_the_same_sentence(tmp_path, how):
    path = tmp_path / "in.npz"
    path.write_bytes(BROKEN[how])

    with pytest.raises(CommandError, match=r"not an \.npz file of plain arrays") as refused:
        run("match_solve", path, tmp_path / "out.npz")

    assert refused.value.returncode == 2


def test_a_folder_in_place_of_a_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: Is a directory") as refused:
        run("match_solve", tmp_path, tmp_path / "out.npz")

    assert refused.value.returncode == 2


@pytest.mark.parametrize("gap", ["-1", "1", "nan"])
def test_a_gap_that_is_no_share_is_refused(instance_file, tmp_path, gap):
    with pytest.raises(CommandError, match="is a share") as refused:
        run("match_solve", instance_file, tmp_path / "out.npz", f"--gap={gap}")

    assert refused.value.returncode == 2


def test_a_plan_that_cannot_be_written_is_said(instance_file, tmp_path):
    with pytest.raises(CommandError, match="cannot be written") as refused:
        run("match_solve", instance_file, tmp_path / "nowhere" / "out.npz")

    assert refused.value.returncode == 2

"""What is sealed: opens here, and nowhere else."""

import io
import json
import logging

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from takatuf.kernel.sealing import PIECE, SealedJSONField, Unopened, box, open_sealed, seal_file

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
SECRET = "1010101010 سارة"


def cells() -> SealedJSONField:
    return SealedJSONField(default=list)


@given(JSON)
def test_a_value_comes_back_and_cannot_be_read_meanwhile(value):
    stored = cells().get_prep_value([SECRET, value])

    assert cells().from_db_value(stored, None, None) == [SECRET, value]
    assert SECRET not in stored
    assert SECRET[:10] not in stored


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_is_the_empty_text(nothing):
    assert cells().get_prep_value(nothing) == ""
    assert cells().from_db_value("", None, None) == []
    assert SealedJSONField(default=str).from_db_value("", None, None) == ""


def test_two_equal_values_do_not_look_equal():
    assert cells().get_prep_value([SECRET]) != cells().get_prep_value([SECRET])


def test_a_use_opens_nothing_of_another():
    token = box("one").encrypt(b"secret")

    assert box("one").decrypt(token) == b"secret"
    with pytest.raises(InvalidToken):
        box("other").decrypt(token)


def test_an_old_key_opens_while_it_is_named(settings, caplog):
    stored = cells().get_prep_value([SECRET])
    old, settings.SECRET_KEY = settings.SECRET_KEY, "new"

    settings.SECRET_KEY_FALLBACKS = [old]
    assert cells().from_db_value(stored, None, None) == [SECRET]

    settings.SECRET_KEY_FALLBACKS = []
    with caplog.at_level(logging.WARNING):
        assert cells().from_db_value(stored, None, None) == []
    assert "no longer named" in caplog.text
    assert SECRET not in caplog.text


# ---------------------------------------------------------------- files
@pytest.fixture
def sealed(tmp_path):
    def make(content: bytes):
        plain, target = tmp_path / "plain", tmp_path / "sealed"
        plain.write_bytes(content)
        seal_file(plain, target)
        return target

    return make


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_a_file_comes_back_whatever_its_length(sealed, size):
    content = (SECRET.encode() * (size // 14 + 1))[:size]

    with open_sealed(sealed(content)) as file:
        assert file.read() == content


def test_a_file_is_read_line_by_line(sealed):
    lines = [json.dumps([n, SECRET]) + "\n" for n in range(20_000)]

    with io.TextIOWrapper(open_sealed(sealed("".join(lines).encode()))) as file:
        assert list(file) == lines


def test_a_file_cannot_be_read_without_the_key(sealed, settings):
    target = sealed(SECRET.encode() * 100)
    assert SECRET.encode() not in target.read_bytes()

    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = []
    with open_sealed(target) as file, pytest.raises(Unopened):
        file.read()


@pytest.mark.parametrize("cut", [1, 2, 3, 50])
def test_a_file_that_is_cut_is_refused(sealed, cut):
    target = sealed(SECRET.encode() * 100)
    target.write_bytes(target.read_bytes()[:-cut])

    with open_sealed(target) as file, pytest.raises(Unopened):
        file.read()


def test_a_file_in_which_something_was_changed_is_refused(sealed):
    target = sealed(SECRET.encode() * 100)
    content = bytearray(target.read_bytes())
    content[60] ^= 1
    target.write_bytes(content)

    with open_sealed(target) as file, pytest.raises(Unopened):
        file.read()

"""The secret key is safe when nothing is set."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ImproperlyConfigured

from takatuf.config.environment import secret_key


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.delenv("TAKATUF_SECRET_KEY", raising=False)


def test_a_key_is_made_once_long_and_for_its_owner_alone(tmp_path):
    key = secret_key(tmp_path)

    assert len(key) >= 50
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_workers_that_start_at_once_all_read_one_key(tmp_path):
    together = Barrier(8)

    def start(folder):
        together.wait()
        return secret_key(folder)

    with ThreadPoolExecutor(8) as workers:
        for n in range(100):
            folder = tmp_path / str(n)
            folder.mkdir()

            assert len(set(workers.map(start, [folder] * 8))) == 1
            assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_two_installations_share_no_key(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_the_environment_comes_first_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TAKATUF_SECRET_KEY", "from-the-environment-Ab3kLq91Zx7")

    assert secret_key(tmp_path) == "from-the-environment-Ab3kLq91Zx7"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("key", ["x", "changeme", "from-the-environment-Ab3kLq91Zx", "0" * 64])
def test_a_key_that_can_be_guessed_is_refused(tmp_path, monkeypatch, key):
    monkeypatch.setenv("TAKATUF_SECRET_KEY", key)

    with pytest.raises(ImproperlyConfigured, match="too easy to guess: 32 characters"):
        secret_key(tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_emptied_key_is_said_and_not_used(tmp_path):
    (tmp_path / "secret_key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty: delete it"):
        secret_key(tmp_path)

"""The secret key is safe when nothing is set."""

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


def test_two_installations_share_no_key(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_the_environment_comes_first_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TAKATUF_SECRET_KEY", "from the environment")

    assert secret_key(tmp_path) == "from the environment"
    assert not list(tmp_path.iterdir())


def test_a_key_never_written_is_said_and_not_used(tmp_path):
    (tmp_path / "secret_key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty: delete it"):
        secret_key(tmp_path)

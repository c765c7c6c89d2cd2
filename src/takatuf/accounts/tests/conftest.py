from datetime import date

import pytest
from django.core.cache import cache
from django.utils import translation

from takatuf.accounts import policies
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox


@pytest.fixture(autouse=True)
def arabic_first():
    """A page in English leaves its language behind in the thread; each test starts anew."""
    translation.activate("ar")
    yield
    translation.deactivate()


@pytest.fixture
def staff_names(monkeypatch):
    """Full names of those who hold a staff office, as a floor above would say."""
    names: set[str] = set()
    monkeypatch.setitem(
        policies.staff_checks._items, "tests", lambda person, _at: person.full_name in names
    )
    return names


@pytest.fixture
def staff(staff_names):
    """Somebody of the staff with a password, and nothing counted against them yet."""
    who = factories.person(full_name="موظفة تجريبية", email="staff@example.org",
                           password=factories.PASSWORD)  # fmt: skip
    staff_names.add(who.full_name)
    cache.clear()
    return who


@pytest.fixture
def desk_names(monkeypatch):
    names: set[str] = set()
    monkeypatch.setitem(
        policies.desk_checks._items, "tests", lambda person, _at: person.full_name in names
    )
    return names


@pytest.fixture
def last_code():
    """The code last sent to a contact."""

    def find(contact: str) -> str:
        return outbox.messages_to_address(contact)[0].context["code"]

    return find


@pytest.fixture
def two_of_the_desk(desk_names):
    pair = [factories.person(full_name=name) for name in ("مكتب أول", "مكتب ثان")]
    desk_names.update(person.full_name for person in pair)
    return pair


@pytest.fixture
def owner():
    """Whose account is to be recovered."""
    return factories.person(
        full_name="هند العطوي", phone="+966551110001", phone_verified=True, id_last_three="525",
        id_hash="a" * 64, birth_date=date(1999, 9, 9),
    )  # fmt: skip

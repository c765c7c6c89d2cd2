"""Who acts in the tests, and a draft to act on."""

import pytest

from takatuf.accounts.tests.factories import signed_in
from takatuf.opportunities.tests.factories import draft, manager_of
from takatuf.registry.tests.factories import PersonFactory


@pytest.fixture
def by():
    return PersonFactory()


@pytest.fixture
def made():
    return draft()


@pytest.fixture
def manager(made):
    """The browser of whoever runs the day of the body that made it."""
    return signed_in(manager_of(made.body))

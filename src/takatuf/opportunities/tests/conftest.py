"""Who acts in the tests of commands."""

import pytest

from takatuf.registry.tests.factories import PersonFactory


@pytest.fixture
def by():
    return PersonFactory()

"""The language of tests that read sentences; a role to ask for, and who answers for it."""

import pytest
from django.utils import translation

from takatuf.opportunities.enums import Way
from takatuf.placement.tests.factories import manager_of, shift_role


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def role():
    """Two seats that a body gives on request."""
    return shift_role(seats=2, way=Way.BY_REQUEST)


@pytest.fixture
def manager(role):
    """Whoever answers for the body of ``role``."""
    return manager_of(role.shift.opportunity.body)

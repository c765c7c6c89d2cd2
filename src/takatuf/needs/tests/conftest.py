import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def arabic_first():
    """A page in English leaves its language behind in the thread; each test starts anew."""
    translation.activate("ar")
    yield
    translation.deactivate()

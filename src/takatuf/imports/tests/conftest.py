import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from takatuf.imports.tests.importing import GuestImporter
from takatuf.kernel.registries import importers


@pytest.fixture(autouse=True)
def guests(settings, tmp_path, monkeypatch):
    """The guest importer alone is known, and uploads go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(importers, "_items", {})
    return importers.add("guests", GuestImporter())


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user(
        email="importer@example.org", full_name="Demo Importer"
    )


@pytest.fixture
def stranger(db):
    return get_user_model().objects.create_user(
        email="stranger@example.org", full_name="Demo Stranger"
    )


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


@pytest.fixture(params=["ar", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param

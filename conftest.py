"""Rules of every test: no foreign network, translations compiled, committed rows cleaned up."""

import socket
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.core import serializers
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as hypothesis_settings

TABUK = ZoneInfo("Asia/Riyadh")
LOOPBACK = {"localhost", "::1", "0.0.0.0", "", None}  # noqa: S104 - a listening address
MADE_AGAIN_BY_DJANGO = {"contenttypes.contenttype", "auth.permission"}

pytest_plugins = ["tests.browser"]

# Two busy cores make any deadline a matter of luck; what counts is what the rule says.
hypothesis_settings.register_profile("takatuf", deadline=None)
hypothesis_settings.load_profile("takatuf")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock", help="run at this moment in Tabuk, as in 2028-02-29T23:59:30")


def pytest_configure(config: pytest.Config) -> None:
    _refuse_foreign_sockets()


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """The moment of ``--clock``, going on from there; without it, today's."""
    moment = request.config.getoption("--clock")
    if not moment:
        yield
        return
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=TABUK), tick=True):
        yield


# ---------------------------------------------------------------- the network
class ForeignSocket(AssertionError):
    """A test reached for an address outside this machine."""


def _is_near(host: object) -> bool:
    return host in LOOPBACK or str(host).startswith("127.")


def _refuse_foreign_sockets() -> None:
    real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_near(address[0]):
            raise ForeignSocket(f"tests stay on this machine: {address}")
        return real_connect(self, address)

    def getaddrinfo(host, *args, **kwargs):
        if not _is_near(host.decode() if isinstance(host, bytes) else host):
            raise ForeignSocket(f"tests look up no foreign name: {host}")
        return real_lookup(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo


# ---------------------------------------------------------------- committed rows
@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Let the flush after a committing test empty append-only tables too, and keep what
    migrations put in: for the tests only, the product has no way round its triggers.
    """
    with django_db_blocker.unblock():
        reference_rows = _reference_rows()
    plain_flush = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        before, after = _past_append_only()
        plain_flush(self, [*before, *sql_list, "DELETE FROM kernel_cache", *after])
        with transaction.atomic():
            for row in serializers.deserialize("json", reference_rows):
                row.save(force_insert=True)

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


def _reference_rows() -> str:
    """What migrations put into the database, as JSON."""
    tables = set(connection.introspection.table_names())
    models = [
        model._base_manager
        for model in apps.get_models()
        if model._meta.db_table in tables
        and model._meta.label_lower not in MADE_AGAIN_BY_DJANGO
        and model._base_manager.exists()
    ]
    rows = [row for rows in models for row in rows.order_by("pk")]
    return serializers.serialize("json", rows)


def _past_append_only() -> tuple[list[str], list[str]]:
    """SQL before and after a flush."""
    if connection.vendor != "sqlite":
        return ["SET LOCAL session_replication_role = replica"], []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND sql LIKE '%%is append-only%%'"
        )
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]


@pytest.fixture
def database_url() -> str:
    """The test database, as DATABASE_URL takes it: for processes a test starts."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    login = f"{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT']}"
    return f"postgres://{login}/{parts['NAME']}"

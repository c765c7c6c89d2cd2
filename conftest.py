"""Rules of every test: no foreign network, translations compiled, committed rows cleaned up."""

import re
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
from django.test import SimpleTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import databases

TABUK = ZoneInfo("Asia/Riyadh")
LOOPBACK = {"localhost", "::1", "0.0.0.0", "", None}  # noqa: S104 - a listening address
# Django's own rows about the models: the same all along, so no flush takes them.
KEPT = {"contenttypes.contenttype", "auth.permission"}
ASKING = {"db", "transactional_db", "live_server", "demo_region", "database_url"}
KEPT_TABLES = ("django_content_type", "auth_permission")

pytest_plugins = ["tests.asked_region", "tests.browser", "tests.demo_region"]

# Two busy cores make any deadline a matter of luck; what counts is what the rule says.
hypothesis_settings.register_profile("takatuf", deadline=None)
hypothesis_settings.load_profile("takatuf")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--asks-database",
        action="store_true",
        help="leave out what can ask no database: on a second engine it would find the same",
    )
    parser.addoption("--clock", help="run at this moment in Tabuk, as in 2028-02-29T23:59:30")


def pytest_configure(config: pytest.Config) -> None:
    _refuse_foreign_sockets()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page asked for in English leaves its language to the thread: not to the next test."""
    translation.deactivate()
    yield
    translation.deactivate()


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


# ---------------------------------------------------------------- which tests, and when
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What looks at the whole region first: one worker loads it, and no worker ends with it."""
    items.sort(key=lambda item: "demo_region" not in getattr(item, "fixturenames", ()))
    if config.getoption("--asks-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _may_ask(item)])
        items[:] = [item for item in items if _may_ask(item)]


def _may_ask(item: pytest.Item) -> bool:
    """pytest-django refuses a query to every other test."""
    return bool(
        ASKING & set(getattr(item, "fixturenames", ()))
        or item.get_closest_marker("django_db")
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    )


# ---------------------------------------------------------------- databases
@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """A copy of the migrated database for this process, instead of migrating in each."""
    with django_db_blocker.unblock():
        databases.use(databases.take())
        _let_flushes_pass(_reference_rows())
    yield
    with django_db_blocker.unblock():
        databases.let_go()


def _let_flushes_pass(reference_rows: str) -> None:
    """Let the flush after a committing test empty append-only tables too, and keep what
    migrations put in: for the tests only, the product has no way round its triggers.
    """
    plain_flush = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        before, after = _past_append_only()
        empty = _emptying(sql_list)
        plain_flush(self, [*before, *empty, "DELETE FROM kernel_cache", *after])
        with transaction.atomic():
            for row in serializers.deserialize("json", reference_rows):
                row.save(force_insert=True)

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


def _emptying(sql_list: list[str]) -> list[str]:
    """Django's statements, but for rows that stay; on PostgreSQL, where to truncate a table is
    to make its files anew, only tables with rows are emptied.
    """
    if connection.vendor == "sqlite":
        return [sql for sql in sql_list if not any(f'"{kept}"' in sql for kept in KEPT_TABLES)]
    tables = set(re.findall(r'"(\w+)"', " ".join(sql_list))) - set(KEPT_TABLES)
    return [
        f"""DO $$ DECLARE name text; has_rows bool; BEGIN
        FOREACH name IN ARRAY string_to_array('{",".join(sorted(tables))}', ',') LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO has_rows;
            IF has_rows THEN EXECUTE format('DELETE FROM %I', name); END IF;
        END LOOP; END $$"""  # noqa: S608 - names of our own tables
    ]


def _reference_rows() -> str:
    """What migrations put into the database, as JSON."""
    tables = set(connection.introspection.table_names())
    models = [
        model._base_manager
        for model in apps.get_models()
        if model._meta.db_table in tables
        and model._meta.label_lower not in KEPT
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

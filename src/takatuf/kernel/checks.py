"""What an operator must know before the process serves anyone."""

from sqlite3 import sqlite_version_info

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register  # noqa: A004 - Django's own name

FIXED_WAL = (3, 51, 3)


@register(Tags.database)
def sqlite_can_be_trusted(app_configs, **kwargs):  # noqa: ARG001 - Django's signature
    """SQLite 3.7.0 to 3.51.2 can corrupt a WAL database with several connections."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine.endswith("sqlite3") and sqlite_version_info < FIXED_WAL:
        version = ".".join(map(str, sqlite_version_info))
        return [
            Error(
                f"SQLite {version} can corrupt the database when several processes write.",
                hint="Install pysqlite3 0.6.1 or newer (requirements/base.txt has it).",
                id="takatuf.E001",
            )
        ]
    return []


@register(Tags.security)
def hosts_match_the_address(app_configs, **kwargs):  # noqa: ARG001 - Django's signature
    if settings.DEBUG and settings.HTTPS:
        return [
            Warning(
                "TAKATUF_DEBUG is on at a public address.",
                hint="Unset TAKATUF_DEBUG.",
                id="takatuf.W001",
            )
        ]
    return []

"""Takatuf (تكاتف): coordinates a region's volunteer work.

Importing the package swaps Python's own SQLite for the one pysqlite3 carries: versions
3.7.0 to 3.51.2 can corrupt a database in WAL mode when several connections write
(sqlite.org, release notes of 3.53.0), and several connections is how Takatuf runs.
``kernel.checks`` refuses to start on an old one.
"""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

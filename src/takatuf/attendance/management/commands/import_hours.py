"""``manage.py import_hours FILE``."""

from takatuf.imports.management.base import ImportCommand


class Command(ImportCommand):
    help = "Take past volunteer hours from a spreadsheet: kept as imported, unverified."
    kind = "hours"

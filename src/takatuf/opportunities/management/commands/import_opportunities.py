"""``manage.py import_opportunities FILE``."""

from takatuf.imports.management.base import ImportCommand


class Command(ImportCommand):
    help = "Take a body's past and planned opportunities from a spreadsheet."
    kind = "opportunities"

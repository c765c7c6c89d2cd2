"""``manage.py import_people FILE``."""

from takatuf.imports.management.base import ImportCommand


class Command(ImportCommand):
    help = "Take volunteers from a spreadsheet."
    kind = "people"

"""Django's command line for Takatuf."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

import takatuf  # noqa: F401  (chooses the SQLite build before Django looks for one)

if __name__ == "__main__":
    try:
        settings.INSTALLED_APPS  # noqa: B018 - a setting that makes no sense is told here
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)

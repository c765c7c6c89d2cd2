"""Django's command line for Takatuf."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")

import takatuf  # noqa: E402, F401  (chooses the SQLite build before Django looks for one)
from django.core.management import execute_from_command_line  # noqa: E402

if __name__ == "__main__":
    execute_from_command_line(sys.argv)

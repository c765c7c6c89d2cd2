"""Reading the demo's cast."""

import json
from pathlib import Path

from django.conf import settings

FILE = "demo_people.json"


def cast() -> list[dict]:
    """Who signs in how; empty where no demo data was loaded."""
    path = Path(settings.DATA_DIR) / FILE
    return json.loads(path.read_text()) if path.exists() else []

"""What a process that serves pages loads: numpy perhaps, the compiled kernels never."""

import os
import subprocess
import sys

LOADS_ALL = """
import sys
import django
django.setup()
from django.urls import get_resolver
def walk(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            walk(entry)
walk(get_resolver())
import takatuf.config.wsgi
{more}
print("numba" in sys.modules)
"""


def loads_kernels(more: str = "") -> bool:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOADS_ALL.format(more=more)],
        env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()[-1] == "True"


def test_pages_are_served_without_the_kernels():
    assert not loads_kernels()
    assert loads_kernels("import takatuf.placement.commands.solving"), "the control"

"""The product's settings with one page more: the hello page that others are compared with."""

from takatuf.config.settings import *  # noqa: F403 - these are they

ROOT_URLCONF = "bench.hello"

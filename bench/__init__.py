"""Programs that measure Takatuf. How to run each: ``bench/README.md``."""

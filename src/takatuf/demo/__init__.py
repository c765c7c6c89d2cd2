"""Demo data: an invented region of bodies and people around the real facts of Tabuk.

The topmost floor: it may use every module, and nothing uses it. Everything it makes carries
``is_demo`` and says so in its name.
"""

"""Codes people type from paper: ten characters that cannot be misread."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, no 1 I L
LENGTH = 10


def new_code() -> str:
    """About 10^14.9 possibilities: not to be guessed at the verify page's rate limit."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str:
    """What a person typed, as it would have been printed: capitals, no spaces or dashes."""
    return "".join(c for c in typed.upper() if c.isalnum())


def grouped(code: str) -> str:
    """``ABCDE-FGHJK``, as it is printed."""
    return f"{code[:5]}-{code[5:]}"

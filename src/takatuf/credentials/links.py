"""Addresses that stand on paper and in messages."""

from takatuf.kernel.links import absolute
from takatuf.kernel.verify_codes import grouped


def check_page(code: str, language: str = "ar") -> str:
    """Where anyone checks this code. Printed: it has to keep working."""
    return absolute("credentials:check", grouped(code), language=language)

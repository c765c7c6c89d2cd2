"""Addresses that stand on paper and in messages."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from takatuf.kernel.verify_codes import grouped


def check_page(code: str, language: str = "ar") -> str:
    """Where anyone checks this code. Printed: it has to keep working."""
    return absolute("credentials:check", grouped(code), language=language)


def absolute(name: str, *args: object, language: str = "ar") -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse(name, args=args)

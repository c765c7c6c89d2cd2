"""Whole addresses, for what leaves the site: messages, papers, calendars."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def absolute(name: str, *args: object, language: str = "ar") -> str:
    """The address of a page, in the language of whoever will read it."""
    with translation.override(language):
        return settings.BASE_URL + reverse(name, args=args)

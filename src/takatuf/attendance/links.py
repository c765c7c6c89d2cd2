"""Addresses of attendance that stand in messages."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def my_hours(language: str) -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse("attendance:mine")

"""Interface parts. One tag, one template, no hidden context."""

from django import template

register = template.Library()

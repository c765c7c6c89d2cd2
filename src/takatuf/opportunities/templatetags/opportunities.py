"""The card of the public list, for pages of the floors above."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from takatuf.kernel.prepared import Row
from takatuf.opportunities.showing import card_html

register = template.Library()


@register.simple_tag
def opportunity_card(row: Row) -> SafeString:
    """``{% opportunity_card row %}``: one ``<li>``, looks in opportunities/list.css."""
    return card_html(row, get_language() or "ar")

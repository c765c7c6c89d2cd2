"""Parts of a template that say the same to everybody, drawn once a language.

Drawing the frame of a page took longer than finding what stands in it.
"""

from typing import TYPE_CHECKING, Any

from django import template
from django.template.base import FilterExpression, token_kwargs
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()
MOST = 100  # drawings kept of one part


class FixedNode(template.Node):
    """Its inside sees the values named in the tag and nothing else of the page."""

    child_nodelists = ()  # no block stands in it: who looks for blocks need not look here

    def __init__(self, nodelist: template.NodeList, values: dict[str, FilterExpression]):
        self.nodelist, self.values = nodelist, values
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context):
        given = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), context.autoescape, *given.values())
        drawn = self._drawn.get(key)
        if drawn is None:
            inside = template.Context(given, autoescape=context.autoescape)
            inside.template = context.template
            with inside.render_context.push_state(context.template):
                drawn = self.nodelist.render(inside)
            if len(self._drawn) < MOST:
                self._drawn[key] = drawn
        return drawn


@register.tag
def fixed(parser, token):
    """``{% fixed nav=nav %}…{% endfixed %}``: drawn once for each language and each set of
    the values named, which must be hashable and few. A page's own values, a token or a
    visitor's name have no place inside: they are not to be seen there.
    """
    words = token.split_contents()[1:]
    values = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"fixed: {words[0]!r} is not name=value.")
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist, values)

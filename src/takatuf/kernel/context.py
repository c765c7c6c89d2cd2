"""What every page's shell needs."""

from django.conf import settings

from takatuf.kernel.registries import shell_parts


def shell(request):
    """Context processor: the demo label, and what modules add to the page's shell."""
    context = {"demo": settings.DEMO}
    for _name, part in shell_parts:
        context.update(part(request))
    return context

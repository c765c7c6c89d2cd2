"""Turning refusals into pages."""

from django.shortcuts import render

from takatuf.kernel.errors import DomainError, NotAllowed


class RefusalMiddleware:
    """A DomainError that no view caught becomes a page (or HTMX notice) with its sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, DomainError):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        template = "ui/refusal_notice.html" if request.htmx else "ui/refusal.html"
        return render(request, template, {"refusal": exception}, status=status)

"""Turning refusals and a database in trouble into pages."""

import logging

from django.shortcuts import render
from django.template.loader import render_to_string

from takatuf.kernel import views_errors
from takatuf.kernel.errors import DomainError

log = logging.getLogger(__name__)
METHOD_NOT_ALLOWED = 405


class RefusalMiddleware:
    """A DomainError that no view caught becomes a page (or HTMX notice) with its sentence.

    So do a database that cannot be written or reached (503) and a bare 405.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == METHOD_NOT_ALLOWED and not response.content:
            return views_errors.method_not_allowed(request, response.get("Allow", ""))
        return response

    def process_exception(self, request, exception):
        if views_errors.database_in_trouble(exception):
            log.error("The database cannot serve %s", request.path, exc_info=exception)
            answer = views_errors.unavailable()
            if request.htmx:
                answer.content = render_to_string("ui/busy_notice.html")
                return _in_the_notices(answer)
            return answer
        if views_errors.holds_a_nul(exception):
            return views_errors.bad_request(request, exception)
        if not isinstance(exception, DomainError):
            return None
        status = exception.status
        context = {"refusal": exception}
        if request.htmx:
            answer = render(request, "ui/refusal_notice.html", context, status=status)
            return _in_the_notices(answer)
        answer = render(request, "ui/refusal.html", context, status=status)
        if wait := getattr(exception, "retry_after", None):
            answer["Retry-After"] = str(wait)
        return answer


def _in_the_notices(response):
    """Above what the person was doing, which stays as it was."""
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML show:top"
    return response

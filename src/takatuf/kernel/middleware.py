"""Turning refusals and a database in trouble into pages, and pages for HTMX into whole ones."""

import logging
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
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
                return views_errors.in_the_notices(answer)
            return answer
        if views_errors.holds_a_nul(exception):
            return views_errors.bad_request(request, exception)
        if not isinstance(exception, DomainError):
            return None
        status = exception.status
        context = {"refusal": exception}
        if request.htmx:
            answer = render(request, "ui/refusal_notice.html", context, status=status)
            return views_errors.in_the_notices(answer)
        answer = render(request, "ui/refusal.html", context, status=status)
        if wait := getattr(exception, "retry_after", None):
            answer["Retry-After"] = str(wait)
        return answer


class WholePagesMiddleware:
    """HTMX swaps its answer into a part of a page; an answer that is a page of its own, such as
    the sign-in after the session ended elsewhere, is opened as one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.htmx or request.htmx.history_restore_request:
            return response
        if address := response.get("Location"):
            response.status_code = 200
            response["HX-Redirect"] = _back_to_the_page(request, address)
            del response["Location"]
        elif _is_whole(response):
            response["HX-Retarget"] = "body"
            response["HX-Reswap"] = "innerHTML show:window:top"
        return response


def _back_to_the_page(request: HttpRequest, address: str) -> str:
    """``next`` is the page the person sees: what HTMX asked for is only a part of it."""
    page, parts = request.htmx.current_url_abs_path, urlsplit(address)  # type: ignore[attr-defined]
    query = parse_qsl(parts.query, keep_blank_values=True)
    here = ("next", request.get_full_path())
    if not page or here not in query:
        return address
    query = [("next", page) if pair == here else pair for pair in query]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _is_whole(response: HttpResponse) -> bool:
    return not response.streaming and response.content.lstrip()[:9].lower() == b"<!doctype"

"""The pages for when something cannot be shown; each says why and offers a way on."""
# ruff: noqa: ARG001 - Django calls these with arguments they may not touch

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = "30"
SERVER_ERROR = 500
# An OperationalError with these words is a fault of ours, not a database in trouble.
OUR_FAULTS = (
    "no such table",
    "no such column",
    "syntax error",
    "has no column",
    "no such function",
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent)
    return _alone("413" if too_large else "400")


def server_error(request: HttpRequest) -> HttpResponse:
    """Also reached when the session cannot be saved: then it is the database's trouble."""
    if database_in_trouble(sys.exc_info()[1]):
        return unavailable()
    if getattr(request, "htmx", False):  # it may have broken before anybody looked
        notice = render_to_string("ui/broken_notice.html")
        return in_the_notices(HttpResponse(notice, status=SERVER_ERROR))
    return _alone("500")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return in_the_notices(HttpResponse(render_to_string("ui/old_page.html"), status=403))
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def method_not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    response = render(request, "405.html", status=405)
    response["Allow"] = allow
    return response


def unavailable() -> HttpResponse:
    """The database is locked, full or away: a clear 503 that needs none of it."""
    response = _alone("503")
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def in_the_notices(response: HttpResponse) -> HttpResponse:
    """For HTMX: above what the person was doing, which stays as it was."""
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML show:top"
    return response


def database_in_trouble(fault: BaseException | None) -> bool:
    return isinstance(fault, OperationalError) and not any(
        words in str(fault) for words in OUR_FAULTS
    )


def holds_a_nul(fault: BaseException) -> bool:
    """PostgreSQL keeps no NUL in a text; what asks for one was not typed by a person."""
    return isinstance(fault, ValueError | DataError) and "NUL (0x00)" in str(fault)


def _alone(name: str) -> HttpResponse:
    return HttpResponse(render_to_string(f"{name}.html"), status=int(name))

"""The product's addresses, and a page that says hello through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from takatuf.config.urls import handler400, handler500
from takatuf.config.urls import urlpatterns as product

__all__ = ["handler400", "handler500", "urlpatterns"]
HELLO = "/bench/hello/"
PAGE = "<!doctype html><html lang='ar' dir='rtl'><title>أهلًا</title><p>أهلًا بالعالم</p></html>"


def hello(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django gives it
    return HttpResponse(PAGE)


urlpatterns = [path(HELLO.lstrip("/"), hello), *product]

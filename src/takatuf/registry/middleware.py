"""What a page asks of a person's offices again and again, it reads once."""


class OfficesOnceMiddleware:
    """While a page is only read, ``queries.offices_of`` remembers its answer on the person.

    Reading changes no office; a POST asks anew each time.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD") and request.user.is_authenticated:
            request.user.offices_kept = {}
        return self.get_response(request)

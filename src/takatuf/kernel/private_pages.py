"""Pages that whoever holds their address may read: a signed link, a code on paper."""

from django.http import HttpResponse


def keep_private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no cache may keep the page, no index may know it."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not "no-referrer": browsers then post with "Origin: null", which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    return response

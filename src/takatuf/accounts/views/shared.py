"""What several of the module's views do alike."""

from django.http import HttpRequest
from django.utils.translation import get_language

from takatuf.kernel.asked import page_of_ours


def language() -> str:
    return "en" if (get_language() or "ar").startswith("en") else "ar"


def next_url(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a page of ours."""
    return page_of_ours(request.POST.get("next") or request.GET.get("next", ""))

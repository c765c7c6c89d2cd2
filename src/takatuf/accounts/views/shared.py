"""What several of the module's views do alike."""

from django.http import HttpRequest
from django.utils.translation import get_language

from takatuf.kernel.asked import page_of_ours
from takatuf.kernel.errors import DomainError


def refuse(form, error: DomainError) -> int:
    """Put the refusal where it belongs on the form; return the status of the answer."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, str(error))
    return 429 if hasattr(error, "retry_after") else 409


def language() -> str:
    return "en" if (get_language() or "ar").startswith("en") else "ar"


def next_url(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a page of ours."""
    return page_of_ours(request.POST.get("next") or request.GET.get("next", ""))

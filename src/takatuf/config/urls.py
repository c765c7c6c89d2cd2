"""The one place that joins modules into a site. Arabic at /, English at /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

# What is asked for most stands first: an address is sought from the top.
urlpatterns = [
    *i18n_patterns(
        path("", include("takatuf.opportunities.urls")),
        path("", include("takatuf.site.urls")),
        path("", include("takatuf.kernel.urls")),
        path("", include("takatuf.accounts.urls")),
        path("", include("takatuf.registry.urls")),
        path("", include("takatuf.credentials.urls")),
        path("", include("takatuf.imports.urls")),
        path("", include("takatuf.needs.urls")),
        path("", include("takatuf.placement.urls")),
        path("", include("takatuf.attendance.urls")),
        path("", include("takatuf.demo.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "takatuf.kernel.views_errors.bad_request"
handler500 = "takatuf.kernel.views_errors.server_error"

"""What machines ask a site: is it alive, what may be read, which pages there are."""

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from takatuf.site.queries import machines

CLOSED = ("/account/", "/desk/", "/me/", "/studio/", "/join/", "/inbox/", "/search/")


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the database answers; else the 503 of the middleware."""
    machines.touch_database()
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for prefix in ("", "/en") for path in CLOSED]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('site:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class Pages(Sitemap):
    """The pages everybody may read, in both languages."""

    i18n = alternates = x_default = True
    names = ("site:home", "opportunities:list", "needs:list", "registry:bodies",
             "registry:teams", "site:figures", "site:about", "site:privacy")  # fmt: skip

    def items(self) -> list[str]:
        return list(self.names)

    def location(self, item) -> str:
        return reverse(item)


class OpenOpportunities(Sitemap):
    """Opportunities people can join."""

    i18n = alternates = x_default = True
    limit = 10_000

    def items(self):
        return machines.listed_opportunities(timezone.now())

    def location(self, item) -> str:
        return reverse("site:opportunity", args=[item[0]])

    def lastmod(self, item):
        return item[1]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_view(
        request, {"pages": Pages, "opportunities": OpenOpportunities},
        template_name="site/sitemap.xml", content_type="application/xml",
    )  # fmt: skip

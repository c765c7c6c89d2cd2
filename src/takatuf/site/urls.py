from django.urls import URLPattern, URLResolver, path, re_path

from takatuf.site.views import (
    auditing,
    desk,
    finding,
    home,
    own,
    plumbing,
    reading,
    running,
    stuck,
)
from takatuf.site.views.opportunity import opportunity

app_name = "site"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("figures/", home.figures_page, name="figures"),
    path("search/", finding.search, name="search"),
    path("about/", reading.about, name="about"),
    path("privacy/", reading.privacy, name="privacy"),
    path("me/", own.me, name="me"),
    path("desk/", desk.desk, name="desk"),
    path("desk/running/", running.running, name="running"),
    path("desk/stuck/", stuck.stuck_things, name="stuck"),
    re_path(
        r"^desk/stuck/(?P<kind>message|job)/(?P<pk>[0-9]{1,18})/(?P<act>retry|dismiss)/$",
        stuck.stuck_answer,
        name="stuck_answer",
    ),
    path("log/", auditing.log, name="log"),
    path("log/<str:subject>/", auditing.history, name="history"),
    # machines
    path("healthz", plumbing.healthz, name="healthz"),
    path("robots.txt", plumbing.robots, name="robots"),
    path("sitemap.xml", plumbing.sitemap, name="sitemap"),
    # "tell-me" is a page of the list, not somebody's code.
    re_path(r"^opportunities/(?P<code>(?!tell-me/)[-\w]+)/$", opportunity, name="opportunity"),
]

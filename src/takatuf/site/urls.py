from django.urls import URLPattern, URLResolver, re_path

from takatuf.site.views.opportunity import opportunity

app_name = "site"
urlpatterns: list[URLPattern | URLResolver] = [
    # "tell-me" is a page of the list, not somebody's code.
    re_path(r"^opportunities/(?P<code>(?!tell-me/)[-\w]+)/$", opportunity, name="opportunity"),
]

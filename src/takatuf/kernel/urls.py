from django.urls import URLPattern, URLResolver, path

from takatuf.kernel import views_ui
from takatuf.kernel.outbox import views as messages

app_name = "kernel"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ui/", views_ui.parts, name="ui"),
    path("inbox/", messages.inbox, name="inbox"),
    path("inbox/read/", messages.mark_inbox_read, name="inbox_read"),
    path("demo/outbox", messages.demo_outbox, name="demo_outbox"),
]

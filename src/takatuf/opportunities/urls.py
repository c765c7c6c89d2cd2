from django.urls import URLPattern, URLResolver, path

from takatuf.opportunities import views

app_name = "opportunities"
urlpatterns: list[URLPattern | URLResolver] = [
    path("opportunities/", views.public_list, name="list"),
    path("tell-me/", views.wish, name="wish"),
    path("tell-me/<str:token>/", views.wish_confirm, name="wish_confirm"),
    path("tell-me/stop/<str:token>/", views.wish_stop, name="wish_stop"),
    path("still-stands/<str:token>/", views.still_stands, name="still_stands"),
    path("studio/", views.studio, name="studio"),
    path("studio/new/", views.start, name="start"),
    path("studio/review/", views.review_queue, name="review_queue"),
    path("studio/<slug:code>/", views.manage, name="manage"),
    path("studio/<slug:code>/preview/", views.preview, name="preview"),
    path("studio/<slug:code>/submit/", views.submit, name="submit"),
    path("studio/<slug:code>/act/<slug:act>/", views.act, name="act"),
    path("studio/<slug:code>/move/", views.move, name="move"),
    path("studio/<slug:code>/design/<slug:step>/", views.design, name="design"),
    path("studio/<slug:code>/roles/", views.role_save, name="role_save"),
    path("studio/<slug:code>/roles/<int:pk>/remove/", views.role_remove, name="role_remove"),
    path("studio/<slug:code>/shifts/", views.shift_add, name="shift_add"),
    path("studio/<slug:code>/shifts/<int:pk>/", views.shift, name="shift"),
    path("studio/<slug:code>/shifts/<int:pk>/move/", views.shift_move, name="shift_move"),
    path("studio/<slug:code>/shifts/<int:pk>/cancel/", views.shift_cancel, name="shift_cancel"),
    path("studio/<slug:code>/shifts/<int:pk>/remove/", views.shift_remove, name="shift_remove"),
]

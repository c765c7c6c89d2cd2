from django.urls import path

from takatuf.needs import views

app_name = "needs"
urlpatterns = [
    path("needs/", views.needs, name="list"),
    path("needs/new/", views.report, name="report"),
    path("needs/queue/", views.queue, name="queue"),
    path("needs/follow/<str:token>/", views.follow, name="follow"),
    path("needs/<slug:code>/", views.need, name="detail"),
    path("needs/<slug:code>/decide/", views.decide, name="decide"),
    path("needs/<slug:code>/close/", views.close, name="close"),
]

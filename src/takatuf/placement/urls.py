from django.urls import path

from takatuf.placement import views

app_name = "placement"
urlpatterns = [
    path("a/<str:token>/", views.answer, name="answer"),
]

from django.urls import path

from takatuf.demo import views

app_name = "demo"
urlpatterns = [path("demo/people/", views.people, name="people")]

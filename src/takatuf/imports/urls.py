from django.urls import path

from takatuf.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.home, name="home"),
    path("imports/new/<slug:kind>/", views.upload, name="upload"),
    path("imports/<int:number>/", views.run, name="run"),
    path("imports/<int:number>/columns/", views.columns, name="columns"),
    path("imports/<int:number>/progress/", views.progress, name="progress"),
    path("imports/<int:number>/start/", views.start, name="start"),
    path("imports/<int:number>/stop/", views.stop, name="stop"),
    path("imports/<int:number>/rows/<slug:outcome>.xlsx", views.download, name="download"),
    path(
        "imports/<int:number>/duplicates/<int:row_number>/", views.duplicate, name="duplicate"
    ),
]

from django.urls import path

from takatuf.credentials import views

app_name = "credentials"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.check, name="check"),
    path("me/certificates/", views.mine, name="mine"),
    path("certificates/<str:serial>.pdf", views.certificate_file, name="certificate_file"),
    path(
        "certificates/<str:serial>/revoke/", views.certificate_revoke, name="certificate_revoke"
    ),
    path("cards/<str:number>.pdf", views.card_file, name="card_file"),
    path("cards/<str:number>/revoke/", views.card_revoke, name="card_revoke"),
    path("bodies/<str:code>/cards/", views.body_cards, name="body_cards"),
]

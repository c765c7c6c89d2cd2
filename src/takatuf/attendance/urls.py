from django.urls import path

from takatuf.attendance import views

app_name = "attendance"
urlpatterns = [
    path("sheets/", views.sheets, name="sheets"),
    path("sheets/<int:shift_id>/", views.day_sheet, name="day_sheet"),
    path("sheets/<slug:code>/<int:shift_id>/", views.day_sheet, name="day_sheet"),
    path("sheets/<int:shift_id>/mark/", views.mark, name="mark"),
    path("sheets/<int:shift_id>/people/<int:application_id>/", views.row, name="row"),
    path("sheets/<int:shift_id>/people/<int:application_id>/times/", views.times, name="times"),
    path("sheets/<int:shift_id>/people/<int:application_id>/note/", views.note, name="note"),
    path("sheets/<int:shift_id>/close/", views.close, name="close"),
    path("sheets/<int:shift_id>/served/", views.served, name="served"),
    path("hours/approve/", views.approvals, name="approvals"),
    path("hours/approve/now/", views.approve, name="approve"),
    path("hours/served/<int:shift_id>/confirm/", views.confirm_served, name="confirm_served"),
    path("hours/mine/", views.mine, name="mine"),
    path("hours/mine/certificate/<slug:code>/", views.certificate, name="certificate"),
    path(
        "hours/certificates/<str:serial>/anew/", views.certificate_anew, name="certificate_anew"
    ),
    path("hours/approved/", views.approved, name="approved"),
    path("hours/<uuid:claim_id>/confirm/", views.confirm, name="confirm"),
    path("hours/<uuid:claim_id>/rest/", views.approve_rest, name="approve_rest"),
    path("hours/<uuid:claim_id>/reject/", views.reject, name="reject"),
    path("hours/<uuid:claim_id>/reverse/", views.reverse, name="reverse"),
]

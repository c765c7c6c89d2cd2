"""Accounts' addresses. allauth's own names keep their names; pages without use are left out."""

from allauth.account import views as allauth_views
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from takatuf.accounts.views import (
    account,
    birth_dates,
    entrance,
    guardian,
    recovery,
    second_factor,
)

# allauth's pages that would answer who has none with a bare 404 or 403.
second_factor_pages = [
    path("reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("recovery-codes/", second_factor.codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/download/",
        second_factor.codes_file,
        name="mfa_download_recovery_codes",
    ),
    path("totp/deactivate/", second_factor.app_off, name="mfa_deactivate_totp"),
    path(
        "webauthn/reauthenticate/",
        second_factor.reauthenticate_by_key,
        name="mfa_reauthenticate_webauthn",
    ),
    path("webauthn/keys/<int:pk>/remove/", second_factor.key_off, name="mfa_remove_webauthn"),
    path("webauthn/keys/<int:pk>/edit/", second_factor.key_named, name="mfa_edit_webauthn"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("join/", entrance.join, name="join"),
    path("join/code/", entrance.join_code, name="join_code"),
    path("join/name/", entrance.join_name, name="join_name"),
    path("join/guardian/", entrance.join_guardian, name="join_guardian"),
    # allauth
    path("account/login/", entrance.sign_in, name="account_login"),
    path("account/login/password/", allauth_views.login, name="account_password_login"),
    path("account/signup/", RedirectView.as_view(pattern_name="join"), name="account_signup"),
    path("account/logout/", allauth_views.logout, name="account_logout"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("account/confirm/", account.confirm, name="account_reauthenticate"),
    path(
        "account/password/change/",
        allauth_views.password_change,
        name="account_change_password",
    ),
    path("account/password/set/", allauth_views.password_set, name="account_set_password"),
    path(
        "account/password/reset/", allauth_views.password_reset, name="account_reset_password"
    ),
    path(
        "account/password/reset/code/",
        allauth_views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "account/password/reset/complete/",
        allauth_views.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "account/password/reset/done/",
        allauth_views.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("account/second-factor/", include(second_factor_pages)),
    path("account/second-factor/", include("allauth.mfa.urls")),
    # one's own account
    path("account/", account.my_account, name="my_account"),
    path("account/profile/", account.profile, name="my_profile"),
    path("account/birth-date/", account.birth_date, name="my_birth_date"),
    path("account/birth-date/request/", birth_dates.ask, name="my_birth_date_ask"),
    path(
        "account/birth-date/request/withdraw/",
        birth_dates.withdraw,
        name="my_birth_date_withdraw",
    ),
    path("account/identity/", account.identity, name="my_identity"),
    path("account/contact/", account.contact, name="contact_change"),
    path("account/contact/code/", account.contact_code, name="contact_code"),
    path("account/devices/", account.sessions, name="my_sessions"),
    path("account/devices/end/", account.sessions_end, name="my_sessions_end"),
    path("account/data/", account.my_data, name="my_data"),
    # guardians
    path("guardian/<str:token>/", guardian.consent, name="guardian_consent"),
    # the way back in
    path("recover/", recovery.recover, name="recover"),
    path("recover/code/", recovery.recover_code, name="recover_code"),
    path("recover/sent/", recovery.recover_done, name="recover_done"),
    path("recover/stop/<str:token>/", recovery.recovery_stop, name="recovery_stop"),
    path("desk/birth-dates/", birth_dates.find, name="birth_date_find"),
    path("desk/birth-dates/<uuid:ref>/", birth_dates.correct, name="birth_date_correct"),
    path("desk/birth-dates/requests/<int:pk>/", birth_dates.detail, name="birth_date_request"),
    re_path(
        r"^desk/birth-dates/requests/(?P<pk>[0-9]{1,18})/(?P<act>accept|refuse)/$",
        birth_dates.decide,
        name="birth_date_decide",
    ),
    path("desk/recoveries/", recovery.recovery_list, name="recovery_list"),
    path("desk/recoveries/<int:pk>/", recovery.recovery_detail, name="recovery_detail"),
    re_path(
        r"^desk/recoveries/(?P<pk>[0-9]{1,18})/(?P<act>approve|confirm|refuse)/$",
        recovery.recovery_decide,
        name="recovery_decide",
    ),
]

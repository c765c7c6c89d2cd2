"""What somebody who holds an office may open before password and second factor are shown.

A page that is in none of these sets waits for both proofs, so a new address does. On an open
page no office counts (``Person.office_waits``): it shows and does what it would for anybody.
"""

# On the way to a second factor, in whatever state the session is.
ON_THE_WAY = frozenset(
    {
        "account_logout", "account_inactive", "account_reauthenticate", "account_set_password",
        "account_reset_password", "account_confirm_password_reset_code",
        "account_complete_password_reset", "account_password_reset_completed",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "set_language",
    }
)  # fmt: skip
# Also open while the step is to set one up: never to a session that has not shown a password.
SETTING_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"})
# What anybody reads and does without an account, a concern first of all.
PUBLIC = frozenset(
    {
        "site:home", "site:figures", "site:search", "site:about", "site:privacy",
        "site:opportunity", "site:healthz", "site:robots", "site:sitemap",
        "kernel:ui", "kernel:demo_outbox", "demo:people",
        "registry:bodies", "registry:body", "registry:teams", "registry:team",
        "registry:invitation", "registry:team_join",
        "registry:concern_new", "registry:concern_received", "registry:concern_follow",
        "needs:list", "needs:detail", "needs:report", "needs:follow",
        "opportunities:list", "opportunities:wish", "opportunities:wish_confirm",
        "opportunities:wish_stop", "opportunities:still_stands",
        "credentials:verify", "credentials:check",
        "placement:answer", "placement:asked", "placement:guardian",
        "guardian_consent", "recover", "recover_code", "recover_done", "recovery_stop",
    }
)  # fmt: skip
# A volunteer's own things. Open until there is a second factor to ask for, which then takes one
# code. What keeps the account safe, such as its contacts, waits for the proofs.
OWN = frozenset(
    {
        "site:me", "kernel:inbox", "kernel:inbox_read",
        "join_guardian", "my_account", "my_profile", "my_birth_date",
        "my_birth_date_ask", "my_birth_date_withdraw", "my_data",
        "registry:welcome", "registry:profile", "registry:profile_edit",
        "registry:profile_skills", "registry:profile_availability",
        "registry:profile_proposals", "registry:import_note_clear", "registry:concern_own",
        "registry:team_ask", "registry:team_leave", "registry:team_name", "registry:body_new",
        "placement:mine", "placement:for_you", "placement:calendar", "placement:calendar_all",
        "placement:confirm", "placement:leave", "placement:swap", "placement:cover_ask",
        "placement:cover_call_back", "placement:cover_take", "placement:ask_accept",
        "placement:ask_decline", "placement:joined", "placement:covenant",
        "placement:ask_skill", "placement:why_not_me",
        "attendance:mine", "attendance:certificate",
        "credentials:mine", "credentials:certificate_file", "credentials:card_file",
    }
)  # fmt: skip

"""Settings: everything an operator may change comes from the environment.

`docs/operate/settings.md` lists each variable; a test keeps the two in step. With nothing
set, Takatuf runs for one person on this machine: SQLite in TAKATUF_DATA_DIR, a secret key
made once and kept there, no foreign host answered, no message leaving the machine.
"""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from takatuf.config.environment import (
    address,
    data_dir,
    database,
    flag,
    hosts,
    number,
    one_of,
    port,
    provider,
    region,
    secret_key,
    sender,
    text,
    words,
)

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = data_dir()

DEBUG = flag("TAKATUF_DEBUG", default=False)
DEMO = flag("TAKATUF_DEMO", default=False)
SECRET_KEY = secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = words("TAKATUF_OLD_SECRET_KEYS")
ALLOWED_HOSTS = hosts("TAKATUF_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
BASE_URL = address("TAKATUF_BASE_URL", default="http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []
HTTPS = BASE_URL.startswith("https://")

# ---------------------------------------------------------------- the region
REGION = region("TAKATUF_REGION", default="tabuk")

# ---------------------------------------------------------------- what is installed
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "template_partials",
    "django_htmx",
    "django_tasks",
    "csp",
    "takatuf.kernel",
    "takatuf.imports",
    "takatuf.accounts",
    "takatuf.registry",
    "takatuf.credentials",
    "takatuf.needs",
    "takatuf.opportunities",
    "takatuf.placement",
    "takatuf.attendance",
    "takatuf.site",
    "takatuf.demo",
    # Below ours: the first application that has a template of a name gives it.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "takatuf.kernel.kept_pages.KeptPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "takatuf.kernel.middleware.WholePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "takatuf.registry.middleware.OfficesOnceMiddleware",
    "takatuf.accounts.middleware.OwnPagesMiddleware",
    "takatuf.accounts.middleware.SecondFactorMiddleware",
    "takatuf.accounts.middleware.UnreadableFormsMiddleware",
    "takatuf.kernel.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "takatuf.config.urls"
WSGI_APPLICATION = "takatuf.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "takatuf.kernel.templatetags.fixed",
                "takatuf.kernel.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "takatuf.kernel.context.shell",
            ],
        },
    }
]

# ---------------------------------------------------------------- data
_database = database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'takatuf.sqlite3'}")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # Writers queue up instead of failing half-way: SQLite has no row locks.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut. Recursive triggers: INSERT OR
        # REPLACE deletes too, and append-only tables must hear of it to refuse.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
            "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
        ),
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
    }
}
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Uploaded spreadsheets and their copied cells are personal data: deleted after so many days.
IMPORT_FILE_DAYS = number("TAKATUF_IMPORT_FILE_DAYS", default=30)

TASKS = {
    "default": {
        "BACKEND": "takatuf.kernel.jobs.backend.DatabaseBackend",
        "QUEUES": ["default", "messages", "slow"],
    }
}

# ---------------------------------------------------------------- language, time, numbers
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS: list[str] = []
FORMAT_MODULE_PATH = ["takatuf.kernel.formats"]
TIME_ZONE = "Asia/Riyadh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LANGUAGE_COOKIE_SAMESITE = "Lax"

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.Person"
# The only door: it also lets nobody in by a user name, and spends the same time on strangers.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:me"
LOGOUT_REDIRECT_URL = "site:home"
ACCOUNT_ADAPTER = "takatuf.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # allauth's own form, which has no address here
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a contact is stored only after its code was typed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "takatuf.accounts.forms.PasswordSignInForm",
    "change_password": "takatuf.accounts.forms.ChangePasswordForm",
    "set_password": "takatuf.accounts.forms.FirstPasswordForm",
    "reset_password_from_key": "takatuf.accounts.forms.NewPasswordForm",
    "reauthenticate": "takatuf.accounts.forms.PasswordAgainForm",
    "reset_password": "takatuf.accounts.forms.ForgottenPasswordForm",
    "confirm_password_reset_code": "takatuf.accounts.forms.PasswordCodeForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/5m/ip",
    # The key is a person and the connection together (``accounts.adapters``), and a school
    # shares one connection; what comes from many is slowed down there.
    "login_failed": "40/5m/ip,10/5m/key",
    "reset_password": "20/5m/ip,5/5m/key,20/h/key",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("TAKATUF_BEHIND_PROXY", default=False) else 0
MFA_ADAPTER = "takatuf.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Takatuf"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "authenticate": "takatuf.accounts.forms.SecondFactorForm",
    "reauthenticate": "takatuf.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "takatuf.accounts.forms.ActivateAppForm",
    "add_webauthn": "takatuf.accounts.forms.AddKeyForm",
    "authenticate_webauthn": "takatuf.accounts.forms.KeyForm",
    "reauthenticate_webauthn": "takatuf.accounts.forms.KeyAgainForm",
    "edit_webauthn": "takatuf.accounts.forms.RenameKeyForm",
}

# ---------------------------------------------------------------- messages
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = text("TAKATUF_SMTP_HOST", default="")
EMAIL_PORT = port("TAKATUF_SMTP_PORT", default=587)
EMAIL_HOST_USER = text("TAKATUF_SMTP_USER", default="")
EMAIL_HOST_PASSWORD = text("TAKATUF_SMTP_PASSWORD", default="")
EMAIL_USE_TLS = flag("TAKATUF_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = sender("TAKATUF_MAIL_FROM", default="Takatuf <no-reply@localhost>")
SMS_URL = provider("TAKATUF_SMS_URL")
SMS_TOKEN = text("TAKATUF_SMS_TOKEN", default="")
SMS_SENDER = text("TAKATUF_SMS_SENDER", default="Takatuf")

# ---------------------------------------------------------------- the browser
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "takatuf.kernel.views_errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then post with "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if flag("TAKATUF_BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOG_LEVEL = one_of("TAKATUF_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "takatuf.kernel.log_lines.Line",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.request": {"level": "ERROR"}},
}

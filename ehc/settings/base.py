"""Apps, database, templates, files."""

import os
from pathlib import Path

from ehc.settings.environment import (
    MODE,
    PRODUCTION,
    database,
    flag,
    required,
    scanner_address,
    several,
    whole_number,
)

ROOT = Path(__file__).resolve().parent.parent.parent
#: Outside production: where a checkout keeps what it makes.
LOCAL = Path(os.environ.get("EHC_LOCAL") or ROOT / ".local").resolve()

SECRET_KEY = required(
    "EHC_SECRET_KEY",
    "a long random text that signs sessions",
    outside_production="not secret: only for a machine of one's own",
)
DEBUG = False
ALLOWED_HOSTS = several(
    required(
        "EHC_ALLOWED_HOSTS",
        "the host names this service answers to, separated by commas",
        outside_production="*",
    )
)

INSTALLED_APPS = [
    "ehc",
    "notifications",
    "advice",
    "panels",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_celery_beat",
    "pgtrigger",
    "pghistory",
    "viewflow.workflow",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ehc.middleware.nothing_is_kept",
    "ehc.middleware.sound_requests_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ehc.accounts.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ehc.urls"
WSGI_APPLICATION = "ehc.wsgi.application"

DATABASES = {
    "default": database(
        required(
            "DATABASE_URL",
            "where PostgreSQL is, as postgresql://user:password@host:port/name",
            outside_production="postgresql://localhost/ehc",
        )
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "ehc.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            ROOT / "ehc" / "templates",
            ROOT / "notifications" / "templates",
            ROOT / "advice" / "templates",
            ROOT / "panels" / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "ehc.templating.environment"},
    },
    {  # only for the libraries that bring Django templates of their own
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["ehc.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL / "static" if not PRODUCTION else ROOT / "static"
STATICFILES_DIRS = [ROOT / "ehc" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "ehc.static_files.StaticFiles"
        if MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"

#: Case documents live outside the database and outside anything the web serves.
MEDIA_ROOT = required(
    "EHC_DOCUMENTS_DIR",
    "the folder where case documents are kept, on a disk that is backed up",
    outside_production=str(LOCAL / "documents"),
)
FILE_UPLOAD_PERMISSIONS = 0o600
#: The virus scanner, if there is one: ClamAV’s daemon, as `host:port` or the path of its socket.
CLAMAV = scanner_address(os.environ.get("EHC_CLAMAV", ""))
#: How much may be added, in bytes: to one request for advice, and by one person in a day.
MOST_BYTES_OF_REQUEST = whole_number("EHC_REQUEST_MEGABYTES", 300) * 1024 * 1024
MOST_BYTES_OF_DAY = whole_number("EHC_DAY_MEGABYTES", 1000) * 1024 * 1024
#: In bytes; above what a document may have, so that one a little too large is told so in words.
LARGEST_BODY = 100 * 1024 * 1024

#: In `make run` letters and notices are shown on a development mailbox page, not sent.
DEVELOPMENT_MAILBOX = MODE == "local"
EMAIL_BACKEND = (
    "notifications.mailbox.MailboxBackend"
    if DEVELOPMENT_MAILBOX
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = whole_number("EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "ehc-casework@localhost")
#: The address of this service, for links in notices.
SERVICE_URL = os.environ.get("EHC_SERVICE_URL", "http://127.0.0.1:8000")

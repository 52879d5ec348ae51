"""Sign-in, sessions, headers."""

import os

from csp.constants import NONE, SELF

from ehc.settings.environment import MODE, PRODUCTION, flag, several, whole_number
from ehc.settings.providers import read_providers

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "ehc.accounts.ClosedAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True

#: Whoever signs in by password needs a second factor. Off in `make run`, where the passwords of the
#: demonstration are public and nobody’s, and in tests that are not about it.
SECOND_FACTOR = flag("EHC_SECOND_FACTOR", default=PRODUCTION)
# An address is the administrator’s to give and nobody can change it here, so it is not in doubt.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "EHC casework"
#: A phone’s clock may be half a minute off; no code counts twice (`ehc.second_factor`).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "ehc.second_factor.CodeForm",
    "reauthenticate": "ehc.second_factor.CodeAgainForm",
    "activate_totp": "ehc.second_factor.SetUpForm",
}

#: Organisations’ own identity providers: docs/sign-in.md.
IDENTITY_PROVIDERS = read_providers(
    os.environ.get("EHC_IDENTITY_PROVIDERS", ""), insecure=MODE == "test"
)
SOCIALACCOUNT_ADAPTER = "ehc.identity_providers.ProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [provider.as_app() for provider in IDENTITY_PROVIDERS],
    }
}

# Accounts are locked by axes; these only keep a flood away, and a whole council may share one
# address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip"}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["code", "token"]  # never written down with a failed try
AXES_LOCKOUT_CALLABLE = "ehc.accounts.locked_out"
# Counting by account and not by address is what is wanted: a guesser changes addresses at will.
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",
    # Putting a council’s whole domain on the browsers’ list is its own decision, not ours.
    "security.W021",
]
AXES_VERBOSE = False  # would put sign-in names in the log

SESSION_COOKIE_AGE = whole_number("EHC_SESSION_MINUTES", 60) * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ehc.views.errors.session_ended"

HTTPS = PRODUCTION and not flag("EHC_WITHOUT_HTTPS")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
BEHIND_PROXY = flag("EHC_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Behind a proxy everybody seems to come from it, and one guesser would use up the limits of all.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = several(os.environ.get("EHC_ORIGINS", ""))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discreet": {"()": "ehc.logs.Discreet"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Without Django’s own handlers: one of them mails errors with every local variable.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Its warnings say which pages were not found or not allowed: nothing to act on.
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
    },
}

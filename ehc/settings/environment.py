"""Reading the environment: one place, so that a missing value is one clear sentence."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: `local` (make run), `test` (make test) or `production` (the default: safe when unset).
MODE = os.environ.get("EHC_ENV", "production")
if MODE not in {"local", "test", "production"}:
    raise ImproperlyConfigured(f"EHC_ENV is “{MODE}”; it must be local, test or production.")
PRODUCTION = MODE == "production"


def required(name: str, what: str, *, outside_production: str = "") -> str:
    """The value of an environment variable; outside production it may have a stand-in."""
    value = os.environ.get(name, "")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"Set {name}: {what}.")
    return outside_production


def several(text: str) -> list[str]:
    """The values of a list separated by commas, without blanks around them."""
    return [value for part in text.split(",") if (value := part.strip())]


def flag(name: str, default: bool = False) -> bool:
    """True for 1, yes, true, on (any case); the default when nothing but blanks is set."""
    text = os.environ.get(name, "").strip().lower()
    return text in {"1", "yes", "true", "on"} if text else default


def scanner_address(text: str) -> str:
    """Where ClamAV listens: `host:port`, the path of a socket, or nothing for no scanner."""
    host, _, port = text.rpartition(":")
    if text and not text.startswith("/") and not (host and port.isdigit()):
        raise ImproperlyConfigured(
            f"EHC_CLAMAV is “{text}”; it must be host:port or the path of a socket."
        )
    return text


def whole_number(name: str, default: int) -> int:
    """A whole number, or one sentence naming the variable that is not one."""
    text = os.environ.get(name, "")
    try:
        return int(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{text}”; it must be a whole number.") from None


def database(url: str) -> dict[str, Any]:
    """Django's database settings from `postgresql://user:password@host:port/name?option=value`.

    A host given as a query option is a socket folder, as libpq reads it.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "ehc",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        # Django's own pool holds connections; CONN_MAX_AGE beside it would hold them twice.
        "CONN_MAX_AGE": 0,
        # One short question more for each request; without it every pooled connection that a
        # restarted server has dropped fails one request.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            "pool": {
                "min_size": 1,
                "max_size": whole_number("DATABASE_POOL_SIZE", 10),
                "timeout": 10,
            },
        },
    }

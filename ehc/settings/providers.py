"""The identity providers of organisations, from a file that the operator writes.

A file and not rows of the database: a client secret belongs with the other secrets, outside the
database and its backups; and whom a provider may sign in is for those who run the service to say,
reviewed and put in place like any other setting. docs/sign-in.md describes the file.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_BODY = re.compile(r"(\d{3}|\*)/[a-z0-9_-]{1,50}|\d{3}")
_NAMES = frozenset(
    {
        *("id", "name", "issuer", "client_id", "client_secret", "client_secret_variable"),
        *("domains", "bodies", "vouches_for_addresses"),
    }
)


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One organisation’s identity provider, and whom it may sign in.

    `domains` are those of the e-mail addresses it speaks for. `bodies`, when there are any, narrow
    that further: only people who hold a role today in one of them (`373` is an authority with all
    its organisations, `373/code` one organisation of it, `*/code` one that serves several).
    `vouches_for_addresses` is for a provider that sends no `email_verified` because every address
    in it is the organisation’s own.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...]
    bodies: tuple[str, ...] = ()
    vouches_for_addresses: bool = False

    def as_app(self) -> dict[str, Any]:
        """The provider as django-allauth wants it in `SOCIALACCOUNT_PROVIDERS`."""
        return {
            "provider_id": self.id,
            "name": self.name[:40],
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer},
        }


def read_providers(path: str, *, insecure: bool = False) -> tuple[IdentityProvider, ...]:
    """The providers of the file at `path`; none for an empty path or an empty file.

    Raises `ImproperlyConfigured` with a sentence that names what is wrong. `insecure` allows
    `http://`, which is for tests on one machine only.
    """
    if not path:
        return ()
    try:
        text = Path(path).read_text(encoding="utf-8")
        rows = json.loads(text) if text.strip() else []
    except OSError as error:
        raise _wrong(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise _wrong(f"{path} is not JSON: {error}.") from None
    return providers_from(rows, insecure=insecure)


def providers_from(rows: Any, *, insecure: bool = False) -> tuple[IdentityProvider, ...]:
    """The providers in what the file holds."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong("the file must hold a list of providers, each in braces.")
    found = tuple(_provider(row, insecure) for row in rows)
    ids = [provider.id for provider in found]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise _wrong(f"the id “{min(twice)}” stands there twice.")
    for domain, sharing in _shared_domains(found):
        if not all(provider.bodies for provider in sharing):
            names = " and ".join(provider.id for provider in sharing)
            raise _wrong(
                f"the domain {domain} is listed for {names}: give each of them its “bodies”, or "
                "one could sign in the people of the other."
            )
    return found


def _shared_domains(
    providers: tuple[IdentityProvider, ...],
) -> Iterator[tuple[str, list[IdentityProvider]]]:
    for domain in sorted({domain for provider in providers for domain in provider.domains}):
        sharing = [provider for provider in providers if domain in provider.domains]
        if len(sharing) > 1:
            yield domain, sharing


def _provider(row: dict[str, Any], insecure: bool) -> IdentityProvider:
    which = f"the provider “{row.get('id', '')}”"
    if unknown := sorted(set(row) - _NAMES):
        raise _wrong(f"{which} has an unknown entry “{unknown[0]}”.")
    text = {name: _text(row, name, which) for name in ("id", "name", "issuer", "client_id")}
    if not _ID.fullmatch(text["id"]):
        raise _wrong(f"{which}: an id is of small letters, digits and hyphens, at most 40.")
    issuer = urlsplit(text["issuer"])
    if not issuer.hostname or issuer.scheme not in ({"https", "http"} if insecure else {"https"}):
        raise _wrong(f"{which}: the issuer must begin with https://.")
    vouches = row.get("vouches_for_addresses", False)
    if not isinstance(vouches, bool):
        raise _wrong(f"{which}: “vouches_for_addresses” is true or false.")
    return IdentityProvider(
        **text,
        client_secret=_secret(row, which),
        domains=_several(row, "domains", _DOMAIN, which, least=1),
        bodies=_several(row, "bodies", _BODY, which, least=0),
        vouches_for_addresses=vouches,
    )


def _secret(row: dict[str, Any], which: str) -> str:
    """The secret itself, or what an environment variable holds; public clients have none."""
    variable = row.get("client_secret_variable")
    if variable is None:
        return str(row.get("client_secret", ""))
    secret = os.environ.get(str(variable), "")
    if not secret:
        raise _wrong(f"{which}: the environment variable {variable} is not set.")
    return secret


def _text(row: dict[str, Any], name: str, which: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{which} needs “{name}”.")
    return value.strip()


def _several(
    row: dict[str, Any], name: str, shape: re.Pattern[str], which: str, *, least: int
) -> tuple[str, ...]:
    values = row.get(name, [])
    if not isinstance(values, list) or len(values) < least:
        raise _wrong(f"{which} needs “{name}”, a list.")
    found = tuple(str(value).strip().lower() for value in values)
    for value in found:
        if not shape.fullmatch(value):
            raise _wrong(f"{which}: “{value}” is not right under “{name}”.")
    return found


def _wrong(what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"EHC_IDENTITY_PROVIDERS: {what}")

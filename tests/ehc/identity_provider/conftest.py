"""What the tests of identity providers share: a provider that is real, and one that lies."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread

from ehc.models import Role, User
from ehc.settings.providers import providers_from
from tests.ehc.identity_provider.untrustworthy_provider import UntrustworthyProvider, running
from tests.ehc.identity_provider.visitor import TRUST, Visitor
from tests.factories import ServiceFactory, member


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def with_providers(settings: Any) -> Callable[..., None]:
    """Sets up providers as the operator’s file would."""

    def set_up(*rows: dict[str, Any]) -> None:
        found = providers_from([dict(row) for row in rows], insecure=True)
        settings.IDENTITY_PROVIDERS = found
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [provider.as_app() for provider in found],
            }
        }
        settings.SECOND_FACTOR = True

    return set_up


@pytest.fixture(scope="session")
def real() -> Iterator[str]:
    """The address of a provider that knows a few people, each by `sub`."""
    known = {
        "sub-ada": {"email": "Ada@trust.example", "email_verified": True},
        "sub-unsure": {"email": "ada@trust.example", "email_verified": False},
        "sub-words": {"email": "ada@trust.example", "email_verified": "false"},
        "sub-silent": {"email": "ada@trust.example"},
        "sub-nameless": {"name": "Ada Berry"},
        "sub-council": {"email": "carer@council.example", "email_verified": True},
        "sub-below": {"email": "ada@sub.trust.example", "email_verified": True},
        "sub-nobody": {"email": "nobody@trust.example", "email_verified": True},
        "sub-moved": {"email": "new-name@trust.example", "email_verified": True},
    }
    people = [Known(sub=sub, claims=claims) for sub, claims in known.items()]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def trust(real: str, with_providers: Callable[..., None]) -> None:
    """The trust’s provider is the real one, and nobody else has any."""
    with_providers(TRUST | {"issuer": real})


@pytest.fixture
def ada() -> User:
    """Somebody at the trust who has an account here."""
    return member(
        Role.ADVISER,
        organisation=ServiceFactory.create(code="clinic"),
        user=User.objects.create_user("ada@trust.example", "Ada Berry"),
    )


@pytest.fixture
def visitor(live_server: Any) -> Visitor:
    return Visitor(live_server.url)


@pytest.fixture
def lying(with_providers: Callable[..., None]) -> Iterator[UntrustworthyProvider]:
    """The trust’s provider, which tells the truth about Ada until a test says otherwise."""
    with running() as provider:
        provider.token = {"sub": "sub-ada"}
        provider.told = {"sub": "sub-ada", "email": "ada@trust.example", "email_verified": True}
        with_providers(TRUST | {"issuer": provider.issuer})
        yield provider

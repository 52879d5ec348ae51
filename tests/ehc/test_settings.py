"""What the environment says is what holds, however people write lists in it."""

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings

QUESTION = """
import json
from django.conf import settings
names = ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECURE_SSL_REDIRECT"]
names += ["ALLAUTH_TRUSTED_PROXY_COUNT", "SECOND_FACTOR", "IDENTITY_PROVIDERS"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def in_production(**given: str) -> dict[str, Any]:
    """Some settings of a production process with this environment."""
    environment = {
        "EHC_ENV": "production",
        "EHC_SECRET_KEY": "x" * 60,
        "EHC_ALLOWED_HOSTS": "casework.example",
        "EHC_DOCUMENTS_DIR": "/documents",
        "DATABASE_URL": "postgresql://u:p@h/n",
        "REDIS_URL": "redis://:p@h/0",
        "DJANGO_SETTINGS_MODULE": "ehc.settings",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-c", QUESTION],
        cwd=settings.ROOT,
        env=environment | given,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_blanks_in_a_list_do_no_harm() -> None:
    found = in_production(
        EHC_ALLOWED_HOSTS="casework.example, www.casework.example,",
        EHC_ORIGINS=" https://a.example ,https://b.example",
    )
    assert found["ALLOWED_HOSTS"] == ["casework.example", "www.casework.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://a.example", "https://b.example"]
    assert found["SECURE_SSL_REDIRECT"] is True


def test_behind_a_proxy_people_are_told_apart_by_what_it_says_and_otherwise_not() -> None:
    """Anybody can write the header; only a proxy’s own is believed."""
    assert in_production()["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert in_production(EHC_BEHIND_PROXY="yes")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_a_second_factor_is_asked_for_unless_somebody_says_no() -> None:
    assert in_production()["SECOND_FACTOR"] is True
    assert in_production(EHC_SECOND_FACTOR=" ")["SECOND_FACTOR"] is True
    assert in_production(EHC_SECOND_FACTOR="no")["SECOND_FACTOR"] is False


def test_an_empty_file_of_identity_providers_is_none() -> None:
    assert in_production(EHC_IDENTITY_PROVIDERS="/dev/null")["IDENTITY_PROVIDERS"] == []

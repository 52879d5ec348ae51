"""The file in which the operator names the identity providers."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from ehc.settings.providers import IdentityProvider, providers_from, read_providers
from tests.ehc.identity_provider.visitor import TRUST

GOOD = {**TRUST, "issuer": "https://id.trust.example"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({}, "a list of providers"),
        ([GOOD, GOOD], "stands there twice"),
        ([GOOD, GOOD | {"id": "other"}], "give each of them its “bodies”"),
        ([GOOD | {"issuer": "http://id.trust.example"}], "must begin with https://"),
        ([GOOD | {"domains": []}], "needs “domains”"),
        ([GOOD | {"domains": ["@trust.example"]}], "is not right under “domains”"),
        ([GOOD | {"bodies": ["trust"]}], "is not right under “bodies”"),
        ([GOOD | {"id": "The Trust"}], "an id is of small letters"),
        ([GOOD | {"name": " "}], "needs “name”"),
        ([GOOD | {"trusted": True}], "unknown entry “trusted”"),
        ([GOOD | {"vouches_for_addresses": "no"}], "is true or false"),
        ([GOOD | {"client_secret_variable": "NO_SUCH_VARIABLE"}], "NO_SUCH_VARIABLE is not set"),
    ],
)
def test_a_wrong_file_is_one_sentence(rows: Any, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words.replace("(", r"\(")):
        providers_from(rows)


def test_a_file_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TRUST_SECRET", "hidden")
    row = {name: value for name, value in GOOD.items() if name != "client_secret"}
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([row | {"client_secret_variable": "TRUST_SECRET"}]))
    (found,) = read_providers(str(path))
    assert isinstance(found, IdentityProvider)
    assert found.client_secret == "hidden"
    assert "hidden" not in repr(found)
    assert read_providers("") == ()
    path.write_text("[{")
    with pytest.raises(ImproperlyConfigured, match="is not JSON"):
        read_providers(str(path))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        read_providers(str(tmp_path / "none.json"))

"""Somebody who signs in through their organisation’s identity provider."""

from html import unescape

import requests

TRUST = {
    "id": "trust",
    "name": "Northvale NHS Trust",
    "client_id": "ehc",
    "client_secret": "not a secret",
    "domains": ["trust.example"],
}


class Visitor(requests.Session):
    """Somebody at a browser, without the pictures."""

    def __init__(self, site: str) -> None:
        super().__init__()
        self.site = site
        self.trust_env = False

    def open(self, path: str) -> requests.Response:
        return self.get(self.site + path, timeout=10)

    def sign_in(self, sub: str, provider: str = "trust", then: str = "") -> requests.Response:
        """From the sign-in page to the provider, as that person, and back."""
        page = self.open("/sign-in/" + (f"?next={then}" if then else ""))
        address = f"/accounts/oidc/{provider}/login/"
        assert address in page.text
        link = unescape(page.text.split(f'href="{address}')[1].split('"')[0])
        at_provider = self.open(address + link)
        assert not at_provider.url.startswith(self.site), at_provider.text
        return self.post(at_provider.url, data={"sub": sub}, timeout=10)

    @property
    def is_in(self) -> bool:
        answer = self.get(self.site + "/account/", allow_redirects=False, timeout=10)
        return answer.status_code == 200

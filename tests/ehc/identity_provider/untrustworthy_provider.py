"""An identity provider that says whatever a test wants, over real HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt


class UntrustworthyProvider:
    """Answers as the attributes say; each may be changed by a test before somebody signs in."""

    def __init__(self) -> None:
        self.client_id = "ehc"
        self.token: dict[str, Any] = {}
        self.told: Any = {}
        self.leaves_out_token = False
        self.denies = False
        self.asked: dict[str, str] = {}
        self.exchanged: dict[str, str] = {}
        self.issuer = ""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, place to go on to, body."""
        if path.endswith("openid-configuration"):
            return 200, "", json.dumps(self._discovery()).encode()
        if path == "/authorize":
            self.asked = query
            said = {"error": "access_denied"} if self.denies else {"code": "a-code"}
            back = urlencode(said | {"state": query["state"]})
            return 302, f"{query['redirect_uri']}?{back}", b""
        if path == "/token":
            self.exchanged = query
            return 200, "", json.dumps(self._tokens()).encode()
        if path == "/userinfo":
            return 200, "", json.dumps(self.told).encode()
        return 404, "", b""

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def _tokens(self) -> dict[str, Any]:
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "exp": int(time.time()) + 300,
            **self.token,
        }
        tokens: dict[str, Any] = {"access_token": "a-token", "token_type": "Bearer"}
        if not self.leaves_out_token:
            tokens["id_token"] = jwt.encode(claims, "a key of its own, thirty-two bytes", "HS256")
        return tokens


@contextmanager
def running() -> Iterator[UntrustworthyProvider]:
    """The provider, serving until the block ends."""
    provider = UntrustworthyProvider()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = urlsplit(self.path).query or self.rfile.read(length).decode()
            fields = {name: values[0] for name, values in parse_qs(sent).items()}
            status, to, body = provider.answer(urlsplit(self.path).path, fields)
            self.send_response(status)
            if to:
                self.send_header("Location", to)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

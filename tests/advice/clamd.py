"""A scanner for tests: a real TCP server that speaks as much of clamd’s protocol as we use."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: What every scanner must find: the EICAR test file, in two pieces so that none finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.ThreadingTCPServer):
    """Answers as told: `judge` (the default), or `error`, `limit`, `hang` or `hang_up`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = "judge"
        self.scanned: list[bytes] = []
        self.released = threading.Event()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        if self.server.behaviour == "hang_up":
            return
        assert self._exactly(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self._exactly(4))[0]:
            data += self._exactly(length)
            if self.server.behaviour == "limit":
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                self.connection.shutdown(socket.SHUT_RDWR)
                return
        self.server.scanned.append(data)
        if self.server.behaviour == "hang":
            self.server.released.wait(30)
            return
        if self.server.behaviour == "error":
            self.wfile.write(b"stream: Can't allocate memory ERROR\0")
            return
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        # In two parts: an answer need not come in one piece.
        self.wfile.write(found[:5])
        self.wfile.flush()
        self.wfile.write(found[5:])

    def _exactly(self, count: int) -> bytes:
        data = self.rfile.read(count)
        if len(data) < count:
            raise ConnectionError
        return data


@contextmanager
def clamd() -> Iterator[Clamd]:
    """The scanner, running."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()

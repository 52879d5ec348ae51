"""A scanner for tests: a real TCP server that speaks as much of clamd’s protocol as we use."""

import io
import socket
import socketserver
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from advice.trial_scan import TEST_VIRUS

EICAR = TEST_VIRUS

_SAID = {
    "blind": b"stream: OK\0",
    "error": b"stream: Can't allocate memory ERROR\0",
    "beyond": b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
    "locked": b"stream: Heuristics.Encrypted.PDF FOUND\0",
}


class Clamd(socketserver.ThreadingTCPServer):
    """Answers as told: `judge` (the default), or as in `_SAID`, or `limit`, `hang`, `hang_up`.

    `test_real_scanner.py` holds it against the real one.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = "judge"
        #: Bytes of a file; its StreamMaxLength is 100 MB unless it is set.
        self.most = 100 * 1024 * 1024
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
            if self.server.behaviour == "limit" or len(data) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                self.connection.shutdown(socket.SHUT_RDWR)
                return
        self.server.scanned.append(data)
        if self.server.behaviour == "hang":
            self.server.released.wait(30)
            return
        if self.server.behaviour in _SAID:
            self.wfile.write(_SAID[self.server.behaviour])
            return
        found = b"stream: %s\0" % _said_of(data)
        # In two parts: an answer need not come in one piece.
        self.wfile.write(found[:5])
        self.wfile.flush()
        self.wfile.write(found[5:])

    def _exactly(self, count: int) -> bytes:
        data = self.rfile.read(count)
        if len(data) < count:
            raise ConnectionError
        return data


def _said_of(data: bytes, depth: int = 0) -> bytes:
    """What the real one says, set to tell what it did not look through; zip files are unpacked."""
    if EICAR in data:
        return b"Eicar-Own.UNOFFICIAL FOUND"
    if depth > 16:
        return b"Heuristics.Limits.Exceeded.MaxRecursion FOUND"
    if not data.startswith(b"PK") or not zipfile.is_zipfile(io.BytesIO(data)):
        return b"OK"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        said = [_said_of(archive.read(name), depth + 1) for name in archive.namelist()]
    return max(said, key=len, default=b"OK")


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

"""A mail server for tests: slow when told to be, and it keeps what it has accepted."""

import contextlib
import email
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from email.message import Message


class Sink(socketserver.ThreadingTCPServer):
    """Accepts mail on a local port; `hold` makes it wait before it accepts a message."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.kept: list[Message] = []
        #: What is answered instead of “well” when a message is for this address.
        self.refuse: dict[str, str] = {}
        #: Every address for which somebody asked to leave a message.
        self.asked: list[str] = []
        #: Set when a message has been said in full and not yet been accepted.
        self.in_hand = threading.Event()
        self.open = threading.Event()
        self.open.set()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def hold(self) -> None:
        """Accept nothing from now on; senders wait."""
        self.open.clear()

    def release(self) -> None:
        """Accept again, also what is in hand, if its sender is still there."""
        self.open.set()

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of everything accepted, in its order."""
        return [str(message["Message-ID"]) for message in self.kept]


class _Dialogue(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        with contextlib.suppress(ConnectionResetError):  # the sender was killed
            self._converse()

    def _converse(self) -> None:
        self._say("220 sink")
        for raw in self.rfile:
            word = raw.decode().strip().upper().partition(" ")[0]
            if word == "DATA":
                self._say("354 go on")
                self._take()
            elif word == "QUIT":
                self._say("221 bye")
                return
            elif word == "RCPT":
                address = raw.decode().partition("<")[2].partition(">")[0]
                self.server.asked.append(address)
                self._say(self.server.refuse.get(address, "250 well"))
            else:
                self._say("250 well")

    def _take(self) -> None:
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw.removeprefix(b"."))
        held = not self.server.open.is_set()
        self.server.in_hand.set()
        self.server.open.wait(60)
        if held and self._sender_is_gone():
            return
        self.server.kept.append(email.message_from_bytes(b"".join(lines)))
        self._say("250 kept")

    def _sender_is_gone(self) -> bool:
        """Whether the sender has hung up; on a busy machine that takes a moment to be known."""
        readable, _, _ = select.select([self.connection], [], [], 1.0)
        return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _say(self, words: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{words}\r\n".encode())


@contextlib.contextmanager
def running_sink() -> Iterator[Sink]:
    """A sink for the length of a block."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield sink
        finally:
            sink.release()
            sink.shutdown()
            thread.join()

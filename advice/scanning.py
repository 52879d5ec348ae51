"""Asking ClamAV about a file, over its socket.

The file is handed over in the connection (`INSTREAM` of clamd’s protocol), so that the scanner may
run on another machine and needs no right to our folder. Nothing here decides what becomes of a
file: either there is an answer, or `NoAnswer`.
"""

import logging
import socket
import struct
import time
from contextlib import closing
from enum import Enum
from typing import IO

log = logging.getLogger(__name__)

#: Bytes of one piece; clamd takes pieces of any size up to its StreamMaxLength.
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class NoAnswer(Exception):
    """The scanner could not be asked, or did not say whether the file is clean; try again later."""


class Verdict(Enum):
    """What the scanner says of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    #: It did not look through all of the file: too large, too many parts, locked, packed too deep.
    NOT_ALL = "not all"


#: What clamd calls a file that reached one of its limits (only with `AlertExceedsMax yes`), or one
#: that is locked (with `AlertEncrypted yes`): nothing was found in either.
_NOT_ALL = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted.")
#: The answer to a file longer than its StreamMaxLength; a longer wait would not help.
_TOO_LONG = "INSTREAM size limit exceeded. ERROR"


def verdict(file: IO[bytes], address: str, *, seconds: float = 120) -> Verdict:
    """What ClamAV says of the file.

    `address` is `host:port` or the path of a Unix socket; `seconds` is the most that all of it may
    take. Raises `NoAnswer` when the scanner is not there, hangs up, takes too long, or answers with
    an error.
    """
    ends = time.monotonic() + seconds
    try:
        with closing(_connect(address, ends)) as connection:
            _hand_over(file, connection, ends)
            answer = _answer(connection, ends)
    except (OSError, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}") from error
    return _meant_by(answer)


def _meant_by(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict.CLEAN
    if answer.endswith(" FOUND"):
        limited = answer.removeprefix("stream: ").startswith(_NOT_ALL)
        return Verdict.NOT_ALL if limited else Verdict.INFECTED
    if answer == _TOO_LONG:
        log.error("The virus scanner does not take files so long: raise its StreamMaxLength.")
        return Verdict.NOT_ALL
    raise NoAnswer("The scanner answered with an error." if answer else "The scanner hung up.")


def _connect(address: str, ends: float) -> socket.socket:
    """A connection to the scanner; raises OSError, or ValueError for what is no address."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(ends))
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(ends))


def _hand_over(file: IO[bytes], connection: socket.socket, ends: float) -> None:
    """Send the file, each piece after its length, and the length zero at the end.

    A scanner that has heard enough stops listening and may have answered already.
    """
    file.seek(0)
    try:
        _send(connection, b"zINSTREAM\0", ends)
        while piece := file.read(_PIECE):
            _send(connection, struct.pack("!L", len(piece)) + piece, ends)
        _send(connection, struct.pack("!L", 0), ends)
    except (BrokenPipeError, ConnectionResetError):
        return


def _send(connection: socket.socket, data: bytes, ends: float) -> None:
    connection.settimeout(_left(ends))
    connection.sendall(data)


def _answer(connection: socket.socket, ends: float) -> str:
    """One answer, which ends with a null character."""
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_ANSWER:
        connection.settimeout(_left(ends))
        part = connection.recv(1024)
        if not part:
            break
        said += part
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(ends: float) -> float:
    """The seconds that are left; raises TimeoutError when there are none."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left

"""Asking ClamAV: clean, infected, and every way in which there is no answer."""

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from advice.scanning import NoAnswer, Verdict, verdict
from ehc.settings.environment import scanner_address
from tests.advice.clamd import EICAR, Clamd, clamd

REPORT = b"%PDF-1.7 a report " * 20_000


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with clamd() as server:
        yield server


def test_a_clean_file_reaches_it_whole(scanner: Clamd) -> None:
    file = io.BytesIO(REPORT)
    file.seek(99)
    assert verdict(file, scanner.address) is Verdict.CLEAN
    assert scanner.scanned == [REPORT]


def test_an_infected_file_is_not_clean(scanner: Clamd) -> None:
    assert verdict(io.BytesIO(REPORT + EICAR), scanner.address) is Verdict.INFECTED


@pytest.mark.parametrize("behaviour", ["limit", "beyond", "locked"])
def test_what_was_not_looked_through_is_neither_clean_nor_infected(
    scanner: Clamd, behaviour: str
) -> None:
    scanner.behaviour = behaviour
    assert verdict(io.BytesIO(REPORT), scanner.address) is Verdict.NOT_ALL


@pytest.mark.parametrize("behaviour", ["error", "hang_up"])
def test_what_is_no_answer(scanner: Clamd, behaviour: str) -> None:
    scanner.behaviour = behaviour
    with pytest.raises(NoAnswer):
        verdict(io.BytesIO(REPORT), scanner.address)


def test_one_that_hangs_is_left(scanner: Clamd) -> None:
    scanner.behaviour = "hang"
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        verdict(io.BytesIO(REPORT), scanner.address, seconds=0.5)
    assert time.monotonic() - began < 5


def test_one_that_is_gone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(NoAnswer):
        verdict(io.BytesIO(REPORT), address)
    with pytest.raises(NoAnswer):
        verdict(io.BytesIO(REPORT), "/nowhere/clamd.sock")


def test_it_may_listen_on_a_socket_of_the_machine(tmp_path: Path, scanner: Clamd) -> None:
    """The protocol is the same; here the answer stands ready before anybody asks."""
    path = str(tmp_path / "clamd.sock")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        listening.settimeout(5)
        with pytest.raises(NoAnswer):
            verdict(io.BytesIO(b"x"), path, seconds=0.2)
        connection, _ = listening.accept()
        with connection:
            assert connection.recv(100) == b"zINSTREAM\0\0\0\0\x01x\0\0\0\0"


@pytest.mark.parametrize("address", ["", "clamav:3310", "[::1]:3310", "/run/clamav/clamd.ctl"])
def test_addresses_that_are_understood(address: str) -> None:
    assert scanner_address(address) == address


@pytest.mark.parametrize("address", ["clamav", "clamav:", ":3310", "run/clamd.ctl"])
def test_addresses_that_are_not(address: str) -> None:
    with pytest.raises(Exception, match="EHC_CLAMAV"):
        scanner_address(address)

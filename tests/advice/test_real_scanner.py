"""The scanning against a real ClamAV daemon, where one is installed, and its stand-in beside it."""

import io
import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from advice.scanning import NoAnswer, Verdict, verdict
from tests.advice import files
from tests.advice.clamd import EICAR, Clamd, clamd
from tests.advice.real_clamd import PROGRAM, RealClamd, real_clamd

installed = pytest.mark.skipif(PROGRAM is None, reason="There is no ClamAV daemon (clamd) here.")
MEGABYTE = 1024 * 1024
RECOMMENDED = ("StreamMaxLength 60M", "MaxFileSize 60M", "AlertExceedsMax yes")


@pytest.fixture
def real() -> Iterator[RealClamd]:
    with real_clamd(*RECOMMENDED) as daemon:
        yield daemon


def padded(size: int) -> bytes:
    """The test virus in a zip file, behind so many bytes that do not pack."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("padding", os.urandom(size))
        archive.writestr("virus", EICAR)
    return out.getvalue()


def nested(depth: int) -> bytes:
    """The test virus in a zip file in a zip file, and so on."""
    data = EICAR
    for _ in range(depth):
        data = files.archive({"inner": data})
    return data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (files.pdf(), Verdict.CLEAN),
        (files.word("Sam Example"), Verdict.CLEAN),
        (files.png() + files.jpeg(), Verdict.CLEAN),
        (b"\0" * (8 * MEGABYTE), Verdict.CLEAN),
        (EICAR, Verdict.INFECTED),
        (files.pdf() + EICAR, Verdict.INFECTED),
    ],
)
@pytest.mark.parametrize("which", [pytest.param(real_clamd, marks=installed), clamd])
def test_the_real_one_and_its_stand_in_say_the_same(
    which: Callable[[], AbstractContextManager[RealClamd | Clamd]], data: bytes, says: Verdict
) -> None:
    with which() as scanner:
        assert verdict(io.BytesIO(data), scanner.address) is says


@installed
def test_over_a_socket_of_the_machine(real: RealClamd) -> None:
    assert verdict(io.BytesIO(files.pdf()), real.socket) is Verdict.CLEAN
    assert verdict(io.BytesIO(EICAR), real.socket) is Verdict.INFECTED
    packed = files.word(more={"word/media/a.bin": EICAR})
    assert verdict(io.BytesIO(packed), real.socket) is Verdict.INFECTED


@installed
def test_the_largest_file_is_scanned_to_its_end(real: RealClamd) -> None:
    assert verdict(io.BytesIO(padded(49 * MEGABYTE)), real.address) is Verdict.INFECTED
    whole = files.pdf(more=["x" * (49 * MEGABYTE)])
    assert verdict(io.BytesIO(whole), real.address) is Verdict.CLEAN


@installed
def test_what_it_did_not_look_through_is_never_clean() -> None:
    with real_clamd("StreamMaxLength 5M") as short:
        for size in (6, 50):
            said = verdict(io.BytesIO(bytes(size * MEGABYTE)), short.address)
            assert said is Verdict.NOT_ALL
    beyond = ("MaxFileSize 5M", "StreamMaxLength 60M", "AlertExceedsMax yes", "AlertEncrypted yes")
    with real_clamd(*beyond) as small:
        for data in (padded(6 * MEGABYTE), nested(30), files.locked_pdf("secret")):
            assert verdict(io.BytesIO(data), small.address) is Verdict.NOT_ALL


@installed
def test_stopped_and_started_again(real: RealClamd) -> None:
    real.kill()
    for address in (real.address, real.socket):
        with pytest.raises(NoAnswer):
            verdict(io.BytesIO(files.pdf()), address)
    real.start()
    for address in (real.address, real.socket):
        assert verdict(io.BytesIO(files.pdf()), address) is Verdict.CLEAN


@installed
def test_one_that_is_slow_is_left_and_asked_again(real: RealClamd) -> None:
    real.signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        verdict(io.BytesIO(bytes(20 * MEGABYTE)), real.address, seconds=0.5)
    assert time.monotonic() - began < 5
    threading.Timer(0.5, real.signal, (signal.SIGCONT,)).start()
    assert verdict(io.BytesIO(files.pdf()), real.address, seconds=20) is Verdict.CLEAN


class _Killing(io.BytesIO):
    """A file half-way through which the scanner dies."""

    def __init__(self, data: bytes, kill: Callable[[], None]) -> None:
        super().__init__(data)
        self._kill = kill

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > len(self.getvalue()) // 2:
            self._kill()
        return super().read(size)


@installed
def test_one_that_dies_in_the_middle_has_said_nothing(real: RealClamd) -> None:
    for address in (real.address, real.socket):
        with pytest.raises(NoAnswer):
            verdict(_Killing(bytes(20 * MEGABYTE), real.kill), address)
        real.start()


@installed
def test_reading_its_signatures_anew_it_goes_on(real: RealClamd) -> None:
    real.signal(signal.SIGUSR2)
    for _ in range(10):
        assert verdict(io.BytesIO(EICAR), real.address) is Verdict.INFECTED

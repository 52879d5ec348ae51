"""Does the virus scanner do what it must? Tried with the test virus that every scanner knows.

A scanner may answer “OK” of what it never looked at: a file beyond its limits, or a part packed
too deep. Only trying shows it.
"""

import io
import os
import zipfile
from collections.abc import Iterator

from advice.scanning import NoAnswer, Verdict, verdict
from ehc.documents import MAX_BYTES

#: The EICAR test file, in two pieces so that nobody’s scanner takes this source for it.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_CLEAN = b"%PDF-1.7\n%%EOF\n"
#: Clamd unpacks 17 levels unless told otherwise.
_DEEP = 40


def faults_of(address: str) -> Iterator[str]:
    """What is wrong with the scanner at this address, and what to set; nothing when all is well."""
    try:
        if verdict(io.BytesIO(_CLEAN), address) is not Verdict.CLEAN:
            yield "It does not find an empty report clean."
        if verdict(io.BytesIO(TEST_VIRUS), address) is not Verdict.INFECTED:
            yield "It does not know the test virus: its signatures are missing. Run freshclam."
            return
        if verdict(io.BytesIO(_large()), address) is not Verdict.INFECTED:
            yield (
                "It does not look through a file of 50 MB: set StreamMaxLength and "
                "MaxFileSize to 60M, and MaxScanSize to 400M."
            )
        if verdict(io.BytesIO(_deep()), address) is Verdict.CLEAN:
            yield (
                "It calls a file clean that it did not look through to the end: set "
                "AlertExceedsMax to yes."
            )
    except NoAnswer as reason:
        yield f"It does not answer ({reason}). Is it running, and is this its address?"


def _large() -> bytes:
    """The test virus in the largest file that people may add, behind what does not pack."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("padding", os.urandom(MAX_BYTES - 10_000))
        archive.writestr("virus", TEST_VIRUS)
    return out.getvalue()


def _deep() -> bytes:
    data = TEST_VIRUS
    for _ in range(_DEEP):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner", data)
        data = out.getvalue()
    return data

"""Looking through a file that somebody sent: is it sound, and what does its text say?

Done in a process of its own, which has no secrets in its environment, writes nothing, opens no
connection, starts nothing, and may use only so much time and memory: a file made to do harm ends
that process and nothing else.
"""

import io
import json
import logging
import resource
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lxml import etree

from advice.inspection import JPEG, PDF, PNG, WORD, inspect, open_pdf
from advice.refusals import Rejected

#: Of the process that looks through one file.
MAX_SECONDS = 60
MAX_MEMORY = 1536 * 1024 * 1024
MAX_HANDLES = 32
#: Of the text: pages, characters and seconds. What comes after is not read.
MAX_PAGES = 300
MAX_CHARACTERS = 600_000
MAX_SECONDS_OF_TEXT = 20
_ROOT = Path(__file__).resolve().parent.parent
_BODY = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class CannotLook(Exception):
    """Files cannot be looked through now; it says nothing about the file."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking through a file brought: why it is refused (or nothing), and its text."""

    refusal: str = ""
    text: str = ""


def look_through(path: Path, media_type: str, *, seconds: float = MAX_SECONDS) -> Looked:
    """Inspect a file and read its text, within the limits; never raises for what is in the file.

    A picture has no text here. Raises `CannotLook` when the fault is ours.
    """
    words = [sys.executable, "-m", "advice.reading", str(path), media_type]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, on a path that we made)
            words,
            cwd=_ROOT,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Looked("took_too_long")
    if done.returncode < 0:
        # Killed by one of its limits.
        return Looked("took_too_long")
    if done.returncode > 0:
        raise CannotLook(f"The process that looks through files ended with {done.returncode}.")
    return Looked(**json.loads(done.stdout))


def looked_at(file: IO[bytes], media_type: str) -> Looked:
    """The same in this process, without its limits."""
    try:
        inspect(file, media_type)
        return Looked(text=text_of(file, media_type))
    except Rejected as reason:
        return Looked(refusal=reason.code)
    except MemoryError:
        return Looked("took_too_long")
    except Exception:
        # Whatever else a parser stumbles over lies in the file; asked again it would stumble again.
        return Looked("unreadable")


def text_of(file: IO[bytes], media_type: str) -> str:
    """The text of a file, as far as the limits reach; raises `Rejected` for a damaged one."""
    file.seek(0)
    if media_type == PDF:
        return _text_of_pdf(file)
    if media_type == WORD:
        return _text_of_word(file)
    if media_type in {PNG, JPEG}:
        return ""
    raise Rejected("other_type")


def _text_of_pdf(file: IO[bytes]) -> str:
    """Page by page; a page that cannot be read is left out, for a warning is all that hangs on it.

    Between pages there are line breaks.
    """
    ends = time.monotonic() + MAX_SECONDS_OF_TEXT
    text = ""
    for number, page in enumerate(open_pdf(file).pages):
        if number >= MAX_PAGES or len(text) >= MAX_CHARACTERS or time.monotonic() > ends:
            break
        try:
            text += page.extract_text() + "\n"
        except Exception:  # noqa: S112  (a font or a stream that pypdf does not know)
            continue
    return text[:MAX_CHARACTERS]


def _text_of_word(file: IO[bytes]) -> str:
    """The body, and what stands above, below and in notes: a name is often in a page’s head."""
    text: list[str] = []
    left = MAX_CHARACTERS
    with zipfile.ZipFile(file) as archive:
        names = [
            name
            for name in archive.namelist()
            if name.startswith("word/")
            and name.endswith(".xml")
            and name[5:].startswith(("document", "header", "footer", "footnotes", "endnotes"))
        ]
        for name in sorted(names, key=lambda name: (name != "word/document.xml", name)):
            with archive.open(name) as part:
                said = _words_in(part, left)
            text.append(said)
            left -= len(said)
            if left <= 0:
                break
    return "\n".join(text)


def _words_in(part: IO[bytes], most: int) -> str:
    """The words of one part, a line for each paragraph and a blank for each tab or break."""
    said: list[str] = []
    count = 0
    try:
        for _, node in etree.iterparse(
            part, events=("end",), resolve_entities=False, no_network=True, load_dtd=False
        ):
            piece = _said_by(node)
            said.append(piece)
            count += len(piece)
            if node.tag == f"{_BODY}p":
                node.clear()
            if count >= most:
                break
    except etree.XMLSyntaxError as error:
        raise Rejected("unreadable") from error
    return "".join(said)[:most]


def _said_by(node: Any) -> str:
    if node.tag == f"{_BODY}t":
        return str(node.text or "")
    if node.tag in {f"{_BODY}tab", f"{_BODY}br", f"{_BODY}tc"}:
        return " "
    return "\n" if node.tag == f"{_BODY}p" else ""


#: What the interpreter is about to do: reach the network, or start another program.
_WAYS_OUT = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("pty.", "ctypes.", "urllib.", "http.client.", "smtplib.", "ftplib."),
)


def _refuse_ways_out(event: str, _: object) -> None:
    if event.startswith(_WAYS_OUT):
        raise PermissionError(f"Whatever reads files that came from outside may not: {event}")


def confine() -> None:
    """Set the limits of this process, for good; the hook cannot be taken out again."""
    sys.addaudithook(_refuse_ways_out)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_HANDLES, MAX_HANDLES))


def main(path: str, media_type: str) -> None:
    """Look through one file and write what was found to the standard output, within the limits."""
    logging.disable()
    confine()
    # In memory, so that a fault of the disk is told from one of the file.
    looked = looked_at(io.BytesIO(Path(path).read_bytes()), media_type)
    json.dump({"refusal": looked.refusal, "text": looked.text}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

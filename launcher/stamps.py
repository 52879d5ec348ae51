"""Remembering what a step was done with, so that it is done again only when that changes."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from launcher.paths import ROOT


class Stamp:
    """A step's memory: a digest of what it last worked on."""

    def __init__(self, local: Path, name: str) -> None:
        self._path = local / "stamps" / name

    def matches(self, digest: str) -> bool:
        """Whether the step was last done with this digest."""
        try:
            return self._path.read_text(encoding="ascii") == digest
        except OSError:
            return False

    def set(self, digest: str) -> None:
        """Remember that the step was done with this digest."""
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text(digest, encoding="ascii")


def content_digest(paths: Iterable[Path]) -> str:
    """A digest of what files hold, and of their names within the checkout."""
    digest = sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def outline_digest(folders: Iterable[Path]) -> str:
    """A digest of which files folders hold, how long they are and when they were written."""
    digest = sha256()
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                state = path.stat()
                digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return digest.hexdigest()

"""Passwords and keys of the private servers: made once, kept in files only their owner reads."""

import contextlib
import os
import secrets
from pathlib import Path


def private_secret(local: Path, name: str) -> str:
    """Return the secret called ``name``, making it the first time it is asked for."""
    folder = local / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        # Written aside and linked into place: of two commands at once, both use the first one's.
        aside = folder / f"{name}.{os.getpid()}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return path.read_text(encoding="ascii").strip()

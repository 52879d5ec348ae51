"""Passwords and keys of the private servers: made once, kept in files only their owner reads."""

import os
import secrets
from pathlib import Path


def private_secret(local: Path, name: str) -> str:
    """Return the secret called ``name``, making it the first time it is asked for."""
    folder = local / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    made = secrets.token_urlsafe(48)
    # Written aside and linked into place: of two commands at once, both return the same secret.
    aside = folder / f"{name}.{os.getpid()}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    try:
        if path.exists() and not path.read_text(encoding="ascii").strip():
            os.replace(aside, path)
            return made
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()

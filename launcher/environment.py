"""The virtual environment: made once, filled from the hash-locked requirements."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Literal

from launcher.installing import install
from launcher.messages import FULL_DISK_SIGNS, Refusal, full_disk, say
from launcher.paths import ROOT, VENV, VENV_PYTHON

Level = Literal["local", "test"]
_LEVELS: dict[Level, tuple[Level, ...]] = {"local": ("local",), "test": ("local", "test")}
"""Which locks are satisfied by installing one: the test requirements contain the local ones."""

_STAMP = VENV / "installed.json"


def lock_file(level: Level) -> Path:
    """The hash-locked requirements of a level."""
    return ROOT / "requirements" / f"{level}.txt"


def ensure(level: Level) -> None:
    """Have a virtual environment with the requirements of ``level``; does nothing when it has."""
    wanted = {name: _digest(lock_file(name)) for name in _LEVELS[level]}
    installed = _installed()
    if installed and all(installed.get(name) == digest for name, digest in wanted.items()):
        return
    if not installed and not _usable():
        _create()
    say("Installing the requirements…")
    _STAMP.unlink(missing_ok=True)
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-input"]
    # The lock holds every package, so nothing is left to resolve; wheels only, so nothing is built.
    options = [
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "-r",
        str(lock_file(level)),
    ]
    install(
        "pip",
        [*command, *options],
        what="The Python requirements",
        environment={"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
    )
    for packages in VENV.glob("lib/python*/site-packages"):
        # So that bin/pytest, which does not look in the current folder, finds its plugin.
        (packages / "ehc-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    _STAMP.write_text(json.dumps(wanted | {"folder": str(VENV)}), encoding="utf-8")


def _installed() -> dict[str, str]:
    """What was installed here; nothing when the folder was moved or its Python has gone."""
    try:
        stamp: dict[str, str] = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    program = VENV_PYTHON.resolve()
    # When the machine's Python was replaced by a newer one, the packages lie in the old one's
    # folder: python3.12 does not look in lib/python3.11.
    replaced = program.name.startswith("python3.") and not (VENV / "lib" / program.name).is_dir()
    if stamp.get("folder") != str(VENV) or not program.exists() or replaced:
        return {}
    return stamp


def _usable() -> bool:
    """Whether the folder holds a working environment of this very place."""
    settings = VENV / "pyvenv.cfg"
    if not settings.exists() or not VENV_PYTHON.exists():
        return False
    question = "import pip, sys; print(sys.prefix, sys.version_info >= (3, 11))"
    try:
        done = subprocess.run(
            [VENV_PYTHON, "-c", question], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    script = VENV / "bin" / "pip"
    here = script.exists() and str(VENV) in script.read_text(encoding="utf-8", errors="replace")
    return here and done.stdout.strip() == f"{VENV} True"


def _create() -> None:
    say(f"Making the virtual environment in {VENV}…")
    if VENV.exists():
        shutil.rmtree(VENV)
    done = subprocess.run(
        [sys.executable, "-m", "venv", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "PYTHONHOME"},
    )
    if done.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if any(sign in done.stdout for sign in FULL_DISK_SIGNS):
        raise full_disk(VENV)
    if "ensurepip" in done.stdout or "No module named venv" in done.stdout:
        raise Refusal(
            "Python's venv module is missing: install it (on Debian and Ubuntu: "
            "`apt install python3-venv`), then run this again."
        )
    lines = done.stdout.strip().splitlines() or ["no reason given"]
    raise Refusal(f"The virtual environment could not be made in {VENV}: {lines[-1]}")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()

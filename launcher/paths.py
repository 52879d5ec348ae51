"""Where things are in a checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def local_folder() -> Path:
    """The private folder of this checkout: databases, passwords, logs, stamps.

    ``EHC_LOCAL`` puts it elsewhere, for example on a larger disk.
    """
    return Path(os.environ.get("EHC_LOCAL") or ROOT / ".local").resolve()


def make_local_folder(local: Path) -> None:
    """Create the private folder. Others may pass through it to what is theirs, not list it."""
    local.mkdir(parents=True, exist_ok=True)
    if local.stat().st_uid == os.getuid():
        local.chmod(0o711)
    (local / "logs").mkdir(exist_ok=True)

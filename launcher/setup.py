"""The part every command shares: the virtual environment and the front-end assets."""

from launcher import assets, environment
from launcher.locks import FileLock
from launcher.paths import local_folder, make_local_folder


def ensure(level: environment.Level) -> None:
    """Have everything installed that ``level`` needs. Two commands at once take turns."""
    local = local_folder()
    make_local_folder(local)
    with FileLock(local / "setup.lock"):
        environment.ensure(level)
        assets.ensure()

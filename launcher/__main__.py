"""``python -m launcher COMMAND``: what the Makefile calls."""

import os
import shutil
import subprocess
import sys


def newer_python():  # type: ignore[no-untyped-def]  # an old Python may be reading this
    """The path of a Python that is new enough, when this one is not."""
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    for minor in range(16, 10, -1):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031
        # A version manager's shim may be there without a Python behind it.
        if found and subprocess.call([found, "-c", question], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


# Everything up to here is understood by every Python 3, so that an old one gets a sentence.
if sys.version_info < (3, 11):  # noqa: UP036
    newer = newer_python()
    if newer is None:
        sys.exit(
            "This needs Python 3.11 or newer, and none was found: install one, then try again."
        )
    os.execv(newer, [newer, "-m", "launcher", *sys.argv[1:]])  # noqa: S606

from launcher.command_line import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Finding a Chromium for the browser tests."""

import os
import shutil

from launcher.messages import Refusal, say

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium: the one ``EHC_CHROMIUM`` names, else the machine's; or nothing."""
    given = os.environ.get("EHC_CHROMIUM")
    if given:
        found = shutil.which(given)
        if found is None:
            raise Refusal(f"EHC_CHROMIUM names {given}, which is not a program that can be run.")
        return found
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def environment() -> dict[str, str]:
    """What the browser tests read; says so when they will be skipped.

    With ``EHC_REQUIRE_BROWSER=1`` a missing browser is refused.
    """
    found = find()
    if found is not None:
        return {"EHC_CHROMIUM": found}
    if os.environ.get("EHC_REQUIRE_BROWSER") == "1":
        raise Refusal(
            "No Chromium was found, and EHC_REQUIRE_BROWSER=1 demands one: install it (on Debian: "
            "`apt install chromium`), or name it with EHC_CHROMIUM."
        )
    say("No Chromium was found: the browser tests are skipped. EHC_CHROMIUM can name one.")
    return {}

"""Taking the addresses of package registries out of what installers print.

An organisation's registry may be private, and its address may carry a password.
"""

import re

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\"<>]+", re.IGNORECASE)
_HOST_WORD = re.compile(r"\b(host|hostname)=(['\"]?)[^'\",)\s]+\2", re.IGNORECASE)
_HOST_NAME = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,})(?=:\d+|/)", re.IGNORECASE)


def without_addresses(text: str) -> str:
    """Return ``text`` with URLs and host names replaced."""
    text = _ADDRESS.sub("(address)", text)
    text = _HOST_WORD.sub(r"\1=(host)", text)
    return _HOST_NAME.sub("(host)", text)

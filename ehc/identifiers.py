"""UPN, ULN and postcode: what makes one valid, and how much of one may be shown."""

import re

from stdnum.gb import upn

_UPN = re.compile(r"[A-Z]\d{11}[A-Z0-9]", re.ASCII)
_ULN = re.compile(r"[1-9]\d{9}", re.ASCII)
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}", re.ASCII)


def compact(text: str) -> str:
    """Without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_upn(text: str) -> bool:
    """Whether the form and the check letter are right.

    The authority number in it is not looked up: authorities made since 2019 are on no published
    list of UPN authority numbers, and schools there issue UPNs all the same.
    """
    if not _UPN.fullmatch(text):
        return False
    try:
        return bool(upn.calc_check_digit(text[1:]) == text[0])
    except ValueError:
        return False


def is_uln(text: str) -> bool:
    """Whether the ten digits of a Unique Learner Number check: weights 10 to 1, modulo 11 is 10."""
    if not _ULN.fullmatch(text):
        return False
    return sum(int(d) * w for d, w in zip(text, range(10, 0, -1), strict=True)) % 11 == 10


def postcode(text: str) -> str:
    """The postcode in its usual spacing, or nothing when it has not the form of one."""
    squeezed = compact(text)
    return f"{squeezed[:-3]} {squeezed[-3:]}" if _POSTCODE.fullmatch(squeezed) else ""


def masked(upn_text: str, uln_text: str) -> str:
    """The last four characters, to find a child by in one’s own system."""
    for name, text in (("UPN", compact(upn_text)), ("ULN", compact(uln_text))):
        if len(text) >= 8 and text.isalnum():
            return f"{name} …{text[-4:]}"
    return ""

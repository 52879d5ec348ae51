"""Whom the law has told of a decision beside the family, each by a notice of its own.

A decision whether to assess goes to the responsible commissioning body, to the officers for social
care, and to the head or principal, or the early years provider (regs 5(1), 5(2) with 4(2)); that no
plan is issued goes to the first and the last of them (reg 10(2)). No limit of days is named for
them; they are told with the family.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from ehc.models import Case
from panels.letters.recipients import Addressed, Recipient
from panels.models import Decision, LetterCopy, LetterDetails
from panels.questions import REFUSALS, Outcome, Question

Body = LetterCopy.Body
#: What an authority says of each in its details: the prefix of the fields, and what it is called.
BODIES: Final = {
    "icb": "the integrated care board",
    "social_care": "the officers for social care",
}


def bodies_of(decision: Decision) -> tuple[Body, ...]:
    """Who must be told; without the head where no school, college or provider is recorded."""
    if decision.question == Question.ASSESS:
        told: tuple[Body, ...] = (Body.ICB, Body.SOCIAL_CARE, Body.SETTING)
    elif decision.outcome == Outcome.REFUSE_TO_ISSUE:
        told = (Body.ICB, Body.SETTING)
    else:
        return ()
    return tuple(each for each in told if each != Body.SETTING or decision.case.setting_id)


def lacks_setting(decision: Decision) -> bool:
    """True where a head would be told if one were recorded."""
    asks = decision.question == Question.ASSESS or decision.outcome in REFUSALS
    return asks and decision.case.setting_id is None


def untold_bodies(decision: Decision, copies: Iterable[LetterCopy]) -> list[Body]:
    """Who must be told and has no notice among these copies."""
    told = {copy.body for copy in copies}
    return [each for each in bodies_of(decision) if each not in told]


def body_recipients(decision: Decision, details: LetterDetails | None) -> list[Recipient]:
    """The bodies that must be told, each with the name and address on record."""
    return [_recipient(decision.case, each, details) for each in bodies_of(decision)]


def addressed_to(recipient: Recipient, name: str, address: str) -> Recipient:
    """The same body with the name and address that stand on this notice."""
    names = (name.strip(), *recipient.names[1:]) if name.strip() else recipient.names
    return replace(recipient, names=names, address=address.strip() or recipient.address)


def _recipient(case: Case, body: Body, details: LetterDetails | None) -> Recipient:
    if body == Body.SETTING:
        setting = case.setting
        if setting is None:
            raise AssertionError("Without a setting there is no head to tell.")
        names = ["The head or principal, or early years SENCO", setting.name]
        address, has_email = _last_address(case), bool(setting.email)
    else:
        said = {way: getattr(details, f"{body}_{way}", "") for way in ("name", "address", "email")}
        names, address, has_email = [said["name"]], said["address"], bool(said["email"])
    found = tuple(name for name in names if name)
    return Recipient(0, found, address.strip(), has_email, Addressed.BODY, (), body=body)


def _last_address(case: Case) -> str:
    """Where the last notice to this setting went from this authority; empty for the first."""
    rows = LetterCopy.objects.filter(
        body=Body.SETTING,
        setting=case.setting_id,
        letter__decision__case__authority=case.authority_id,
    ).exclude(address="")
    return rows.order_by("-pk").values_list("address", flat=True).first() or ""


def in_words(bodies: Sequence[Body]) -> list[str]:
    """Bodies as a list of waiting letters names them."""
    return [_CALLED[each] for each in bodies]


_CALLED = {
    Body.ICB: BODIES["icb"],
    Body.SOCIAL_CARE: BODIES["social_care"],
    Body.SETTING: "the head or principal, or the early years provider",
}

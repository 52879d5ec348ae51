"""The minutes of a sitting, drafted from its record: who was there, what was said, what follows.

Children stand in them by the reference of the case; no private note is in them. Until the chair
signs they are worked out anew whenever they are opened; then they are frozen, with a check value.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

from ehc import moments
from ehc.dates import in_words
from ehc.models import User
from panels.models import (
    Booking,
    Conflict,
    Item,
    Minutes,
    PanelAction,
    Presence,
    QuorumSeat,
    Ratification,
    Recommendation,
    Seat,
    Sitting,
)
from panels.questions import TESTS
from panels.quorum import missing_for_quorum

WORDS = "2026-11"


def content_of(sitting: Sitting, remarks: str) -> dict[str, Any]:
    """What the minutes of a sitting say now, fit for JSON; a fixed number of statements."""
    terms = sitting.terms
    least = dict(QuorumSeat.objects.filter(terms=terms).values_list("seat", "least"))
    return {
        "words": WORDS,
        "authority": sitting.panel.authority.name,
        "panel": sitting.panel.name,
        "on": in_words(sitting.on),
        "place": sitting.place,
        "chair": sitting.chair.full_name if sitting.chair else "",
        "opened": _clock(sitting.opened_at),
        "ended": _clock(sitting.ended_at),
        "terms": terms.number,
        "least_present": terms.least_present,
        "quorum": [[Seat(seat).label, wanted] for seat, wanted in sorted(least.items())],
        "standing": list(terms.standing_items),
        **_people(sitting),
        "items": _items(sitting, least),
        "noted": _noted(sitting),
        "remarks": remarks,
        "signed": None,
    }


def signed_content(content: dict[str, Any], by: User, at: Any) -> dict[str, Any]:
    """The minutes with the name of who signs them, and when."""
    local = moments.local(at)
    said = f"{in_words(local.date())} at {local:%H:%M}"
    return {**content, "signed": {"by": by.full_name, "at": said}}


def digest(content: dict[str, Any]) -> str:
    """The check value of minutes: the SHA-256 of what they say."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(minutes: Minutes) -> bool:
    """True when signed minutes still say what was signed."""
    return digest(minutes.content) == minutes.sha256


def without(content: dict[str, Any], hidden: Collection[int]) -> dict[str, Any]:
    """The minutes for a reader from whom the cases with these keys are hidden.

    An item that is hidden leaves its number, so that nobody takes the minutes for whole.
    """

    def shown(row: dict[str, Any]) -> dict[str, Any]:
        if row["case"] not in hidden:
            return row
        return {"case": row["case"], "position": row.get("position", 0), "hidden": True}

    return {
        **content,
        "items": [shown(row) for row in content["items"]],
        "noted": [shown(row) for row in content["noted"]],
    }


def _clock(at: Any) -> str:
    return f"{moments.local(at):%H:%M}" if at is not None else ""


def _people(sitting: Sitting) -> dict[str, Any]:
    """Who was in the room from when to when, and who was asked and did not come."""
    times: dict[int, list[str]] = {}
    for presence in Presence.objects.filter(booking__sitting=sitting).order_by("came_at"):
        until = _clock(presence.left_at)
        said = (
            f"{_clock(presence.came_at)} to {until}"
            if until
            else f"from {_clock(presence.came_at)}"
        )
        times.setdefault(presence.booking_id, []).append(said)
    rows = Booking.objects.filter(sitting=sitting, released_at__isnull=True)
    present, absent = [], []
    for row in rows.select_related("member__user", "member__agency").order_by("seat", "pk"):
        who = {
            "name": row.member.user.full_name,
            "seat": row.get_seat_display(),
            "agency": row.member.agency.name if row.member.agency else "",
            "observer": row.member.observer,
        }
        if row.pk in times:
            present.append({**who, "times": times[row.pk]})
        else:
            sent = row.answer == Booking.Answer.DECLINED
            absent.append({**who, "why": "sent apologies" if sent else "did not come"})
    return {"present": present, "absent": absent}


def _items(sitting: Sitting, least: dict[str, int]) -> list[dict[str, Any]]:
    """The agenda in order; what was taken off or moved says so."""
    items = list(
        sitting.items.select_related(
            "case",
            "recommendation",
            "decision__by",
            "decision__delegation",
            "deferral",
            "next_item__sitting",
        )
    )
    keys = [item.pk for item in items]
    shut = _grouped(
        Conflict.objects.filter(item__in=keys).select_related("user").order_by("pk"), "item_id"
    )
    actions = _grouped(
        PanelAction.objects.filter(item__in=keys)
        .select_related("owner", "organisation")
        .order_by("due_on", "pk"),
        "item_id",
    )
    before = _grouped(
        Recommendation.objects.filter(item__in=keys, corrected_by__isnull=False)
        .select_related("corrected_by__by")
        .order_by("pk"),
        "item_id",
    )
    return [
        {
            "case": item.case_id,
            "position": place,
            "reference": item.case.reference,
            "question": item.get_question_display(),
            "test": TESTS[item.question].citation,
            "status": item.get_status_display(),
            "interests": [
                each.user.full_name for each in shut.get(item.pk, ()) if _before(each, item)
            ],
            "recommended": _recommended(item, least, sitting.terms.least_present),
            "corrected": [_corrected(each) for each in before.get(item.pk, ())],
            "decided": _decided(item),
            "deferred": _deferred(item),
            "ended_because": "" if hasattr(item, "deferral") else item.ended_because,
            "actions": [_action(each) for each in actions.get(item.pk, ())],
        }
        for place, item in enumerate(items, start=1)
    ]


def _before(conflict: Conflict, item: Item) -> bool:
    """Whoever declared an interest after an item was heard had taken part in it."""
    return item.heard_at is None or conflict.at <= item.heard_at


def _grouped(rows: Iterable[Any], by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _recommended(item: Item, least: dict[str, int], least_present: int) -> dict[str, Any] | None:
    """What the panel recommended, and who took part in it at that moment."""
    said = item.recommendation
    if said is None:
        return None
    seats = [who["seat"] for who in said.present if not who.get("observer")]
    missing = missing_for_quorum(least, least_present, seats)
    return {
        "outcome": said.get_outcome_display(),
        "at": _clock(item.heard_at),
        "quorate": said.quorate,
        "missing": []
        if said.quorate
        else [Seat(each.seat).label if each.seat else "members" for each in missing],
        "present": [who["name"] for who in said.present],
        "evidence_for": said.evidence_for,
        "evidence_against": said.evidence_against,
        "options": said.options,
        "dissent": said.dissent,
        "reasons": said.reasons,
    }


def _corrected(said: Recommendation) -> dict[str, str]:
    """A recommendation that was written down wrongly, and what was wrong."""
    after = said.corrected_by
    return {
        "was": said.get_outcome_display(),
        "by": after.by.full_name,
        "because": after.corrects_because,
    }


def _decided(item: Item) -> dict[str, str] | None:
    decision = getattr(item, "decision", None)
    if decision is None:
        return None
    return {
        "outcome": decision.get_outcome_display(),
        "on": in_words(decision.on),
        "by": decision.by.full_name,
        "under": decision.delegation.source if decision.delegation else "",
        "departs_because": decision.departs_because,
    }


def _deferred(item: Item) -> dict[str, Any] | None:
    deferral = getattr(item, "deferral", None)
    if deferral is None:
        return None
    to = item.next_item.sitting.on if item.next_item is not None else None
    return {
        "reason": deferral.reason,
        "wanted": list(deferral.wanted),
        "to": in_words(to) if to else "",
        "due": in_words(deferral.legal_due_on) if deferral.legal_due_on else "",
        "days_late": deferral.days_late,
    }


def _action(action: PanelAction) -> dict[str, str]:
    owners = [str(each.name) for each in (action.organisation,) if each is not None]
    owners += [each.full_name for each in (action.owner,) if each is not None]
    return {
        "kind": action.get_kind_display(),
        "what": action.what,
        "owner": ", ".join(owners),
        "due": in_words(action.due_on),
        "shares": ", ".join(
            f"{payer.replace('_', ' ')} £{pounds:,} a year"
            for payer, pounds in action.shares.items()
        ),
    }


def _noted(sitting: Sitting) -> list[dict[str, Any]]:
    """The decisions taken without a sitting of which this one took note."""
    rows = Ratification.objects.filter(sitting=sitting).order_by("pk")
    return [
        {
            "case": row.decision.case_id,
            "reference": row.decision.case.reference,
            "outcome": row.decision.get_outcome_display(),
            "on": in_words(row.decision.on),
            "by": row.decision.taken_by,
            "why": row.decision.get_outside_display(),
            "remark": row.remark,
        }
        for row in rows.select_related("decision__case", "decision__by")
    ]

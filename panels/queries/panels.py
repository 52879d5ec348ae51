"""Panels as their administrator reads them: what stands, what stood before, what is missing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ehc.models import Authority, Membership, Organisation, User
from ehc.permissions import ROLE_ACTIONS, Action
from panels.models import Delegation, Member, Panel, QuorumSeat, Seat, Terms
from panels.queries.sittings import Ahead
from panels.questions import Question


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One panel in the list: its next sitting, and what to do next."""

    panel: Panel
    terms: Terms | None
    next_sitting: Ahead | None
    to_do: list[str]


def panel_rows(panels: QuerySet[Panel], ahead: list[Ahead], today: date) -> list[PanelRow]:
    """The panels that still sit, each with its next sitting; three statements for any number."""
    shown = list(panels.exclude(closed_on__lte=today).select_related("authority"))
    terms: dict[int, Terms] = {}
    coming: set[int] = set()
    for each in Terms.objects.filter(panel__in=shown).order_by("in_force_from"):
        coming.add(each.panel_id)
        if each.in_force_from <= today:
            terms[each.panel_id] = each
    seats: dict[int, set[str]] = defaultdict(set)
    for member in Member.objects.filter(panel__in=shown, observer=False):
        if member.ends_on is None or member.ends_on >= today:
            seats[member.panel_id].add(member.seat)
    wanted: dict[int, list[str]] = defaultdict(list)
    for seat in QuorumSeat.objects.filter(terms__in=terms.values()):
        wanted[seat.terms_id].append(seat.seat)
    next_of: dict[int, Ahead] = {}
    for one in ahead:
        next_of.setdefault(one.sitting.panel_id, one)
    rows = []
    for panel in shown:
        held = terms.get(panel.pk)
        empty = [s for s in wanted[held.pk] if s not in seats[panel.pk]] if held else []
        rows.append(
            PanelRow(
                panel,
                held,
                next_of.get(panel.pk),
                _to_do(panel.pk in coming, bool(seats[panel.pk]), empty, panel.pk in next_of),
            )
        )
    return rows


def _to_do(has_terms: bool, has_members: bool, empty: list[str], has_sittings: bool) -> list[str]:
    if not has_terms:
        return ["Agree its terms of reference"]
    if not has_members:
        return ["Give seats to its members"]
    todo = []
    if empty:
        names = ", ".join(Seat(seat).label.split(":")[0] for seat in sorted(empty))
        todo.append(f"Nobody sits for: {names}. Without them it is never quorate")
    if not has_sittings:
        todo.append("Schedule its sittings")
    return todo


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the terms, with what it changed and until when it was in force."""

    terms: Terms
    quorum: list[tuple[str, int]]
    changes: list[str]
    #: `current`, `coming` or `earlier`.
    standing: str


def versions_of(panel: Panel, today: date) -> list[Version]:
    """Every version of the terms, newest first."""
    rows = list(
        Terms.objects.filter(panel=panel)
        .select_related("made_by")
        .prefetch_related("quorum")
        .order_by("number")
    )
    current = next((t.pk for t in reversed(rows) if t.in_force_from <= today), None)
    found = []
    for n, terms in enumerate(rows):
        standing = "coming" if terms.in_force_from > today else "earlier"
        before = rows[n - 1] if n else None
        found.append(
            Version(
                terms,
                [(Seat(q.seat).label, q.least) for q in _by_seat(terms)],
                _changes(before, terms) if before else [],
                "current" if terms.pk == current else standing,
            )
        )
    return found[::-1]


def _by_seat(terms: Terms) -> list[QuorumSeat]:
    order = list(Seat.values)
    return sorted(terms.quorum.all(), key=lambda q: order.index(q.seat))


def in_words(terms: Terms) -> list[tuple[str, str]]:
    """The rules of a version, each with its value in words; for reading and for comparing."""
    quorum = [f"{q.least} from {Seat(q.seat).label}" for q in _by_seat(terms)]
    quorum.append(f"at least {terms.least_present} in all")
    return [
        ("What it is for", terms.purpose),
        ("What it is asked", _questions(terms.questions)),
        ("What its chair may decide at the sitting", _questions(terms.decides)),
        ("Quorum", "\n".join(quorum)),
        ("How often it sits", terms.get_frequency_display()),
        ("Papers go out", f"{terms.paper_days} working days before"),
        ("Standing items", "\n".join(terms.standing_items) or "None"),
        ("Agreed by", terms.agreed_by),
    ]


def _questions(codes: list[str]) -> str:
    return "\n".join(Question(code).label for code in codes) or "Nothing: it only recommends"


def _changes(before: Terms, after: Terms) -> list[str]:
    """What a version changed, a sentence for each rule."""
    pairs = zip(in_words(before), in_words(after), strict=True)
    return [
        f"{rule}: was “{_flat(old)}”, is “{_flat(new)}”"
        for (rule, old), (_, new) in pairs
        if old != new
    ]


def _flat(text: str) -> str:
    return ", ".join(text.splitlines())


def members_of(panel: Panel, today: date) -> tuple[list[Member], list[Member]]:
    """Those who sit or will sit, and those whose term has ended; by seat, then by name."""
    order = list(Seat.values)
    rows = sorted(
        Member.objects.filter(panel=panel).select_related("user", "agency"),
        key=lambda m: (order.index(m.seat), m.user.full_name, m.pk),
    )
    ended = [m for m in rows if m.ends_on is not None and m.ends_on < today]
    return [m for m in rows if m not in ended], ended


def people_for(authority: Authority, actions: set[Action], today: date) -> list[User]:
    """Who holds a role with one of these rights in an authority today, by name."""
    roles = [role for role, may in ROLE_ACTIONS.items() if may & actions]
    held = Membership.objects.filter(authority=authority, role__in=roles, starts_on__lte=today)
    held = held.exclude(ends_on__lt=today)
    found = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(found.order_by("full_name", "pk"))


def agencies_of(authority: Authority) -> list[Organisation]:
    """The bodies that members come from: services and settings, never somebody invited once."""
    rows = Organisation.objects.filter(closed_on__isnull=True).exclude(
        kind=Organisation.Kind.INDEPENDENT
    )
    return list(rows.filter(authority=authority) | rows.filter(authority__isnull=True))


@dataclass(frozen=True, slots=True)
class Held:
    """One delegation, with the questions in words."""

    delegation: Delegation
    questions: list[str]
    has_ended: bool


def scheme_of(authorities: set[int], today: date) -> list[Held]:
    """Every delegation of these authorities, what holds first, then what has ended."""
    rows = Delegation.objects.filter(authority__in=authorities).select_related(
        "officer", "made_by", "authority"
    )
    found = [
        Held(
            row,
            [Question(code).label for code in row.questions],
            row.ends_on is not None and row.ends_on < today,
        )
        for row in rows
    ]
    return sorted(
        found, key=lambda h: (h.has_ended, h.delegation.officer.full_name, h.delegation.pk)
    )

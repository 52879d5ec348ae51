"""Who may do what (`can`) and who may see what (`visible_to`).

Two questions, answered in one place: the table of roles and actions below, and the SQL that every
list starts from.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, Q, QuerySet

from ehc import statements
from ehc.models import Authority, Case, CaseParty, Membership, Organisation, Role, User


class Action(StrEnum):
    """Everything a person can be allowed to do; each command and each page names one."""

    VIEW_WORKLIST = "view_worklist"
    VIEW_CASE = "view_case"
    REGISTER_REQUEST = "register_request"
    DECIDE_TO_ASSESS = "decide_to_assess"
    REQUEST_ADVICE = "request_advice"
    RECORD_ADVICE = "record_advice"
    REFER_TO_PANEL = "refer_to_panel"
    DECIDE_TO_ISSUE = "decide_to_issue"
    DRAFT_PLAN = "draft_plan"
    SEND_FINAL_PLAN = "send_final_plan"
    RECORD_DISPUTE = "record_dispute"
    REVIEW_PLAN = "review_plan"
    END_CASE = "end_case"
    CLAIM_EXEMPTION = "claim_exemption"
    CORRECT_FACT = "correct_fact"
    RECORD_CONTACT = "record_contact"
    ADD_DOCUMENT = "add_document"
    CLAIM_WORK = "claim_work"
    ASSIGN_CASE = "assign_case"
    RESTRICT_CASE = "restrict_case"
    EXPORT = "export"
    MANAGE_USERS = "manage_users"
    GIVE_ADVICE = "give_advice"
    GIVE_VIEWS = "give_views"
    LEAD_SERVICE = "lead_service"
    CHASE_ADVICE = "chase_advice"
    CHECK_ADVICE = "check_advice"
    INVITE_ADVISER = "invite_adviser"
    SIGN_OFF_HEALTH = "sign_off_health"
    SIGN_OFF_SOCIAL_CARE = "sign_off_social_care"
    SIGN_OFF_PSYCHOLOGY = "sign_off_psychology"
    OVERRIDE_SIGN_OFF = "override_sign_off"
    ATTRIBUTE_DELAY = "attribute_delay"
    CHANGE_LADDER = "change_ladder"
    MANAGE_PANELS = "manage_panels"
    ATTEND_PANELS = "attend_panels"
    CHAIR_PANELS = "chair_panels"
    RECORD_DELEGATION = "record_delegation"
    VIEW_PANEL_FIGURES = "view_panel_figures"


_READ = frozenset({Action.VIEW_WORKLIST, Action.VIEW_CASE})
_CASEWORK = _READ | {
    Action.REGISTER_REQUEST,
    Action.DECIDE_TO_ASSESS,
    Action.REQUEST_ADVICE,
    Action.RECORD_ADVICE,
    Action.REFER_TO_PANEL,
    Action.DECIDE_TO_ISSUE,
    Action.DRAFT_PLAN,
    Action.SEND_FINAL_PLAN,
    Action.RECORD_DISPUTE,
    Action.REVIEW_PLAN,
    Action.END_CASE,
    Action.CLAIM_EXEMPTION,
    Action.CORRECT_FACT,
    Action.RECORD_CONTACT,
    Action.ADD_DOCUMENT,
    Action.CLAIM_WORK,
    Action.EXPORT,
    Action.CHASE_ADVICE,
    Action.CHECK_ADVICE,
    Action.INVITE_ADVISER,
}
_SIGN_OFF = _READ | {Action.RECORD_CONTACT, Action.ADD_DOCUMENT}
#: A service has the inbox of what it is asked, and no list of cases beside it.
_ADVISER = (_READ - {Action.VIEW_WORKLIST}) | {
    Action.RECORD_ADVICE,
    Action.ADD_DOCUMENT,
    Action.GIVE_ADVICE,
}

#: Role x action. A role that is not here may do nothing; an action not named here is nobody’s.
ROLE_ACTIONS: dict[str, frozenset[Action]] = {
    Role.CASEWORKER: _CASEWORK,
    Role.MANAGER: _CASEWORK
    | {
        Action.ASSIGN_CASE,
        Action.RESTRICT_CASE,
        Action.OVERRIDE_SIGN_OFF,
        Action.ATTRIBUTE_DELAY,
        Action.CHANGE_LADDER,
        Action.MANAGE_PANELS,
        Action.ATTEND_PANELS,
        Action.CHAIR_PANELS,
        Action.RECORD_DELEGATION,
        Action.VIEW_PANEL_FIGURES,
    },
    Role.PANEL_CHAIR: _READ
    | {
        Action.DECIDE_TO_ASSESS,
        Action.DECIDE_TO_ISSUE,
        Action.RECORD_CONTACT,
        Action.ATTEND_PANELS,
        Action.CHAIR_PANELS,
        Action.VIEW_PANEL_FIGURES,
    },
    Role.PANEL_ADMINISTRATOR: _READ
    | {
        Action.REFER_TO_PANEL,
        Action.RECORD_CONTACT,
        Action.ADD_DOCUMENT,
        Action.MANAGE_PANELS,
        Action.VIEW_PANEL_FIGURES,
    },
    # What a member may see are the papers of the sittings they are booked for, and nothing else.
    Role.PANEL_MEMBER: frozenset({Action.ATTEND_PANELS}),
    Role.ADVISER: _ADVISER,
    Role.SERVICE_LEAD: _ADVISER | {Action.LEAD_SERVICE},
    Role.HEALTH_SIGN_OFF: _SIGN_OFF | {Action.SIGN_OFF_HEALTH},
    Role.SOCIAL_CARE_SIGN_OFF: _SIGN_OFF | {Action.SIGN_OFF_SOCIAL_CARE},
    Role.PSYCHOLOGY_SIGN_OFF: _SIGN_OFF | {Action.SIGN_OFF_PSYCHOLOGY},
    Role.AUDITOR: _READ | {Action.EXPORT, Action.VIEW_PANEL_FIGURES},
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_USERS}),
}

#: What a representative may do on the case that names them as family. No role gives it.
FAMILY_ACTIONS = frozenset({Action.GIVE_VIEWS})

#: What somebody does who was invited to one case: answer the one request. Nothing of the case
#: around it is theirs to see.
INVITED_ACTIONS = frozenset({Action.GIVE_ADVICE})

#: Roles that act for an organisation and see only the cases on which it is named.
_OF_ORGANISATION = frozenset({Role.ADVISER, Role.SERVICE_LEAD})
#: Roles that see the authority’s cases (restricted ones only when named).
ROLES_OF_AUTHORITY = frozenset(
    role
    for role, actions in ROLE_ACTIONS.items()
    if Action.VIEW_CASE in actions and role not in _OF_ORGANISATION
)


class NotAllowed(Exception):
    """The person may not do this; the message says so in one sentence."""


class _Standing(NamedTuple):
    """What a person’s rights rest on, on a day."""

    day: date
    memberships: list[Membership]
    #: The restricted cases that name the person, and those of their own family: few or none.
    named_on: list[int]
    family_of: list[int]
    #: Those of their own family, also after their part in it has ended: nobody works on these.
    kin_of: list[int]


def memberships(user: User | AnonymousUser, today: date) -> list[Membership]:
    """The roles the user holds today (dates inclusive); read once for each user object.

    A user object lives as long as one request, so a leaver loses access with the next request.
    """
    return _standing(user, today).memberships


def _standing(user: User | AnonymousUser, today: date) -> _Standing:
    if not isinstance(user, User) or not user.is_active:
        return _Standing(today, [], [], [], [])
    known: _Standing | None = getattr(user, "_known_standing", None)
    if known is None or known.day != today:
        known = user._known_standing = _read_standing(user, today)  # type: ignore[attr-defined]
    return known


def _read_standing(user: User, today: date) -> _Standing:
    """The memberships that hold today, each with its authority or organisation; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_standing_statement(), [today, today, user.pk, user.pk])
        rows = cursor.fetchall()
    held: list[Membership] = []
    named_on: list[int] = []
    family_of: list[int] = []
    kin_of: list[int] = []
    for row in rows:
        membership, authority, organisation = statements.from_row(
            row, Membership, Authority, Organisation
        )
        named_on, family_of, kin_of = (cases or [] for cases in row[-3:])
        if membership is None:
            continue
        membership.authority, membership.organisation = authority, organisation
        if membership.holds_on(today):
            held.append(membership)
    return _Standing(today, held, named_on, family_of, kin_of)


@cache
def _standing_statement() -> str:
    columns = ", ".join(
        statements.columns(model, alias)
        for model, alias in ((Membership, "m"), (Authority, "a"), (Organisation, "o"))
    )
    return (
        f"SELECT {columns}, n.named, n.family, n.kin FROM ("  # noqa: S608
        "SELECT array_agg(case_id) FILTER (WHERE holds AND capacity <> 'family') AS named, "
        "array_agg(case_id) FILTER (WHERE holds AND capacity = 'family') AS family, "
        # One that was ended on its first day was opened by mistake.
        "array_agg(case_id) FILTER (WHERE capacity = 'family' "
        "AND (until IS NULL OR until > starts_on)) AS kin FROM (SELECT *, "
        "starts_on <= %s AND (until IS NULL OR until > %s) AS holds "
        "FROM ehc_caseparty WHERE user_id = %s) p) n "
        "LEFT JOIN ehc_membership m ON m.user_id = %s "
        "LEFT JOIN ehc_authority a ON a.id = m.authority_id "
        "LEFT JOIN ehc_organisation o ON o.id = m.organisation_id"
    )


def actions_of(user: User | AnonymousUser, today: date) -> frozenset[Action]:
    """Everything the user may do somewhere; for navigation, never for a decision about a case."""
    return actions_in(memberships(user, today))


def authorities_for(user: User | AnonymousUser, action: Action, today: date) -> set[int]:
    """The ids of the authorities in which the user may do this."""
    return {
        m.authority_id
        for m in memberships(user, today)
        if m.authority_id is not None and action in ROLE_ACTIONS.get(m.role, ())
    }


def is_of_authority(user: User | AnonymousUser, case: Case, today: date) -> bool:
    """True for those who see the case as staff of its authority.

    False for those who see it for a service only; somebody may be both, and not be named on a
    restricted case as staff.
    """
    return bool(staff_roles_on(user, case, today))


def gives_advice_for(
    user: User | AnonymousUser, organisation: Organisation, case: Case, today: date
) -> bool:
    """True when the user may record this organisation’s advice: its own people, or the authority’s.

    Somebody of one service never answers for another.
    """
    return any(
        Action.RECORD_ADVICE in ROLE_ACTIONS[m.role]
        for m in (*staff_roles_on(user, case, today), *_as_adviser(user, today))
        if m.role in ROLES_OF_AUTHORITY or m.organisation_id == organisation.pk
    )


def can(user: User | AnonymousUser, action: Action, case: Case, today: date) -> bool:
    """True when the user may do this on this case today."""
    return action in actions_on(user, case, today)


def actions_on(user: User | AnonymousUser, case: Case, today: date) -> frozenset[Action]:
    """Everything the user may do on this case today; no statement for most staff, two at most."""
    return actions_in(acting_on(user, case, today)) | _as_family(user, case, today)


def _as_family(user: User | AnonymousUser, case: Case, today: date) -> frozenset[Action]:
    """What the user may do as the child’s parent or as the young person; nothing for others."""
    if not isinstance(user, User) or case.pk not in _standing(user, today).family_of:
        return frozenset()
    return FAMILY_ACTIONS


def family_cases(user: User | AnonymousUser, today: date) -> QuerySet[Case]:
    """The cases on which the user is named as the child’s parent or as the young person."""
    return Case.objects.filter(pk__in=follows(user, today))


def follows(user: User | AnonymousUser, today: date) -> list[int]:
    """The ids of those cases; for most people none, and read with the rights."""
    return _standing(user, today).family_of


def actions_in(acting: Iterable[Membership]) -> frozenset[Action]:
    """Everything these roles allow together."""
    return frozenset().union(
        *(INVITED_ACTIONS if is_invited(m) else ROLE_ACTIONS[m.role] for m in acting)
    )


def is_invited(role: Membership) -> bool:
    """True for the role of an independent professional, which is for one request only."""
    body = role.organisation
    return body is not None and body.kind == Organisation.Kind.INDEPENDENT


def acting_on(user: User | AnonymousUser, case: Case, today: date) -> list[Membership]:
    """The roles in which the user meets this case: as staff, or for a service that was asked."""
    acting = staff_roles_on(user, case, today)
    advisers = _as_adviser(user, today)
    if advisers and not is_kin(user, case, today):
        asked = _named(Q(organisation__in=[m.organisation_id for m in advisers]), case, today)
        acting += [m for m in advisers if m.organisation_id in asked]
    return acting


def is_kin(user: User | AnonymousUser, case: Case, today: date) -> bool:
    """True for the case of somebody’s own family, also after their part in it has ended."""
    return case.pk in _standing(user, today).kin_of


def own_family_cases(user: User | AnonymousUser, today: date) -> list[int]:
    """The ids of the cases that `is_kin` is true for; few or none, and read with the rights."""
    return _standing(user, today).kin_of if isinstance(user, User) else []


def family_of(case: Case) -> set[int]:
    """The ids of the accounts for which `is_kin` is true on this case; one statement."""
    named = CaseParty.objects.filter(
        Q(until__isnull=True) | Q(until__gt=F("starts_on")),
        case=case,
        capacity=CaseParty.Capacity.FAMILY,
        user__isnull=False,
    )
    return {user for user in named.values_list("user", flat=True) if user is not None}


def staff_roles_on(user: User | AnonymousUser, case: Case, today: date) -> list[Membership]:
    """The roles in which the user sees the case as staff; none on a restricted one of others.

    Nobody works on the case of their own family, nor after their part in it has ended.
    """
    held = memberships(user, today)
    if held and is_kin(user, case, today):
        return []
    staff = [
        m for m in held if m.authority_id == case.authority_id and m.role in ROLES_OF_AUTHORITY
    ]
    if not staff or not case.restricted or case.owner_id == user.pk:
        return staff
    return staff if _is_named(user, case, today) else []


def _is_named(user: User | AnonymousUser, case: Case, today: date) -> bool:
    """Whether a restricted case names the user today; each part of its page asks, one time reads.

    Kept on the case object, which lives as long as one request or one transaction.
    """
    known: dict[tuple[int | None, date], bool] = case.__dict__.setdefault("_known_named", {})
    key = (user.pk, today)
    if key not in known:
        known[key] = bool(_named(Q(user=user.pk), case, today))
    return known[key]


def _as_adviser(user: User | AnonymousUser, today: date) -> list[Membership]:
    """The roles in which the user speaks for a service, whether it was asked or not."""
    return [m for m in memberships(user, today) if m.role in _OF_ORGANISATION and not is_invited(m)]


def _in_force(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))


def _named(who: Q, case: Case, today: date) -> set[int | None]:
    """The organisations (None for a person) among these that are named on the case today."""
    named = CaseParty.objects.filter(_in_force(today), who, case=case)
    return set(named.values_list("organisation_id", flat=True))


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Case]:
    """The cases the user may see today. Every list a person sees starts here.

    Staff see their authority’s cases, restricted ones only when they hold them or are named;
    advisers see the cases on which their organisation is named. Nobody else sees anything, and
    whoever was invited to one request sees that request and not the case.
    """
    held = memberships(user, today)
    authorities = {m.authority_id for m in held if m.role in ROLES_OF_AUTHORITY}
    organisations = {m.organisation_id for m in _as_adviser(user, today)}
    may_see = Q(pk__in=())
    if authorities:
        open_to_them = Q(restricted=False) | Q(owner=user.pk)
        if named := _standing(user, today).named_on:
            open_to_them |= Q(pk__in=named)
        may_see = Q(authority__in=authorities) & open_to_them
    if organisations:
        asked = CaseParty.objects.filter(_in_force(today), organisation__in=organisations)
        may_see |= Q(pk__in=asked.values("case"))
    if held and (own := _standing(user, today).kin_of):
        may_see &= ~Q(pk__in=own)
    return Case.objects.filter(may_see)

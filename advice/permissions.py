"""Who may do what with one request for advice: the core’s rights, narrowed to its own people.

The core says what a role may do on a case. A request belongs to one body, so of those who act for a
body only that body’s people may write, and only whoever answers for its element may sign it off.
"""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from advice.models import AdviceRequest, ExistingAdvice
from advice.models.checking import Element
from advice.models.request import OWN_FORMS, Head
from ehc.models import Membership, Organisation, User
from ehc.permissions import (
    Action,
    actions_in,
    actions_on,
    is_kin,
    memberships,
    staff_roles_on,
)

#: Who signs off the advice of a discipline.
ELEMENT_OF: dict[str, Element] = {
    Organisation.Discipline.MEDICAL: Element.HEALTH,
    Organisation.Discipline.SOCIAL_CARE: Element.SOCIAL_CARE,
    Organisation.Discipline.PSYCHOLOGY: Element.PSYCHOLOGY,
}
#: The same where only the head of reg 6(1) is known.
_ELEMENT_OF_HEAD: dict[str, Element] = {
    Head.MEDICAL: Element.HEALTH,
    Head.SOCIAL_CARE: Element.SOCIAL_CARE,
    Head.PSYCHOLOGY: Element.PSYCHOLOGY,
}
ACTION_FOR = {
    Element.AUTHORITY: Action.CHECK_ADVICE,
    Element.HEALTH: Action.SIGN_OFF_HEALTH,
    Element.SOCIAL_CARE: Action.SIGN_OFF_SOCIAL_CARE,
    Element.PSYCHOLOGY: Action.SIGN_OFF_PSYCHOLOGY,
}
#: What people of a body do for their own body only.
_OF_BODY = frozenset({Action.GIVE_ADVICE, Action.RECORD_ADVICE, Action.LEAD_SERVICE})


def element_of(request: AdviceRequest) -> Element:
    """Who answers for this advice: health, social care, psychology, or the authority itself."""
    if request.organisation is None:
        return Element.AUTHORITY
    return ELEMENT_OF.get(request.organisation.discipline, Element.AUTHORITY)


def element_of_report(existing: ExistingAdvice) -> Element:
    """Who would answer for the advice that an existing report stands for."""
    if existing.organisation is not None:
        return ELEMENT_OF.get(existing.organisation.discipline, Element.AUTHORITY)
    return _ELEMENT_OF_HEAD.get(existing.head, Element.AUTHORITY)


def of_body(user: User | AnonymousUser, request: AdviceRequest, today: date) -> list[Membership]:
    """The roles that the user holds today in the body that is asked; none for their own family."""
    if is_kin(user, request.case, today):
        return []
    return [
        m
        for m in memberships(user, today)
        if m.organisation_id is not None and m.organisation_id == request.organisation_id
    ]


def actions_on_request(
    user: User | AnonymousUser, request: AdviceRequest, today: date
) -> frozenset[Action]:
    """Everything the user may do with this request today.

    Staff of the authority by their roles (on a restricted case only when they see it), people of
    the body that is asked by theirs, the family with what the family itself is asked.
    """
    allowed = actions_in(staff_roles_on(user, request.case, today)) - {Action.GIVE_ADVICE}
    allowed |= actions_in(of_body(user, request, today)) & _OF_BODY
    # A form of the family belongs to one account: parents may live apart.
    if request.is_own and request.assigned_to_id in {None, getattr(user, "pk", None)}:
        allowed |= actions_on(user, request.case, today) & {Action.GIVE_VIEWS}
    wrong = {ACTION_FOR[e] for e in Element if e != element_of(request)}
    return allowed - wrong


def may(user: User | AnonymousUser, action: Action, request: AdviceRequest, today: date) -> bool:
    """True when the user may do this with this request today."""
    return action in actions_on_request(user, request, today)


def may_write(user: User, request: AdviceRequest, today: date) -> bool:
    """True for the people of the body that is asked.

    What the family is asked may be written by the family, and by the authority for it. The draft
    of a service is its own until it is given.
    """
    writers = {Action.GIVE_ADVICE}
    if request.form in OWN_FORMS:
        writers |= {Action.GIVE_VIEWS, Action.RECORD_ADVICE}
    return not actions_on_request(user, request, today).isdisjoint(writers)


def may_enter(user: User | AnonymousUser, request: AdviceRequest, today: date) -> bool:
    """True for staff who may record advice: they enter what a body has sent on paper or by email.

    What a family says is written down on its own form.
    """
    allowed = actions_in(staff_roles_on(user, request.case, today))
    return Action.RECORD_ADVICE in allowed and not request.is_own


def adds_for_authority(user: User, request: AdviceRequest, today: date) -> bool:
    """True when the reports this person adds are the authority’s: nobody sees those of a body.

    Whoever works for both writes for the body while it is asked.
    """
    for_body = request.is_awaited and may_write(user, request, today)
    return may_enter(user, request, today) and not for_body


def may_see(user: User | AnonymousUser, request: AdviceRequest, today: date) -> bool:
    """True when the user may open the request: they can do something with it, or read the case."""
    return bool(actions_on_request(user, request, today))

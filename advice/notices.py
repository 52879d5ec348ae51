"""The notices of advice. None says anything about a child: a mailbox is not a safe place."""

from advice import invitations
from advice.models import AdviceRequest
from ehc.registry import Notice, NoticeKind, notice_kinds


def to_writer(kind: str, request: AdviceRequest) -> Notice:
    """A notice about a request to whoever writes the advice: the person it is assigned to.

    While nobody is, the service’s mailbox, or its leads when it has none. A request to the family
    itself belongs to no service: the notice about it goes to whoever holds the case.
    """
    if request.assigned_to is not None:
        return Notice(kind, case=request.case, user=request.assigned_to)
    return Notice(kind, case=request.case, organisation=request.organisation)


notice_kinds(
    NoticeKind(
        "advice_due_soon",
        "Your advice is due soon, reference {reference}",
        "The advice that is asked of you for reference {reference} is due soon. Your list shows "
        "the date. If it will be late, please say so there: then nobody needs to ring you.",
        "/advice/",
    ),
    NoticeKind(
        "advice_due_today",
        "Your advice is due, reference {reference}",
        "The law’s six weeks for your advice for reference {reference} end today or have just "
        "ended (regulation 8 of the SEND Regulations 2014).",
        "/advice/",
    ),
    NoticeKind(
        "advice_overdue",
        "Your advice is overdue, reference {reference}",
        "The advice that is asked of you for reference {reference} is overdue, and the plan waits "
        "for it. Please give it, or say when it will come.",
        "/advice/",
    ),
    NoticeKind(
        "advice_still_to_mend",
        "Advice that was sent back is still awaited, reference {reference}",
        "The advice for reference {reference} was sent back with reasons, and has not come again. "
        "Please mend it and give it again.",
        "/advice/",
    ),
    NoticeKind(
        "advice_late_in_service",
        "Your service’s advice is awaited, reference {reference}",
        "The advice of your service for reference {reference} has not come, although those who "
        "write it were reminded. Please see to it that it is given, or that the authority learns "
        "when it will come. Those who answer requests for your service find it in their list.",
        "/advice/",
    ),
    NoticeKind(
        "advice_chased_many",
        "{count} requests for advice need your attention",
        "{count} requests for advice are due soon, due today, overdue, or were sent back and are "
        "still to be mended. Your list shows each with its date. If some will be late, please say "
        "so there: then nobody needs to ring you.",
        "/advice/",
    ),
    NoticeKind(
        "advice_returned",
        "Advice was sent back, reference {reference}",
        "The advice that your service gave for reference {reference} was sent back, with reasons. "
        "Please mend it and give it again.",
        "/advice/",
    ),
    NoticeKind(
        "advice_declined",
        "A service says it was wrongly asked, reference {reference}",
        "A service that was asked for advice for reference {reference} says that it is not the "
        "right one, and its request has ended. Somebody else may have to be asked: the case shows "
        "its reason, and whom it names instead.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "advice_assigned",
        "A request for advice was given to you, reference {reference}",
        "A request for advice, reference {reference}, is now yours to answer.",
        "/advice/",
    ),
    NoticeKind(
        "advice_receipt",
        "Your advice was received, reference {reference}",
        "Your advice for reference {reference} was received. Sign in to see the receipt: what was "
        "received, and when.",
        "/advice/?tab=given",
    ),
    NoticeKind(
        "account_opened",
        "An account was opened for you",
        "A service that gives advice on education, health and care needs has opened an account for "
        "this email address. Open the page below, enter this address, and you are sent a link by "
        "which you set your password. If your organisation signs you in, you need no password.",
        "/accounts/password/reset/",
    ),
    NoticeKind(
        "service_joined",
        "You now work for another service",
        "Your account was added to a service that gives advice. You sign in as before and find its "
        "requests beside your own.",
        "/advice/",
    ),
    NoticeKind(
        "cover_service",
        "You cover for a colleague",
        "You were asked to cover the absence of a colleague in your service. From the first day of "
        "the cover you find their requests for advice beside your own.",
        "/advice/",
    ),
    NoticeKind(
        "cover_sign_off",
        "You sign off for a colleague",
        "You were asked to sign off advice while a colleague is away. From the first day of the "
        "cover you find it in your queue.",
        "/advice/checking/",
    ),
    NoticeKind(
        "family_account_opened",
        "You can now follow your request online, reference {reference}",
        "You can now see online what happens with your request, reference {reference}, and tell us "
        "what you think.\n\nFirst choose a password: open the page below, type this email address, "
        "and follow the link that we then send you.",
        "/accounts/password/reset/",
    ),
    NoticeKind(
        "family_account_added",
        "You can now follow a request online, reference {reference}",
        "You can now see online what happens with the request with reference {reference}, and tell "
        "us what you think. Sign in with the email address and password that you have.",
        "/advice/family/",
    ),
    NoticeKind(
        "family_wish_answered",
        "We have answered you, reference {reference}",
        "You told us who else should be asked for advice. We have answered.",
        "/advice/family/{reference}/",
    ),
    NoticeKind(
        "family_wrote",
        "The family has written to you, reference {reference}",
        "The family gave its advice or views, or wants somebody to be asked, on the case with "
        "reference {reference}.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "adviser_invited",
        "You are asked for your professional advice, reference {reference}",
        "A council asks for your advice for a child’s education, health and care needs "
        "assessment, reference {reference}. The page below is for you alone: there you set a "
        "password, or sign in if you have an account with this address. It works once. Please do "
        "not forward this message.",
        "/advice/",
        invitations.path_for,
    ),
    NoticeKind(
        "invitation_ended",
        "An invitation ended without advice, reference {reference}",
        "The access of an independent professional has ended on case {reference}, and no advice "
        "was given. You can let it last longer, or ask somebody else.",
        "/cases/{reference}/",
    ),
)

"""The notices of advice. None says anything about a child: a mailbox is not a safe place."""

from ehc.registry import NoticeKind, notice_kinds

notice_kinds(
    NoticeKind(
        "advice_returned",
        "Advice was sent back, reference {reference}",
        "The advice that your service gave for reference {reference} was sent back, with reasons. "
        "Please mend it and give it again.",
        "/advice/",
    ),
    NoticeKind(
        "advice_assigned",
        "A request for advice was given to you, reference {reference}",
        "A request for advice, reference {reference}, is now yours to answer.",
        "/advice/",
    ),
)

"""The notices about papers. None says anything about a child: a mailbox is not a safe place."""

from ehc.registry import NoticeKind, notice_kinds

_MINE = "/panels/mine/"

notice_kinds(
    NoticeKind(
        "panel_paper_late",
        "A paper was added for a panel",
        "A paper was added for a sitting that you are asked to come to, after the others had gone "
        "out. It is marked as late. You find it in your list.",
        _MINE,
    ),
    NoticeKind(
        "panel_paper_doubt",
        "A paper for a panel must be looked at, reference {reference}",
        "A paper of the case with reference {reference} is before a panel, and was compared with "
        "the child only now. It may be about somebody else, so the members do not see it until "
        "somebody has looked at it. The page of the case leads to its papers.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_paper_recalled",
        "A paper of a panel is taken back",
        "A paper of a sitting that you are asked to come to was taken back, and you had opened it. "
        "Please delete every copy that you have, and destroy what you have printed. If you passed "
        "it on to anybody, tell the panel’s administrator. Do not talk about what stood in it.",
        _MINE,
    ),
)

"""Who may open which page of panels and take which step: written by hand, as the matrix tries it.

A slip in the code is so not copied into its test.
"""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from ehc.models import User
from panels.commands import deciding, defining, letters, referring, scheduling
from panels.commands.actions import finish_action
from panels.commands.cancelling import cancel_sitting
from panels.commands.hearing_decides import recommend_and_decide
from panels.commands.hearing_drafts import save_draft
from panels.commands.notes import write_note
from panels.commands.ratifying import take_note
from tests.panels.cast import Cast
from tests.panels.chairing import SITS

#: Who defines panels and arranges sittings here.
MANAGES = {"administrator", "manager"}
STAFF = {"caseworker", "colleague", "manager"}
#: Who may take the chair of this sitting.
CHAIRS = {"chair"}
#: Who reads the papers of the item: members who come, and nothing shuts out of it.
READS = {"member", "named", "observer", "chair"}
#: Who is a member of this sitting at all.
COMES = READS | {"shut out", "kin"}
#: Who has a role in which panels are attended, anywhere.
ATTENDS = COMES | {
    "released", "declined", "seat ended", "elsewhen", "manager", "chair of others",
    "manager elsewhere", "chair elsewhere", "member elsewhere",
}  # fmt: skip
#: Who reads every case of the authority.
READERS = STAFF | {"chair", "chair of others", "administrator", "auditor", "dco"}
#: Who prepares what a panel sees of a case.
PREPARES = STAFF | {"administrator"}
#: Who reads the figures of panels, each of their own authority.
FIGURES = {
    "manager", "chair", "chair of others", "administrator", "auditor",
    "manager elsewhere", "chair elsewhere", "administrator elsewhere",
}  # fmt: skip
#: Who has any role today.
HAS_A_ROLE = (
    READERS
    | (ATTENDS - {"seat ended"})
    | {"seat ended", "it administrator", "adviser", "caseworker elsewhere"}
    | {"administrator elsewhere"}
)
#: Who may open a page about this sitting and its item.
PAGES: dict[str, set[str]] = {
    "panels_home": MANAGES | {"manager elsewhere", "administrator elsewhere"},
    "panels_mine": ATTENDS,
    "panels_answer_all": ATTENDS,
    "panels_answer": COMES | {"declined"},
    "panels_agenda": COMES,
    "panels_agenda_item": READS,
    "panels_agenda_paper": READS,
    "panels_agenda_note": READS,
    "panels_agenda_interest": READS,
    "panels_define": MANAGES | {"manager elsewhere", "administrator elsewhere"},
    "panels_panel": MANAGES,
    "panels_close": MANAGES,
    "panels_terms": MANAGES,
    "panels_version": MANAGES,
    "panels_seat": MANAGES,
    "panels_end_seat": MANAGES,
    "panels_schedule": MANAGES,
    "panels_arrange": MANAGES,
    "panels_sitting": MANAGES,
    "panels_pack": READS | MANAGES,
    "panels_papers": MANAGES,
    "panels_compare": MANAGES,
    "panels_refer": PREPARES,
    "panels_item": PREPARES,
    "panels_item_paper": PREPARES,
    "panels_clear_paper": PREPARES,
    "panels_recall": PREPARES,
    "panels_take_off": {"administrator", "manager"},
    "panels_change": MANAGES,
    "panels_cancel": MANAGES,
    "panels_book": MANAGES,
    "panels_turn": MANAGES,
    "panels_release": MANAGES,
    "panels_delegation": {"manager", "manager elsewhere"},
    "panels_delegate": {"manager"},
    "panels_end_delegation": {"manager"},
    "panels_decisions": STAFF
    | {"chair", "chair of others", "manager elsewhere", "caseworker elsewhere", "chair elsewhere"},
    "panels_no_sitting": PREPARES
    | {"chair", "chair of others", "manager elsewhere", "caseworker elsewhere"}
    | {"chair elsewhere", "administrator elsewhere"},
    "panels_decision": READERS,
    "panels_decide": {"manager"},
    "panels_decide_outside": READERS,  # what is decided, and for whom it is to decide, the form
    "panels_actions": HAS_A_ROLE,
    "panels_action_done": PREPARES | {"dco"},
    "panels_outside": CHAIRS,
    "panels_note": CHAIRS,
    "panels_minutes": READS | MANAGES,
    "panels_minutes_remarks": CHAIRS | MANAGES,
    "panels_minutes_sign": CHAIRS,
    "panels_minutes_file": READS | MANAGES,
    "panels_letters": PREPARES
    | {"manager elsewhere", "caseworker elsewhere", "administrator elsewhere"},
    "panels_letter": PREPARES,
    "panels_letter_to": PREPARES,
    "panels_letter_all": PREPARES,
    "panels_notice_to": PREPARES,
    "panels_letter_of": PREPARES,
    "panels_letter_otherwise": PREPARES,
    "panels_letter_details": MANAGES,
    "panels_figures": FIGURES,
    "panels_figures_table": FIGURES,
    "panels_figures_cases": FIGURES,
    "panels_chair": CHAIRS,
    "panels_chair_open": CHAIRS,
    "panels_chair_end": CHAIRS,
    "panels_chair_room": CHAIRS,
    "panels_chair_now": CHAIRS,
    "panels_chair_item": CHAIRS,
    "panels_chair_draft": CHAIRS,
    "panels_chair_defer": CHAIRS,
    "panels_chair_take_off": CHAIRS,
    "panels_chair_correct": CHAIRS,
    "panels_chair_action": CHAIRS,
    "panels_chair_interest": CHAIRS,
}
#: Who reads minutes once they are signed, when everybody who was ever booked was in the room:
#: kin and whoever has an interest without the item.
READS_SIGNED = COMES | {"declined"} | MANAGES
#: Pages about the one case, and who is left on them when it is restricted.
ON_RESTRICTED: dict[str, set[str]] = {
    "panels_pack": {"named", "manager"},
    # Without what it says of the case.
    "panels_minutes": {"named", "chair"} | MANAGES,
    "panels_minutes_file": {"named", "chair"} | MANAGES,
    **{name: {"named"} for name in PAGES if name.startswith("panels_agenda_")},
    **{
        f"panels_chair_{deed}": set[str]()
        for deed in ("item", "draft", "defer", "take_off", "correct", "action", "interest")
    },
    **{
        f"panels_{name}": {"caseworker", "manager"}
        for name in ("refer", "item", "item_paper", "clear_paper", "recall", "decide_outside")
    },
}
#: Who may, of commands on the sitting or the item as a whole.
MAY: dict[str, set[str]] = {
    "send_papers": MANAGES,
    "open_sitting": CHAIRS,
    "come": MANAGES | CHAIRS,
    "leave": MANAGES | CHAIRS,
    "end_sitting": CHAIRS,
    "change_sitting": MANAGES,
    "book": MANAGES,
    "ask_next": MANAGES,
    "release": MANAGES,
    "answer": COMES | {"declined"},
    "declare_conflict": READS | MANAGES,
    "recommend": CHAIRS,
    "correct_recommendation": CHAIRS,
    "defer": CHAIRS,
    "take_off": CHAIRS | MANAGES,
    "record_action": CHAIRS | MANAGES,
    "write_remarks": CHAIRS | MANAGES,
    "sign_minutes": CHAIRS,
    "choose_papers": PREPARES,
    "add_late_papers": PREPARES,
    "clear_paper": PREPARES,
    "recall_paper": PREPARES,
}
#: Where the case is restricted: the chair is not named on it, one member and the manager are.
MAY_ON_RESTRICTED: dict[str, set[str]] = MAY | {
    "declare_conflict": {"named", "chair"} | MANAGES,
    "recommend": set(),
    "correct_recommendation": set(),
    "defer": set(),
    "take_off": MANAGES,
    "record_action": MANAGES,
    "choose_papers": {"caseworker", "manager"},
    "add_late_papers": {"caseworker", "manager"},
    # The administrator takes back what must not be read, whosever it is.
    "clear_paper": {"caseworker", "manager", "administrator"},
    "recall_paper": {"caseworker", "manager", "administrator"},
}

Act = Callable[[Cast, User], Any]
_SAID: dict[str, Any] = {"outcome": "assess", "reasons": "She cannot read.", "on": SITS}
_OUTSIDE: dict[str, Any] = {
    "question": "assess", "evidence_for": "Advice.", "outside": "urgent", "outside_because": "Now.",
}  # fmt: skip
#: Commands that are plain functions: who may, and how they are called.
ACTS: dict[str, tuple[set[str], Act]] = {
    "define_panel": (
        MANAGES,
        lambda cast, by: defining.define_panel(
            cast.board.authority, name="Another", kind="assess", by=by
        ),
    ),
    "agree_terms": (
        MANAGES,
        lambda cast, by: defining.agree_terms(
            cast.board.panel,
            in_force_from=SITS,
            by=by,
            purpose="To advise.",
            agreed_by="Board",
            questions=["assess"],
            frequency="weekly",
            paper_days=5,
            least_present=1,
            quorum={},
            standing_items=[],
        ),
    ),
    "seat_member": (
        MANAGES,
        lambda cast, by: defining.seat_member(
            cast.board.panel, user=cast.people["manager"], seat="finance", starts_on=SITS, by=by
        ),
    ),
    "end_seat": (
        MANAGES,
        lambda cast, by: defining.end_seat(cast.booking("member").member, on=SITS, by=by),
    ),
    "close_panel": (
        MANAGES,
        lambda cast, by: defining.close_panel(cast.board.panel, on=date(2027, 1, 4), by=by),
    ),
    "delegate": (
        {"manager"},
        lambda cast, by: defining.delegate(
            cast.board.authority,
            officer=cast.people["chair"],
            questions=["assess"],
            source="Paragraph 9",
            starts_on=SITS,
            by=by,
        ),
    ),
    "end_delegation": (
        {"manager"},
        lambda cast, by: defining.end_delegation(cast.delegation, on=SITS, by=by),
    ),
    "arrange_term": (
        MANAGES,
        lambda cast, by: scheduling.arrange_term(
            cast.board.panel, days=[date(2026, 3, 4)], details=scheduling.Details(time(9)), by=by
        ),
    ),
    "cancel_sitting": (
        MANAGES,
        lambda cast, by: cancel_sitting(
            cast.sitting, because="Snow.", moves={cast.item.pk: cast.other_sitting}, by=by
        ),
    ),
    "refer": (
        STAFF | {"administrator"},
        lambda cast, by: referring.refer(
            cast.assessment, sitting=cast.other_sitting, question="assess", by=by
        ),
    ),
    "decide": ({"manager"}, lambda cast, by: deciding.decide(cast.item, by=by, **_SAID)),
    "decide_outside": (
        {"manager"},
        lambda cast, by: deciding.decide_outside(cast.assessment, by=by, **_SAID, **_OUTSIDE),
    ),
    # Past the first door, which is that of a recommendation, a delegation is asked for.
    "recommend_and_decide": (
        CHAIRS,
        lambda cast, by: recommend_and_decide(
            cast.item, outcome="assess", reasons="She cannot read.", evidence_for="Advice.", by=by
        ),
    ),
    "finish_action": (
        STAFF | {"administrator", "dco"},
        lambda cast, by: finish_action(cast.action, outcome="Done.", by=by),
    ),
    "take_note": (
        CHAIRS,
        lambda cast, by: take_note(cast.decision, sitting=cast.sitting, by=by),
    ),
    "make_letter": (
        PREPARES,
        lambda cast, by: letters.make_letter(
            cast.letter, cast.parent.pk, letters.Going(SITS, "post"), by=by
        ),
    ),
    "make_all": (PREPARES, lambda cast, by: letters.make_all(cast.letter, on=SITS, by=by)),
    "tell_otherwise": (
        PREPARES,
        lambda cast, by: letters.tell_otherwise(cast.letter, because="By hand.", by=by),
    ),
    "record_details": (
        MANAGES,
        lambda cast, by: letters.record_details(cast.board.authority, {"name": "We"}, by=by),
    ),
    "save_draft": (CHAIRS, lambda cast, by: save_draft(cast.item, {"reasons": "x"}, by=by)),
    "write_note": (READS, lambda cast, by: write_note(cast.item, "x", seen="", by=by)),
}
ACTS_ON_RESTRICTED: dict[str, set[str]] = {name: people for name, (people, _) in ACTS.items()} | {
    "refer": {"caseworker", "manager"},
    "recommend_and_decide": set(),
    "finish_action": {"caseworker", "manager", "dco"},
    "save_draft": set(),
    "write_note": {"named"},
}

"""A family that writes and gives its own advice."""

from datetime import timedelta

from advice.commands.writing import give_draft, save_draft
from advice.models import AdviceRequest, Form
from advice.queries.writing import draft_of
from ehc.models import User
from tests.advice.asked import ASKED

BOTH = (Form.PARENT, Form.CHILD)
LATER = ASKED + timedelta(days=7)
ABOUT = {"about": "Sam is kind and quick with numbers."}


def write(request: AdviceRequest, by: User, text: str = ABOUT["about"]) -> None:
    save_draft(request, {"about": (text, 0)}, by=by, today=ASKED)


def send(request: AdviceRequest, by: User) -> None:
    give_draft(request, by=by, state=draft_of(request).state, today=ASKED)

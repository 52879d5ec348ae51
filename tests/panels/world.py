"""A panel with officers, sittings and cases, from which any sequence of what people do begins."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from ehc import documents
from ehc.models import Assessment, Role, User
from panels.models import Seat, Sitting
from tests.advice.files import pdf
from tests.factories import fresh, member
from tests.panels.board import Board, moment

RECEIVED = date(2026, 1, 12)
BEGINS = date(2026, 1, 26)
SITS = tuple(date(2026, 2, 4) + timedelta(weeks=week) for week in range(5))
FILES = ("School report", "Letter from home", "Hearing test")


class World:
    """Five sittings, three requests with files, and people who are more than one thing.

    The head sits on the panel and decides for the authority; the second chair may take over.
    """

    def __init__(self) -> None:
        self.board = Board()
        self.second = member(Role.PANEL_CHAIR, self.board.authority)
        self.board.seat(self.second, Seat.EARLY_YEARS, may_chair=True)
        self.board.delegate()
        self.head = member(Role.PANEL_MEMBER, self.board.authority)
        member(Role.MANAGER, self.board.authority, user=self.head, team=self.board.council.team)
        self.head = User.objects.get(pk=self.head.pk)
        self.board.seat(self.head, Seat.SCHOOL)
        self.board.delegate(self.head)
        for on in SITS:
            self.board.sitting(on)
        Sitting.objects.update(room_for=3)
        self.requests = [self.board.council.register(RECEIVED, today=RECEIVED) for _ in range(3)]
        for request in self.requests:
            for title in FILES:
                self._file(request, title)

    def _file(self, request: Assessment, title: str) -> None:
        documents.store(
            fresh(request).case,
            SimpleUploadedFile("letter.pdf", pdf(f"{title} {request.pk}")),
            title=title,
            by=self.board.council.caseworker,
            today=RECEIVED,
            now=moment(RECEIVED),
        )

    @property
    def members(self) -> list[User]:
        """Whoever sits on the panel."""
        return [self.board.chair, self.second, self.head, *self.board.members.values()]

    @property
    def officers(self) -> list[User]:
        """Whoever the scheme lets decide."""
        return [self.board.officer, self.head]

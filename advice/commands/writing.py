"""Writing together until it is given: each field saved by itself, and nothing of anybody lost.

Saving is not an act on the case: the record begins when the advice is given. A save and a giving
at the same moment wait for each other at the row of the request, so what is given is what stood
there, and what comes later is refused with words and stays with whoever typed it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from advice.commands.giving import give_advice
from advice.forms_of_advice import form_for
from advice.models import AdviceRequest, AdviceRow, DraftField
from advice.permissions import may_write
from advice.queries.writing import (
    GONE,
    LONGEST,
    MOST_ROWS,
    PLACE,
    Draft,
    called,
    cell_name,
    is_known,
    longest,
    row_and_column,
    stored_or_given,
    why_frozen,
    writer_of,
)
from advice.uploads import versions_for
from ehc import dates, moments
from ehc.commands import Overtaken, Refused
from ehc.commands.base import done_before, lock
from ehc.models import CaseEvent, LegalProcess, User
from ehc.permissions import NotAllowed


class Frozen(Refused):
    """The advice was given, or is not wanted any more: the draft is as it was then."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved a field after this person had read it: what stands there now."""

    name: str
    text: str
    revision: int
    by: str
    at: datetime


@dataclass(slots=True)
class Saved:
    """What became of each field: its new revision, the other’s text, or why it was refused."""

    at: datetime
    revisions: dict[str, int] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def save_draft(
    request: AdviceRequest,
    changes: Mapping[str, tuple[str, int]],
    *,
    by: User,
    sent: Mapping[str, str] | None = None,
    today: date | None = None,
    now: datetime | None = None,
) -> Saved:
    """Save fields by name: each with its text and the revision that its writer had read.

    A field that somebody else has changed since is left as it is and comes back as a conflict;
    the others are saved all the same. With `sent` the writer has left the page and reads no answer:
    it names the texts that were on their way from the same page, which are no conflict; where there
    is one, both texts are kept, one after the other. Raises `NotAllowed`, `Refused` for a name that
    no form has, and `Frozen` once the advice was given.
    """
    today = today or moments.today()
    now = now or moments.now()
    form = form_for(request)
    if unknown := [name for name in changes if not is_known(name, form)]:
        raise Refused(f"This form has no field “{unknown[0][:60]}”. Open the page again.")
    with transaction.atomic():
        fresh = _locked(request)
        _check_may_write(fresh, by, today)
        stored = stored_or_given(fresh)
        saving = _Saving(Draft(form, {f.name: f for f in stored}), fresh, by, Saved(now), sent)
        saving.changed |= {f.name for f in stored if f.pk is None}
        for name, (text, seen) in sorted(changes.items()):
            saving.take(name, text.replace("\r\n", "\n").replace("\0", ""), seen)
        saving.write()
    return saving.saved


@dataclass(slots=True)
class _Saving:
    """One save on its way: the draft under lock, and what changes in it."""

    draft: Draft
    request: AdviceRequest
    by: User
    saved: Saved
    #: What was on its way from a page that was left; None while somebody reads the answer.
    sent: Mapping[str, str] | None = None
    changed: set[str] = field(default_factory=set)

    def take(self, name: str, text: str, seen: int) -> None:
        """One field: saved, refused, or in conflict."""
        cell = row_and_column(name)
        if fault := _fault(name, text):
            self.saved.refused[name] = fault
        elif cell and cell[1] != PLACE and self._is_full(cell[0]):
            self.saved.refused[name] = f"There are {MOST_ROWS} rows already, and no more fit."
        elif self.draft.text(name) == text:
            self.saved.revisions[name] = self.draft.revision(name)
        elif self.draft.revision(name) > seen and not (cell and cell[1] == PLACE):
            self._conflict(name, text)
        else:
            self._put(name, text)
            if cell and cell[1] != PLACE and text.strip():
                self._bring_back(cell[0])

    def _conflict(self, name: str, text: str) -> None:
        """Both texts are shown to whoever saves; of somebody who has left, both are kept."""
        stands = self.draft.text(name)
        if self.sent is not None:
            both = text if self.sent.get(name) == stands else f"{stands}{_between(name)}{text}"
            if not _fault(name, both):
                self._put(name, both)
                return
        self.saved.conflicts.append(conflict_with(self.draft.fields[name], self.request))

    def _put(self, name: str, text: str) -> None:
        found = self.draft.fields.get(name)
        if found is None:
            found = DraftField(request=self.request, name=name, revision=0)
            self.draft.fields[name] = found
        found.text, found.revision = text, found.revision + 1
        found.saved_by, found.saved_at = self.by, self.saved.at
        self.changed.add(name)
        self.saved.revisions[name] = found.revision

    def _is_full(self, row: str) -> bool:
        rows = self.draft.rows
        return row not in rows and len(rows) >= MOST_ROWS

    def _bring_back(self, row: str) -> None:
        """A row that is written in has a place: what was typed outlives a row that was removed."""
        name = cell_name(row, PLACE)
        if self.draft.text(name) in {"", GONE}:
            places = [int(self.draft.text(cell_name(r, PLACE)) or 0) for r in self.draft.rows]
            self._put(name, str(min(max(places, default=0) + 1, 999)))

    def write(self) -> None:
        """Write what changed, in one statement."""
        DraftField.objects.bulk_create(
            [self.draft.fields[name] for name in sorted(self.changed)],
            update_conflicts=True,
            unique_fields=("request", "name"),
            update_fields=("text", "revision", "saved_by", "saved_at"),
        )


def _between(name: str) -> str:
    """What stands between two texts of one field: short ones are in one line."""
    return "\n\n" if longest(name) == LONGEST else " / "


def _fault(name: str, text: str) -> str:
    """Why a text cannot be saved in a field; empty when it can."""
    most = longest(name)
    if len(text) > most:
        return f"This is {len(text):,} characters long; {most:,} fit. Shorten it."
    cell = row_and_column(name)
    if cell and cell[1] == "part" and text and text not in AdviceRow.Part.values:
        return "Choose a part of the plan."
    if cell and cell[1] == PLACE and text != GONE:
        return "" if text.isascii() and text.isdigit() and len(text) <= 3 else "Not a place."
    return ""


def conflict_with(stored: DraftField, request: AdviceRequest) -> Conflict:
    """What somebody else has made of a field of this request."""
    by = writer_of(request, stored.saved_by)
    return Conflict(stored.name, stored.text, stored.revision, by, stored.saved_at)


def give_draft(
    request: AdviceRequest,
    *,
    by: User,
    state: str,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
    on_behalf_of: str = "",
) -> CaseEvent:
    """Give what stands in the draft, with the reports that were added.

    `state` is the one its giver has read (`Draft.state`). Raises `Overtaken` when somebody gave it
    first, or changed it since, and `Refused` while a report is not ready: nothing is given then.
    """
    today = today or moments.today()
    now = now or moments.now()
    with transaction.atomic():
        locked = lock(LegalProcess(pk=request.process_id, case_id=request.case_id))
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        fresh = _locked(request)
        if not may_write(by, fresh, today):
            raise NotAllowed("You do not have permission to do this: give advice.")
        if not fresh.is_awaited:
            raise Overtaken(f"{why_frozen(fresh)} Nothing more was recorded.")
        draft = Draft(form_for(fresh), {f.name: f for f in stored_or_given(fresh)})
        _check_as_read(draft, state, by, fresh)
        versions = versions_for(fresh, by=by, today=today, now=now)
        return give_advice(
            fresh,
            on=today,
            content=draft.content(),
            rows=draft.given_rows(),
            versions=versions,
            on_behalf_of=on_behalf_of,
            by=by,
            today=today,
            now=now,
            token=token,
        )


def _check_as_read(draft: Draft, state: str, by: User, request: AdviceRequest) -> None:
    if draft.state == state:
        return
    last = draft.last
    if last is None or last.saved_by is None or last.saved_by == by:
        raise Overtaken("The advice was changed after you opened this page. Read it again.")
    who = writer_of(request, last.saved_by)
    raise Overtaken(
        f"{who} changed “{called(last.name, draft.form, draft.rows)}” on "
        f"{dates.moment(last.saved_at)}, after you opened this page. Nothing was given. Read it "
        "again before you give it."
    )


def _locked(request: AdviceRequest) -> AdviceRequest:
    """The request, held until the transaction ends: a save and a giving wait for each other."""
    found = AdviceRequest.objects.select_for_update(of=("self",))
    return found.select_related("case", "organisation").get(pk=request.pk)


def _check_may_write(request: AdviceRequest, by: User, today: date) -> None:
    if not may_write(by, request, today):
        raise NotAllowed("You do not have permission to write this advice.")
    if not request.is_awaited:
        raise Frozen(f"{why_frozen(request)} What you typed since then is not part of it.")

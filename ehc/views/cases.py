"""The case page: where a case stands, what to do next and why, and all that has happened."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.dates import school_year, years_old
from ehc.law.limits import FAMILY
from ehc.models.process import Kind
from ehc.permissions import Action
from ehc.queries.case_page import NEWEST, CasePage, case_page
from ehc.queries.cases import note_access
from ehc.queries.history import HOW
from ehc.queries.shown import ShownCase
from ehc.registry import CaseSection, alerts_for, sections_for
from ehc.strip import Strip, strip
from ehc.views.requests import SignedInRequest, case_or_404

#: What is done to a case as a whole, by the right it needs; the commands are named as in addresses.
_DEEDS = (
    (Action.RECORD_CONTACT, "record_contact", "Record a contact"),
    (Action.CLAIM_WORK, "hand_over", "Hand over the case"),
    (Action.ASSIGN_CASE, "assign_case", "Change the caseworker"),
)
_ACCESS = {
    False: (("restrict_case", "Restrict the case"),),
    True: (
        ("name_person", "Give a person access"),
        ("unname_person", "End a person’s access"),
        ("lift_restriction", "Lift the restriction"),
    ),
}


@never_cache
@require_safe
def case(request: SignedInRequest, reference: str) -> HttpResponse:
    """One case. That this person looked at it is recorded."""
    found = case_or_404(request, reference)
    note_access(request.user, found, "case")
    today = moments.today()
    shown = ShownCase(found, request.user, today)
    page = case_page(shown, whole=request.GET.get("history") == "whole")
    person = found.person
    may_change_people = Action.RECORD_CONTACT in page.may
    added = sections_for(shown)
    return render(
        request,
        "cases/case.html",
        {
            "authority_name": found.authority.name,
            "case": found,
            "page": page,
            "person": person,
            "today": today,
            "age": years_old(person.date_of_birth, today),
            "year_group": school_year(person.date_of_birth, today),
            "strip": _strip(page, today),
            "hows": HOW,
            "family": FAMILY,
            "contents": _contents(page, added),
            "added": added,
            "alerts": alerts_for(shown) if Action.CLAIM_WORK in page.may else [],
            "newest": NEWEST,
            "deeds": [(name, words) for right, name, words in _DEEDS if right in page.may],
            "access": _ACCESS[found.restricted] if Action.RESTRICT_CASE in page.may else (),
            "may_correct": Action.CORRECT_FACT in page.may,
            "may_add_document": Action.ADD_DOCUMENT in page.may,
            "may_change_people": may_change_people,
            "former": shown.former if may_change_people else [],
            "may_see_all_work": Action.ASSIGN_CASE in page.may,
        },
    )


def _strip(page: CasePage, today: date) -> Strip | None:
    """The strip of the assessment that goes on; once it has ended its dates are in the list."""
    main = page.main
    if main.view.process.kind != Kind.ASSESSMENT or not main.is_live:
        return None
    ours = [d for d in main.view.deadlines if d.is_owed_to_family]
    return strip(ours, start=main.started_on, today=today, names=page.names)


def _contents(page: CasePage, added: Sequence[CaseSection]) -> list[tuple[str, str]]:
    """The parts of the page: their anchors and their names."""
    parts = [("clock", "Clock"), *((section.anchor, section.title) for section in added)]
    if page.of_authority:
        parts.append(("contacts", "Contacts"))
    documents = f"Documents ({len(page.documents)})"
    return [*parts, ("history", "History"), ("documents", documents), ("people", "People")]

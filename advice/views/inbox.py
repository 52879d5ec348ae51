"""The inbox of a professional."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from advice.queries.inbox import Page, inbox_page
from ehc import moments
from ehc.permissions import is_invited, memberships
from ehc.views.requests import SignedInRequest, keep_search
from ehc.views.worklist import SOON

#: What a person searched for stays here and never stands in an address: it may be a name.
SEARCH = "advice_search"
_TABS = (
    ("mine", "Mine"),
    ("service", "My service’s"),
    ("given", "Given"),
    ("closed", "Ended without advice"),
)


@never_cache
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """Everything asked of this person’s services, nearest due date first."""
    today = moments.today()
    search = request.session.get(SEARCH, "")
    after = request.GET.get("after", "")
    tab = request.GET.get("tab", "")
    roles = [m for m in memberships(request.user, today) if m.organisation_id is not None]
    alone = bool(roles) and all(map(is_invited, roles))
    tab = "mine" if alone and tab in {"", "service"} else tab
    page = inbox_page(request.user, today=today, tab=tab, search=search, after=after)
    bodies = {m.organisation_id: m.organisation for m in roles}
    return render(
        request,
        "advice/inbox.html",
        {
            "today": today,
            "soon": today + SOON,
            "page": page,
            "search": search,
            "tabs": _tabs(page, alone=alone),
            "alone": alone,
            "bodies": [body for body in bodies.values() if body is not None],
            "next_address": _address(page, after=page.next_after) if page.next_after else "",
            "first_address": _address(page) if after else "",
        },
    )


@require_POST
def search(request: SignedInRequest) -> HttpResponse:
    """Keep what is searched for, or forget it, and show what is found."""
    return redirect(
        f"{reverse('advice_inbox')}?tab=service" if keep_search(request, SEARCH) else "advice_inbox"
    )


def _address(page: Page, **changes: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"tab": page.tab, **changes})
    return f"{reverse('advice_inbox')}?{query.urlencode()}"


def _tabs(page: Page, *, alone: bool) -> list[tuple[str, str, bool]]:
    """The tabs; who was invited `alone` has no service whose requests are others’."""
    counted = {"mine": page.counts.mine, "service": page.counts.service}
    return [
        (
            f"{words} ({counted[tab]:,})" if tab in counted else words,
            f"{reverse('advice_inbox')}?tab={tab}",
            tab == page.tab,
        )
        for tab, words in _TABS
        if not (alone and tab == "service")
    ]

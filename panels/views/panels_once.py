"""A second press of one button, where what it did has no record that keeps the page’s token.

What is set up by these pages could not be set up twice anyway: a name, a version, a seat stands
once. This spares the person the sentence that says so.
"""

from ehc.views.requests import SignedInRequest, token_of

_KEY = "panels_done"
_MOST = 10


def done_with(request: SignedInRequest) -> str:
    """Where the first press of this button led; empty for a first press."""
    token = token_of(request)
    done: dict[str, str] = request.session.get(_KEY, {})
    return done.get(str(token), "") if token is not None and request.method == "POST" else ""


def first_press(request: SignedInRequest, address: str) -> str:
    """Remember that this button was pressed, and where it leads."""
    token = token_of(request)
    if token is not None:
        done = {**request.session.get(_KEY, {}), str(token): address}
        request.session[_KEY] = dict(list(done.items())[-_MOST:])
    return address

"""Pages for what went wrong. They repeat nothing of what was asked for."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from ehc import kept
from ehc.accounts import page_before, to_sign_in


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that no page of ours asks for."""
    del exception
    return render(request, "errors/400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: shows the sentence the refusal was raised with, when there is one."""
    return render(request, "errors/403.html", {"sentence": str(exception)}, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what does not exist and for what this person may not know of."""
    del exception
    return render(request, "errors/404.html", status=404)


@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """500: drawn without the database, which may be what failed."""
    del request
    return HttpResponse(render_to_string("errors/500.html", {"request": None}), status=500)


@login_not_required
def session_ended(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token in a form does not fit: a session ended, or began in another tab.

    Nothing is done. Who had the page finds what they typed filled in again, now or when they sign
    in; where nothing was typed, the page is opened again or says what happened (403).
    """
    del reason
    path = request.get_full_path()
    owner = kept.keep(request)
    if owner is not None and owner == request.user:
        return redirect(path)
    if owner is not None and not request.user.is_authenticated:
        return to_sign_in(request, path, form_kept=True)
    if request.content_type == "application/json" and not request.user.is_authenticated:
        # A script of ours tells a redirect for what it is, and keeps what is typed in its page.
        return to_sign_in(request, page_before(request))
    # A browser that takes no cookies would be led round and round.
    takes_cookies = settings.CSRF_COOKIE_NAME in request.COOKIES
    if takes_cookies and request.path in {reverse("sign_in"), reverse("sign_out")}:
        if not request.user.is_authenticated:
            messages.warning(request, "That page was no longer current. Enter your password again.")
        return redirect(path)
    page = {"owner": owner, "takes_cookies": takes_cookies}
    return render(request, "errors/session_ended.html", page, status=403)

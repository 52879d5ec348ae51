"""Signing in and out: closed accounts, lock-out, sessions that end, demonstration sign-ins."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView, LogoutView
from axes.decorators import axes_dispatch
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from ehc import identity_providers, kept, second_factor
from ehc.demo.users import SignIn, demonstration_sign_ins
from ehc.models import User

#: How often, in seconds, a session in use is written so that it lives on.
WRITE_SESSION_EVERY = 60
TOUCHED = "touched_at"
#: The page that was asked for before a second factor was set up.
THEN = "after_second_factor"
#: What somebody may do who still has to set one up.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "account_reauthenticate",
        "sign_out",
        "sign_out_everywhere",
    }
)


#: What the page after it says by itself.
SHOWN_ANYWAY = frozenset(
    {
        "account/messages/logged_in.txt",
        "mfa/messages/totp_activated.txt",
        "mfa/messages/totp_deactivated.txt",
        "mfa/messages/recovery_codes_generated.txt",
    }
)


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator or an identity provider, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up."""
        del request
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pass on what a person should know and the next page does not show."""
        named = kwargs.get("message_template") or (args[2] if len(args) > 2 else "")
        if named not in SHOWN_ANYWAY:
            super().add_message(*args, **kwargs)

    def get_login_stages(self) -> list[str]:
        """Our second step in the place of theirs."""
        theirs = "allauth.mfa.stages.AuthenticateStage"
        ours = "ehc.second_factor.SecondStep"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within minutes of signing in: the second factor is set up right after it."""
        if app == "allauth.mfa" and second_factor.signed_in_just_now(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SignInForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": forms.EmailField(
                label="Email address",
                widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": False}),
                error_messages={
                    "required": "Enter your email address",
                    "invalid": "Enter an email address in the right form, like name@example.com",
                },
            ),
            "password": forms.CharField(
                label="Password",
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                error_messages={"required": "Enter your password"},
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Nobody is remembered: a session ends with the browser."""
        super().clean()
        return {**self.cleaned_data, "remember": False}

    def user_credentials(self) -> dict[str, Any]:
        """What the back ends check; `login` is the name failures are counted under.

        In lower case, so that writing it in another way does not give five more tries.
        """
        credentials: dict[str, Any] = super().user_credentials()
        return {**credentials, "login": self.cleaned_data["login"].lower()}


@method_decorator(axes_dispatch, name="dispatch")
class SignInView(LoginView):
    """The sign-in page."""

    form_class = SignInForm
    template_name = "account/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds why the person is here again, and whom they may be in a demonstration."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "session_ended": "ended" in self.request.GET,
            "form_kept": "kept" in self.request.GET,
            "demonstration": demonstration(),
            "providers": identity_providers.providers(),
            "then": self.request.GET.get("next", ""),
        }


class SignOutView(LogoutView):
    """Asks once when reached by address; the button in the header signs out at once."""

    template_name = "account/sign_out.html"


def demonstration() -> Sequence[SignIn]:
    """The demonstration users, in `make run` only; empty when there are none."""
    if not settings.DEVELOPMENT_MAILBOX:
        return ()
    return demonstration_sign_ins()


def locked_out(
    request: HttpRequest,
    original_response: HttpResponseBase | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page after too many wrong passwords. It does not say whether the account exists."""
    del original_response, credentials
    context = {"minutes": round(settings.AXES_COOLOFF_TIME * 60)}
    return render(request, "account/locked_out.html", context, status=429)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless its view says otherwise.

    A session in use lives on; one that ended leads to the sign-in page, which says so and goes
    back to the page that was asked for.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let signed-in people pass, and note that their session is in use."""
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(TOUCHED, 0) >= WRITE_SESSION_EVERY:
                request.session[TOUCHED] = now
            return self._second_factor_first(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def _second_factor_first(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase | None:
        """Whoever came by password sets up a second factor before anything else."""
        match = request.resolver_match
        if not getattr(view_func, "login_required", True) or (
            match is not None and match.url_name in BEFORE_SECOND_FACTOR
        ):
            return None
        if not second_factor.must_set_up(request):
            return None
        if request.method in {"GET", "HEAD"}:
            request.session[THEN] = request.get_full_path()
        else:
            kept.keep(request)
            request.session[THEN] = page_before(request)
        return redirect("mfa_activate_totp")

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        """To the sign-in page, and from there back; what was typed is kept."""
        del view_func
        if request.method in {"GET", "HEAD"}:
            return to_sign_in(request, request.get_full_path())
        if kept.keep(request) is not None:
            return to_sign_in(request, request.get_full_path(), form_kept=True)
        return to_sign_in(request, page_before(request))


def sign_in_new(request: HttpRequest, user: User) -> None:
    """Sign in somebody who has just set the password of a new account."""
    record_authentication(request, user, method="password")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")


def to_sign_in(request: HttpRequest, then: str, *, form_kept: bool = False) -> HttpResponseRedirect:
    """To the sign-in page, which goes on to `then`.

    A cookie without a session behind it is a session that ended.
    """
    response = redirect_to_login(then)
    if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        response["Location"] += "&" + urlencode({"ended": "1"})
    if form_kept:
        response["Location"] += "&" + urlencode({"kept": "1"})
    return response


def page_before(request: HttpRequest) -> str:
    """The page of ours from which this was sent; the worklist when that is not known."""
    before = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return urlsplit(before)._replace(scheme="", netloc="", fragment="").geturl()
    return settings.LOGIN_REDIRECT_URL


def sign_out_everywhere(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """End every session of this person, the one they are in as well."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    logout(request)
    messages.success(request, "You are signed out on every device.")
    return redirect("sign_in")

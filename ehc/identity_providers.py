"""Signing in through an organisation’s identity provider (OpenID Connect).

django-allauth speaks the protocol: state, PKCE, the token’s audience, issuer and time. Here stands
whom a provider may sign in. Nobody signs themselves up: a verified address must belong to an
account, and the provider must be the one that speaks for that address. The first sign-in connects
the provider’s lasting identifier (`sub`) with the account; from then on only `sub` counts, so a
later owner of the address does not become its earlier one.
"""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from ehc import moments
from ehc.models import AccountChange, User
from ehc.permissions import NotAllowed, memberships
from ehc.second_factor import may_reset
from ehc.settings.providers import IdentityProvider

log = logging.getLogger(__name__)

#: What a person reads when a provider’s answer does not let them in: a title, and what to do.
#: `{provider}` is the provider’s name.
REFUSALS: dict[str, tuple[str, str]] = {
    "down": (
        "{provider} does not answer",
        "The sign-in service of {provider} could not be reached. Nothing is wrong with your "
        "account here. Try again in a few minutes; if it goes on, tell the help desk of your "
        "organisation.",
    ),
    "failed": (
        "Signing in with {provider} did not work",
        "Start again from the sign-in page: an old page, another tab or the back button may be the "
        "reason. If it happens again, tell the help desk of your organisation.",
    ),
    "cancelled": (
        "You did not sign in",
        "Signing in with {provider} was stopped before it was finished. You can start again.",
    ),
    "no_address": (
        "{provider} did not tell us your email address",
        "We recognise people by the address of their work. Ask the help desk of your organisation "
        "to release your email address to this service.",
    ),
    "unverified": (
        "{provider} has not checked your email address",
        "We can only let you in when your organisation says that the address is really yours. Ask "
        "its help desk to verify your email address, then try again.",
    ),
    "other_domain": (
        "{provider} cannot sign you in here",
        "{provider} may only sign in people of its own organisation, and your email address is of "
        "another. Use your own organisation’s button, or your email address and password.",
    ),
    "other_body": (
        "{provider} cannot sign you in here",
        "Your account here has no role today in the organisation that {provider} speaks for. Use "
        "your own organisation’s button, or ask whoever gave you access.",
    ),
    "no_account": (
        "You have no account here yet",
        "Your organisation knows you, but nobody has given you access to this service. Ask the "
        "lead of your service, or the council that asked you for advice, to add you with the email "
        "address of your work.",
    ),
    "closed": (
        "Your account here is closed",
        "Ask the lead of your service, or the council that gave you access, to open it again.",
    ),
    "somebody_else": (
        "This account belongs to somebody else",
        "The account with your email address was first used by another person of {provider}. To "
        "protect children’s records it is not handed on with the address. Ask the council that "
        "gave you access to check who you are and to connect your sign-in again.",
    ),
}


class Refusal(Exception):
    """The provider’s answer does not let this person in; the code is one of `REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def providers() -> tuple[IdentityProvider, ...]:
    """Every identity provider that is set up, in the order of the file."""
    found: tuple[IdentityProvider, ...] = settings.IDENTITY_PROVIDERS
    return found


def provider_of(provider_id: str) -> IdentityProvider:
    """The provider with that id. Raises `Http404` for one that is not set up."""
    for provider in providers():
        if provider.id == provider_id:
            return provider
    raise Http404


def connected(user: User) -> list[IdentityProvider]:
    """The providers by which this account is known."""
    known = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    return [provider for provider in providers() if provider.id in known]


def disconnect(user: User, provider_id: str, *, by: User, reason: str) -> AccountChange:
    """Forget whom a provider knows this account as: its next sign-in connects it anew.

    For somebody whom the provider made a new entry for, after their name or job changed. Raises
    `NotAllowed`.
    """
    if not may_reset(by, user):
        raise NotAllowed(f"{by.full_name} does not answer for the account of {user.full_name}.")
    with transaction.atomic():
        SocialAccount.objects.filter(user=user, provider=provider_id).delete()
        return AccountChange.objects.create(
            user=user,
            kind=AccountChange.Kind.PROVIDER_DISCONNECTED,
            at=moments.now(),
            by=by,
            reason=reason.strip()[:300],
        )


def account_for(provider: IdentityProvider, claims: Mapping[str, Any], today: date) -> User:
    """Whose account the verified address of these claims is, locked. Raises `Refusal`."""
    address = str(claims.get("email") or "").strip()
    if not address:
        raise Refusal("no_address")
    if claims.get("email_verified") not in (True, "true") and not provider.vouches_for_addresses:
        raise Refusal("unverified")
    # Letters beyond ASCII can become plain ones when they are made small: then two are one.
    if not address.isascii() or not speaks_for(provider, address):
        raise Refusal("other_domain")
    user = User.objects.select_for_update().filter(email=address.lower()).first()
    if user is None:
        raise Refusal("no_account")
    may_sign_in(provider, user, today)
    return user


def speaks_for(provider: IdentityProvider, address: str) -> bool:
    """True when the address is of one of the provider’s own domains; a subdomain is another."""
    return address.rpartition("@")[2].lower() in provider.domains


def may_sign_in(provider: IdentityProvider, user: User, today: date) -> None:
    """Refuse an account that is closed, or that this provider does not speak for any more."""
    if not user.is_active:
        raise Refusal("closed")
    if not speaks_for(provider, user.email):
        raise Refusal("other_domain")
    if provider.bodies and bodies_of(user, today).isdisjoint(provider.bodies):
        raise Refusal("other_body")


def bodies_of(user: User, today: date) -> set[str]:
    """The bodies in which the user holds a role today, as the file of providers words them."""
    found = set()
    for held in memberships(user, today):
        authority = held.authority or (held.organisation and held.organisation.authority)
        if authority:
            found.add(authority.la_number)
        if held.organisation:
            number = authority.la_number if authority else "*"
            found.add(f"{number}/{held.organisation.code}".lower())
    return found


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Our rules at the places where django-allauth asks for them."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Only the providers of the operator’s file: a row in a table adds none."""
        found = super().list_apps(request, provider=provider, client_id=client_id)
        return [app for app in found if app.pk is None]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs themselves up."""
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom the provider may sign in, and nobody else."""
        provider = provider_of(sociallogin.account.provider)
        claims = sociallogin.account.extra_data
        sociallogin.account.extra_data = {}
        try:
            self._admit(request, provider, claims, sociallogin)
        except Refusal as refusal:
            raise ImmediateHttpResponse(refused(request, provider, refusal.code)) from None

    def _admit(
        self,
        request: HttpRequest,
        provider: IdentityProvider,
        claims: Mapping[str, Any],
        sociallogin: SocialLogin,
    ) -> None:
        token, told = claims.get("id_token") or {}, claims.get("userinfo") or {}
        if token.get("sub") != sociallogin.account.uid or told.get("sub") != token.get("sub"):
            raise Refusal("failed")
        if str(token.get("iss", "")).rstrip("/") != provider.issuer.rstrip("/"):
            raise Refusal("failed")
        today = moments.today()
        if sociallogin.is_existing:
            # The claims were stored with the row before we were asked; we keep no more than `sub`.
            sociallogin.account.save(update_fields=["extra_data"])
            may_sign_in(provider, sociallogin.user, today)
            return
        with transaction.atomic():
            user = account_for(provider, told, today)
            known = SocialAccount.objects.filter(user=user, provider=provider.id).first()
            if known is not None and known.uid != sociallogin.account.uid:
                raise Refusal("somebody_else")
            if known is not None:  # another tab was first
                sociallogin.user, sociallogin.account = user, known
                return
            sociallogin.connect(request, user)
            AccountChange.objects.create(
                user=user, kind=AccountChange.Kind.PROVIDER_CONNECTED, at=moments.now(), by=user
            )

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str = AuthError.UNKNOWN,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Say in a sentence what went wrong between the provider and us."""
        del extra_context
        code = "cancelled" if error == AuthError.CANCELLED else "failed"
        if isinstance(exception, RequestException):
            code = "down"
        raise ImmediateHttpResponse(refused(request, provider_of(provider.app.provider_id), code))


def refused(request: HttpRequest, provider: IdentityProvider, code: str) -> HttpResponse:
    """The page that says why this person was not let in."""
    log.warning("Sign-in with %s: %s", provider.id, code)
    title, words = (text.format(provider=provider.name) for text in REFUSALS[code])
    page = {"title": title, "words": words}
    status = 503 if code == "down" else 403
    return render(request, "account/provider_refused.html", page, status=status)


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider, and from there back to the page that was asked for.

    A link and not a form: a form’s answer may only lead to ourselves (content security policy). So
    another site could send somebody here; such a visit is shown the sign-in page instead. Nothing
    of the address but the page to go on with is handed to the provider.
    """
    provider = provider_of(provider_id)
    then = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(then, {request.get_host()}):
        then = ""
    if request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
        return redirect(reverse("sign_in") + (f"?{urlencode({'next': then})}" if then else ""))
    adapter = ProviderAdapter(request)
    try:
        found = adapter.get_provider(request, provider=provider.id)
        answer: HttpResponseBase = found.redirect(
            request, process="login", next_url=then or None, scope=["openid", "email"]
        )
    except (RequestException, KeyError, TypeError, ValueError):
        return refused(request, provider, "down")
    return answer


@login_not_required
@never_cache
def finish(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider."""
    provider = provider_of(provider_id)
    try:
        answer: HttpResponseBase = openid_connect.callback(request, provider_id)
    except (KeyError, TypeError, ValueError, AttributeError):
        # What came back is not what the protocol says: no matter of ours, and no failure of ours.
        return refused(request, provider, "failed")
    return answer

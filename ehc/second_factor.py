"""The second step of signing in by password: a code of a phone’s app, or a recovery code.

Whoever comes through an organisation’s identity provider is not asked: that provider answers for
how it recognises its people. Wrong codes count with wrong passwords, in the database: five lock the
account for half an hour, whichever process met them.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.decorators import login_stage_required
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.totp.views import DeactivateTOTPView
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from ehc import moments
from ehc.models import AccountChange, User
from ehc.permissions import ROLE_ACTIONS, Action, NotAllowed, memberships

#: Whose second factor this session has seen.
SEEN = "second_factor_of"
#: Seconds after signing in during which the password is not asked for once more.
JUST_SIGNED_IN = 600
WRONG = "This code is not right. Type the newest one that your app shows, or a recovery code."


def code_field() -> forms.CharField:
    """The field for a code, of the app or a recovery code."""
    return forms.CharField(
        label="Code",
        help_text="The six digits that your app shows now, or one of your recovery codes.",
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": False,
                "class": "govuk-input--width-10",
            }
        ),
        error_messages={"required": "Enter a code"},
    )


class _Counted(forms.Form):
    """A code is taken once, and a wrong one is counted as a wrong password is."""

    user: User
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()

    def clean_code(self) -> str:
        """The code, if it is right and was not taken before."""
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            raise ValidationError(WRONG) from None
        if self.authenticator.type == Authenticator.Type.TOTP and not _take(
            self.authenticator, code
        ):
            raise ValidationError(WRONG)
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]
        credentials = {settings.AXES_USERNAME_FORM_FIELD: self.user.email}
        user_login_failed.send(sender=type(self), credentials=credentials, request=context.request)


def _take(authenticator: Authenticator, code: str) -> bool:
    """Note which half minute the code was of; False when it, or a later one, was taken before."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = get_adapter().decrypt(row.data["secret"])
        digits = "".join(code.split())
        matching = [
            counter
            for counter in yield_hotp_counters_from_time()
            if format_hotp_value(hotp_value(secret, counter)) == digits
        ]
        if not matching or max(matching) <= row.data.get("taken", 0):
            return False
        row.data["taken"] = max(matching)
        row.save(update_fields=["data"])
    return True


class CodeForm(_Counted, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """A code before something that matters is changed."""


class SetUpForm(ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()
        self.fields["code"].help_text = "The six digits that the app shows for this service."

    def clean_code(self) -> str:
        """The code, if the app and we agree."""
        try:
            code: str = super().clean_code()
        except ValidationError:
            raise ValidationError(
                "This code is not right. Scan the picture or type the key again, look that the "
                "phone’s clock is right, and type the newest code."
            ) from None
        return code


class SecondStep(AuthenticateStage):
    """Asks for a code, unless an identity provider has let this person in."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if records and records[-1]["method"] == "socialaccount":
            return False
        return bool(super()._should_handle(request))


def _is_locked(request: HttpRequest, user: User) -> bool:
    credentials = {settings.AXES_USERNAME_FORM_FIELD: user.email}
    return not AxesProxyHandler.is_allowed(request, credentials)


def _locked(request: HttpRequest, user: User) -> HttpResponse:
    answer: HttpResponse = get_lockout_response(
        request, credentials={settings.AXES_USERNAME_FORM_FIELD: user.email}
    )
    return answer


@method_decorator(
    login_stage_required(stage=SecondStep.key, redirect_urlname="sign_in"), name="dispatch"
)
class CodeView(AuthenticateView):
    """The page that asks for a code; shut while the account is locked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask and check; the fifth wrong code is told what it has done."""
        user: User = request._login_stage.login.user  # type: ignore[attr-defined]
        if _is_locked(request, user):
            return _locked(request, user)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return _locked(request, user) if _is_locked(request, user) else answer


class CodeAgainView(ReauthenticateView):
    """A code before something that matters; shut while the account is locked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask and check."""
        user = request.user
        if isinstance(user, User) and _is_locked(request, user):
            return _locked(request, user)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class OtherPhoneView(DeactivateTOTPView):
    """Forgets a phone; the next page is the one that sets up another."""

    success_url = reverse_lazy("mfa_activate_totp")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Forget it, and that this session has seen it."""
        answer: HttpResponse = super().form_valid(form)
        self.request.session.pop(SEEN, None)
        return answer


def has_second_factor(user: User) -> bool:
    """True when the person has set up an app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def must_set_up(request: HttpRequest) -> bool:
    """True for somebody who came by password and has no second factor yet.

    A session that has seen one does not ask the database again.
    """
    user = request.user
    if not settings.SECOND_FACTOR or not isinstance(user, User):
        return False
    if request.session.get(SEEN) == user.pk:
        return False
    methods = {record["method"] for record in get_authentication_records(request, user)}
    if "socialaccount" not in methods and not has_second_factor(user):
        return True
    request.session[SEEN] = user.pk
    return False


def signed_in_just_now(request: HttpRequest) -> bool:
    """True within ten minutes of signing in: asking for the password again would add nothing."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < JUST_SIGNED_IN


def may_reset(by: User, user: User) -> bool:
    """True when `by` answers for this person’s account today: their service’s lead, or the
    administrator of an authority in which they have a role. Nobody resets their own."""
    if by.pk == user.pk:
        return False
    today = moments.today()
    led, run = set(), set()
    for held in memberships(by, today):
        if Action.LEAD_SERVICE in ROLE_ACTIONS[held.role]:
            led.add(held.organisation_id)
        if Action.MANAGE_USERS in ROLE_ACTIONS[held.role]:
            run.add(held.authority_id)
    for held in memberships(user, today):
        of_authority = held.authority_id or (held.organisation and held.organisation.authority_id)
        if held.organisation_id in led - {None} or of_authority in run - {None}:
            return True
    return False


def reset_second_factor(user: User, *, by: User, reason: str) -> AccountChange:
    """Take away a lost second factor; the person sets up a new one when they next sign in.

    Every session of theirs ends: whoever has the lost phone may have one. Raises `NotAllowed`.
    """
    if not may_reset(by, user):
        raise NotAllowed(f"{by.full_name} does not answer for the account of {user.full_name}.")
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
        return AccountChange.objects.create(
            user=user,
            kind=AccountChange.Kind.SECOND_FACTOR_RESET,
            at=moments.now(),
            by=by,
            reason=reason.strip()[:300],
        )

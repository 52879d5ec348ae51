"""Every address of the service. No address holds a name or an identifier of a child."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from ehc import accounts, identity_providers, second_factor
from ehc.views import (
    about,
    account,
    cases,
    casework,
    export,
    kept,
    people,
    registration,
    steps,
    worklist,
)
from notifications import views as mailbox

handler400 = "ehc.views.errors.bad_request"
handler403 = "ehc.views.errors.forbidden"
handler404 = "ehc.views.errors.not_found"
handler500 = "ehc.views.errors.failed"

to_sign_in = RedirectView.as_view(pattern_name="sign_in", query_string=True)

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("search/", worklist.search, name="search"),
    path("worklist.csv", export.export, name="export"),
    path("register/", registration.register, name="register"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/steps/<slug:step>/", steps.step, name="step"),
    path(
        "cases/<str:reference>/history/<int:sequence>/correct/<str:fact>/",
        steps.correct,
        name="correct",
    ),
    path("cases/<str:reference>/do/<slug:deed>/", casework.act, name="act"),
    path("cases/<str:reference>/people/add/", people.representative, name="representative_add"),
    path(
        "cases/<str:reference>/people/<int:number>/", people.representative, name="representative"
    ),
    path("cases/<str:reference>/documents/add/", casework.add_document, name="add_document"),
    path("cases/<str:reference>/documents/<uuid:key>/", casework.document, name="document"),
    path("cases/<str:reference>/work/<int:item>/give/", casework.give_work, name="give_work"),
    path("cases/<str:reference>/work/<int:item>/<slug:deed>/", casework.do_work, name="do_work"),
    path("notices/", mailbox.undelivered, name="undelivered"),
    path("notices/<uuid:key>/<slug:deed>/", mailbox.act_on_undelivered, name="act_on_undelivered"),
    path("advice/", include("advice.urls")),
    path("panels/", include("panels.urls")),
    path("mailbox/", mailbox.messages, name="mailbox"),
    path("mailbox/<int:number>/", mailbox.message, name="mailbox_message"),
    path("sign-in/", accounts.SignInView.as_view(), name="sign_in"),
    path("sign-out/", accounts.SignOutView.as_view(), name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/second-factor/", account.reset_second_factor, name="reset_second_factor"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("kept/<int:number>/let-go/", kept.let_go, name="let_go"),
    # One door only: allauth's own pages for these two would not count wrong passwords.
    path("accounts/login/", login_not_required(to_sign_in)),
    path("accounts/logout/", RedirectView.as_view(pattern_name="sign_out")),
    # An address of one’s own choosing would receive the links that reset a password.
    path("accounts/email/", RedirectView.as_view(pattern_name="account")),
    # Whom a provider may sign in is for its administrators to say, not for anybody signed in.
    path("accounts/3rdparty/", RedirectView.as_view(pattern_name="account")),
    path(
        "accounts/oidc/<slug:provider_id>/login/",
        identity_providers.start,
        name="sign_in_with",
    ),
    path("accounts/oidc/<slug:provider_id>/login/callback/", identity_providers.finish),
    # Wrong codes are counted with wrong passwords.
    path("accounts/2fa/authenticate/", second_factor.CodeView.as_view()),
    path("accounts/2fa/reauthenticate/", second_factor.CodeAgainView.as_view()),
    path("accounts/2fa/totp/deactivate/", second_factor.OtherPhoneView.as_view()),
    path("accounts/", include("allauth.urls")),
    path("healthz", about.healthz, name="healthz"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
    path("privacy/", about.privacy, name="privacy"),
]

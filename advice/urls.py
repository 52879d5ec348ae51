"""The pages of advice. No address holds a name or an identifier of a child."""

from django.urls import path

from advice.views import asking, checking, cover, existing, inbox, service, uploads, writing
from advice.views import request as one

urlpatterns = [
    path("", inbox.inbox, name="advice_inbox"),
    path("search/", inbox.search, name="advice_search"),
    path("requests/<int:pk>/", one.advice_request, name="advice_request"),
    path("requests/<int:pk>/papers/<uuid:key>/", one.paper, name="advice_paper"),
    path("requests/<int:pk>/receipts/<int:number>/", one.receipt, name="advice_receipt"),
    path("requests/<int:pk>/late/", one.late, name="advice_late"),
    path("requests/<int:pk>/hand-over/", one.hand_over, name="advice_hand_over"),
    path("requests/<int:pk>/wrong/", one.wrong, name="advice_wrong"),
    path("requests/<int:pk>/write/", writing.write, name="advice_write"),
    path("requests/<int:pk>/draft/", writing.draft, name="advice_draft"),
    path("requests/<int:pk>/uploads/", uploads.page, name="advice_uploads"),
    path("requests/<int:pk>/uploads/list/", uploads.listed, name="advice_uploads_list"),
    path("requests/<int:pk>/uploads/begin/", uploads.begin, name="advice_upload_begin"),
    path("requests/<int:pk>/uploads/<uuid:key>/", uploads.file, name="advice_upload"),
    path("requests/<int:pk>/uploads/<uuid:key>/piece/", uploads.piece, name="advice_upload_piece"),
    path("requests/<int:pk>/uploads/<uuid:key>/<slug:deed>/", uploads.act, name="advice_upload_do"),
    path("requests/<int:pk>/give/", writing.give, name="advice_give"),
    path("requests/<int:pk>/nothing/", writing.nothing, name="advice_nothing"),
    path("cases/<str:reference>/ask/", asking.ask, name="advice_ask"),
    path("cases/<str:reference>/existing/", existing.note, name="advice_existing_note"),
    path("existing/<int:pk>/", existing.existing, name="advice_existing"),
    path("requests/<int:pk>/check/", checking.check, name="advice_check"),
    path("requests/<int:pk>/after-the-plan/", checking.consider, name="advice_consider"),
    path("requests/<int:pk>/elsewhere/", checking.elsewhere, name="advice_elsewhere"),
    path("checking/", checking.queue, name="advice_checking"),
    path("after-the-plan/", checking.after_the_plan, name="advice_after_plan"),
    path(
        "cases/<str:reference>/sign-off/<slug:element>/",
        checking.override,
        name="advice_override",
    ),
    path("cover/", cover.own, name="advice_cover"),
    path("cover/<int:pk>/end/", cover.end, name="advice_cover_end"),
    path("service/", service.services, name="advice_service"),
    path("service/<int:service>/", service.service, name="advice_service_of"),
    path("service/<int:service>/staff/", service.staff, name="advice_service_staff"),
    path("service/<int:service>/staff/add/", service.join, name="advice_service_join"),
    path(
        "service/<int:service>/staff/<int:user>/leave/",
        service.leave,
        name="advice_service_leave",
    ),
    path("service/<int:service>/cover/", cover.of_service, name="advice_service_cover"),
    path("service/<int:service>/figures/", service.figures_of, name="advice_service_figures"),
    path("service/<int:service>/settings/", service.settings_of, name="advice_service_settings"),
]

"""The pages of advice. No address holds a name or an identifier of a child."""

from django.urls import path

from advice.views import inbox

urlpatterns = [
    path("", inbox.inbox, name="advice_inbox"),
]

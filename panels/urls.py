"""The pages of panels. No address holds a name or an identifier of a child."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

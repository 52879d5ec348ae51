"""One page with every kind of field and every standing, for the tests to look at."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from ehc import urls
from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.strip import strip

TODAY = date(2026, 5, 20)
LONG = "W" * 300

PAGE = """
{% extends "base.html" %}
{% from "components/form.html" import error_summary, show_fields, submit %}
{% from "components/navigation.html" import back_link %}
{% from "components/strip.html" import show_strip %}
{% block title %}Gallery{% endblock %}
{% block before_content %}{{ back_link("/") }}{% endblock %}
{% block content %}
  {{ error_summary(form) }}
  <h1 class="govuk-heading-l">{{ name }}</h1>
  {{ show_strip(strip) }}
  <form method="post" novalidate enctype="multipart/form-data">
    {{ csrf_input }}
    {{ show_fields(form) }}
    {{ submit("Continue", cancel="/") }}
  </form>
{% endblock %}
"""


class Every(DatedForm):
    """Each widget that the forms of the service use."""

    token = forms.CharField(widget=forms.HiddenInput, initial="t1")
    name = forms.CharField(
        label="Full name", error_messages={"required": "Enter the full name"}, max_length=300
    )
    received = DateOfLawField(
        label="When was the request received?",
        help_text="For example, 27 3 2026",
        what="the date the request was received",
        past_only=True,
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter the reason"},
    )
    decision = forms.ChoiceField(
        label="What was decided?",
        choices=[("agree", "Agree to assess"), ("refuse", "Refuse to assess")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was decided"},
    )
    decision.choice_hints = {"refuse": "The family can appeal."}  # type: ignore[attr-defined]
    services = forms.MultipleChoiceField(
        label="Which services?",
        choices=[("school", "School"), ("health", "Health")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one service"},
    )
    setting = forms.ChoiceField(
        label="Setting", choices=[("", "Choose a setting"), ("1", LONG)], required=False
    )
    certain = forms.BooleanField(
        label="I have checked this",
        help_text="It cannot be undone.",
        error_messages={"required": "Confirm that you have checked this"},
    )
    letter = forms.FileField(label="Letter", required=False)


@dataclass
class Rule:
    """What a limit is called."""

    label: str


@dataclass
class Due:
    """A deadline with the standing it was given."""

    code: str
    limit: Rule
    due_on: date
    word: str
    label: str = ""
    met_on: date | None = None
    earliest_on: date | None = None

    def standing(self, today: date) -> str:
        """What it was given."""
        del today
        return self.word


def limits(start: date) -> list[Due]:
    """Every standing there is, and advice from four services due on one day."""
    week = timedelta(weeks=1)
    return [
        Due("decide_to_assess", Rule(LONG), start + 6 * week, "met", met_on=start + 5 * week),
        *[
            Due("advice", Rule("Give advice"), start + 11 * week, "overdue", f"service {n}")
            for n in range(4)
        ],
        Due("decide_to_issue", Rule("Tell the family"), start + 16 * week, "excused"),
        Due(
            "amend_plan",
            Rule("Amend the plan"),
            start + 17 * week,
            "met_late",
            met_on=start + 18 * week,
        ),
        Due("final_plan", Rule("Send the final plan"), start + 20 * week, "running"),
        Due("appeal", Rule("Appeal"), start + 21 * week, "not_started"),
    ]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """The form, empty or as it was sent, under a strip that has everything."""
    form = Every(request.POST or None, request.FILES or None, today=TODAY)
    if request.method == "POST":
        form.is_valid()
    start = TODAY - timedelta(weeks=13)
    shown = strip(limits(start), start=start, today=TODAY)
    template = engines["jinja2"].from_string(PAGE)
    return HttpResponse(template.render({"form": form, "strip": shown, "name": LONG}, request))


urlpatterns = [path("gallery/", gallery), *urls.urlpatterns]
handler404 = urls.handler404

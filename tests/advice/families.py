"""A family with a child who is assessed, on one day in March."""

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client

from advice import commands as advice
from advice.models import Form
from ehc import commands
from ehc.models import Case, Person
from tests.advice.asked import Asked, ask
from tests.advice.kin import account_for, parent
from tests.factories import Council, signed_in

TODAY = date(2026, 3, 4)


class Family(Asked):
    """An assessment that goes on today, with the mother’s account."""

    def __init__(self) -> None:
        self.council = Council()
        self.asked_on = TODAY - timedelta(days=14)
        assessment = self.council.register(TODAY - timedelta(days=30))
        Person.objects.filter(pk=assessment.case.person_id).update(
            forename="Samira", date_of_birth=TODAY.replace(day=1) - timedelta(days=3000)
        )
        by = self.council.caseworker
        commands.agree_to_assess(assessment, on=self.asked_on, by=by, today=self.asked_on)
        advice.ask_for_advice(
            assessment,
            on=self.asked_on,
            asks=[ask(o) for o in (self.council.psychology, self.council.health)],
            own=(Form.PARENT, Form.CHILD),
            by=by,
            today=self.asked_on,
        )
        self.pk = assessment.pk
        self.case = Case.objects.select_related("person").get(pk=assessment.case_id)
        self.mother = parent(self.case, starts_on=TODAY - timedelta(days=30))
        self.user = account_for(self.mother, self.case, by, today=TODAY)
        self.client = signed_in(self.user)
        self.page = f"/advice/family/{self.case.reference}/"

    def shown(self, client: Client | None = None) -> str:
        """The words of the family’s page."""
        return words((client or self.client).get(self.page))


def words(response: Any) -> str:
    text = re.sub(r"<(script|head|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())

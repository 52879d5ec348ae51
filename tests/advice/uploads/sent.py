"""Reports on their way in, as far as a test wants them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from advice import commands as advice
from advice import quarantine, uploads
from advice.models import Advice, AdviceRequest, Upload
from ehc.models import User
from tests.advice import files

NOW = datetime(2025, 2, 20, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
REPORT = files.pdf("A report about Sam Example, DOB 04/05/2016")
Commits = Callable[..., Any]


def begun(request: AdviceRequest, by: User, data: bytes = REPORT, **more: Any) -> Upload:
    details = {"name": "report.pdf", "size": len(data), "now": NOW, "today": TODAY} | more
    return uploads.begin(request, by=by, **details)


def sent(request: AdviceRequest, by: User, data: bytes = REPORT, **more: Any) -> Upload:
    upload = begun(request, by, data, **more)
    uploads.receive(upload, offset=0, data=data, by=by, today=TODAY)
    return uploads.finish(upload, by=by, today=TODAY, now=NOW)


def checked(request: AdviceRequest, by: User, data: bytes = REPORT, **more: Any) -> Upload:
    upload = sent(request, by, data, **more)
    quarantine.check(upload.pk, now=NOW)
    return Upload.objects.get(pk=upload.pk)


def given(request: AdviceRequest, by: User, *, on: date = TODAY, **content: Any) -> Advice:
    with transaction.atomic():
        versions = uploads.versions_for(request, by=by, today=TODAY, now=NOW)
        advice.give_advice(
            request, on=on, content=content, versions=versions, by=by, today=TODAY, now=NOW
        )
    return Advice.objects.filter(request=request).latest("number")

"""The Celery application: `celery -A ehc worker`, `celery -A ehc beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ehc.settings")

app = Celery("ehc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_log(**_: Any) -> None:
    """Django’s settings say how to log; Celery’s own handlers would write errors in full."""

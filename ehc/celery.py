"""The Celery application: `celery -A ehc worker`, `celery -A ehc beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ehc.settings")

app = Celery("ehc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

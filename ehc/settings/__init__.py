"""Settings, read from the environment once. The composition root: may name every app."""

from ehc.settings.base import *  # noqa: F403
from ehc.settings.celery import *  # noqa: F403
from ehc.settings.security import *  # noqa: F403

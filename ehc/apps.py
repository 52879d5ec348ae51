"""The core app."""

from django.apps import AppConfig


class EhcConfig(AppConfig):
    """Loads what must be known before the first request: Celery, event handlers, checks."""

    name = "ehc"
    verbose_name = "EHC casework"

    def ready(self) -> None:
        """Make our Celery application the default one for this process."""
        from ehc import celery, commands  # noqa: F401, PLC0415

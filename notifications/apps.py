"""Outbox and channels."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Plugs the outbox into the core."""

    name = "notifications"

    def ready(self) -> None:
        """Register the handlers that queue notices."""
        from notifications import handlers  # noqa: F401, PLC0415

"""Panels: what is put before them, what they recommend, what the authority decides."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Plugs panels into the core."""

    name = "panels"

    def ready(self) -> None:
        """Register the kinds of event and of notice, and the parts of pages."""
        from panels import events, menu, notices  # noqa: F401, PLC0415

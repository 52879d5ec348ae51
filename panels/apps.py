"""Panels: what is put before them, what they recommend, what the authority decides."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Plugs panels into the core."""

    name = "panels"

    def ready(self) -> None:
        """Register the kinds of event and of notice, and the parts of pages."""
        from ehc.registry import on_demonstration  # noqa: PLC0415
        from panels import (  # noqa: F401, PLC0415
            bulk,
            events,
            lapsing,
            menu,
            notices,
            ordered,
            scheme,
            truth,
        )
        from panels.on_case import (  # noqa: F401, PLC0415
            decisions,
            letters,
            next_step,
            referrals,
        )

        on_demonstration("panels.demo")

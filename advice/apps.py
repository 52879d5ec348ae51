"""Asking for advice, giving it, checking it."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """Plugs advice into the core."""

    name = "advice"

    def ready(self) -> None:
        """Register the handlers, the kinds of event and of notice, and the parts of pages."""
        from advice import (  # noqa: F401, PLC0415
            bulk,
            case_page,
            checking_on_case,
            events,
            family_events,
            family_on_case,
            handlers,
            invitations_end,
            looking,
            notices,
            panel_papers,
            passing_on,
            still_open,
            truth,
        )
        from ehc.registry import on_demonstration  # noqa: PLC0415

        on_demonstration("advice.demo")

"""`manage.py check_scanner`: whether the virus scanner does what it must."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from advice.trial_scan import faults_of


class Command(BaseCommand):
    """Tries the scanner of EHC_CLAMAV; ends with 1 when something is wrong, 2 without one."""

    help = "Try the virus scanner with a test virus, plain, at the end of 50 MB, and packed deep."
    needs_database = False
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *_: Any, **__: Any) -> None:
        """Try it."""
        if not settings.CLAMAV:
            self.stderr.write("EHC_CLAMAV is not set: reports are not scanned for viruses.")
            sys.exit(2)
        faults = list(faults_of(settings.CLAMAV))
        for fault in faults:
            self.stderr.write(f"The virus scanner at {settings.CLAMAV}: {fault}")
        if faults:
            sys.exit(1)
        self.stdout.write(f"The virus scanner at {settings.CLAMAV} does what it must.")

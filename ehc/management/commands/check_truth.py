"""`manage.py check_truth`: rebuild everything that is derived and compare."""

import sys
from typing import Any

from ehc import truth
from ehc.management.ready import DatabaseCommand
from ehc.models import Case


class Command(DatabaseCommand):
    """Prints every difference, one a line; exit status 1 when there is any."""

    help = (
        "Recompute every timetable, resettle every work item, replay every event stream, and "
        "print what differs from what is stored."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every case; nothing is changed."""
        del args, options
        found = 0
        for difference in truth.check():
            found += 1
            self.stdout.write(difference)
        cases = Case.objects.count()
        if found:
            self.stderr.write(f"{found} differences in {cases:,} cases.")
            sys.exit(1)
        self.stdout.write(
            f"Nothing differs: {cases:,} cases, each rebuilt from its events and the law."
        )

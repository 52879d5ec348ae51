"""`manage.py seed_demo`: an invented authority that keeps time as a real one did."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from ehc import moments
from ehc.demo.places import NotSeeded
from ehc.demo.published import NotPublished, Published, published
from ehc.demo.seed import seed
from ehc.management.ready import DatabaseCommand
from ehc.models import Authority

FIRST_RUN = ("Sheffield", 2024, 400)


class Command(DatabaseCommand):
    """Makes the authority, its staff and its caseload; a second time it changes nothing."""

    help = (
        "Make an invented authority whose requests, refusals, six-week and twenty-week rates are "
        "those the DfE published for a council and year."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The council, the year and the size."""
        parser.add_argument("--like", metavar="COUNCIL", help="a council of England")
        parser.add_argument("--year", type=int, help="a calendar year, 2016 to 2024")
        parser.add_argument("--cases", type=int, metavar="N", help="how many requests in all")
        parser.add_argument(
            "--first-run",
            action="store_true",
            help="a small authority, and only in a database that has none",
        )

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Refuse in production, whatever its database."""
        if settings.MODE == "production":
            raise CommandError(
                "This is a production service (EHC_ENV=production). Demonstration users have a "
                "password that everybody knows, so they are made only where EHC_ENV is local or "
                "test."
            )
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was made, how it compares, and what stands in for missing figures."""
        del args
        like, year, cases = options["like"], options["year"], options["cases"]
        if options["first_run"]:
            if Authority.objects.exists():
                self.stdout.write("This database has an authority already; nothing was loaded.")
                return
            like, year, cases = like or FIRST_RUN[0], year or FIRST_RUN[1], cases or FIRST_RUN[2]
        if not like or not year:
            raise CommandError("Say which council and year, e.g. --like Sheffield --year 2024.")
        if cases is not None and not 1 <= cases <= 100_000:
            raise CommandError("--cases must be between 1 and 100,000.")
        try:
            figures = published(like, year)
        except NotPublished as error:
            raise CommandError(str(error)) from None
        self._seed(figures, cases)

    def _seed(self, figures: Published, cases: int | None) -> None:
        try:
            made = seed(figures, now=moments.now(), cases=cases)
        except NotSeeded as error:
            raise CommandError(str(error)) from None
        if not made.cases:
            self.stdout.write(f"{made.authority.name} is there already; nothing was changed.")
            return
        self.stdout.write(
            f"{made.authority.name}: {made.cases:,} cases. Refused {figures.refused:.1%}, decided "
            f"within six weeks {figures.six_weeks:.1%}, plans within twenty weeks "
            f"{figures.twenty_weeks:.1%}, as published for {figures.council} in {figures.year}."
        )
        if figures.borrowed:
            self.stdout.write(
                f"Not published by council here, so England’s: {', '.join(figures.borrowed)}."
            )

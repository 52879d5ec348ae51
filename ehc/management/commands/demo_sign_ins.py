"""`manage.py demo_sign_ins`: whom one may sign in as in the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from ehc.demo.users import demonstration_sign_ins


class Command(BaseCommand):
    """Prints the demonstration users and their password."""

    help = "Print the sign-ins of the demonstration."
    needs_database = False

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a person, in columns."""
        del args, options
        rows = [(s.email, s.full_name, s.role) for s in demonstration_sign_ins()]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        self.stdout.write("Demonstration sign-ins; everybody in it is invented.")
        for email, name, role in rows:
            self.stdout.write(f"  {email:<{widths[0]}}  {name:<{widths[1]}}  {role}")
        self.stdout.write("Two-step sign-in is off here: these passwords are public, and nobody’s.")
        self.stdout.write(f"The password of each is: {demonstration_sign_ins()[0].password}")

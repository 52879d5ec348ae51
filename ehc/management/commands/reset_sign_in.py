"""`manage.py reset_sign_in EMAIL …`: for somebody who cannot sign in any more."""

import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from ehc import identity_providers, second_factor
from ehc.management.ready import DatabaseCommand
from ehc.models import User
from ehc.permissions import NotAllowed


class Command(DatabaseCommand):
    """Takes away a lost second factor, or forgets whom an identity provider knew the account as."""

    help = (
        "Reset how somebody signs in: without --provider their second factor is taken away (they "
        "set up a new one when they next sign in); with it, the connection to that identity "
        "provider. Who asked for it and why is recorded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, by whom, why."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="Who answers for this account."
        )
        parser.add_argument("--reason", required=True, help="Why, and how they were recognised.")
        parser.add_argument("--provider", default="", metavar="ID", help="An identity provider.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do the one or the other."""
        user, by = self._user(options["email"]), self._user(options["by"])
        try:
            if options["provider"]:
                identity_providers.disconnect(
                    user, options["provider"], by=by, reason=options["reason"]
                )
            else:
                second_factor.reset_second_factor(user, by=by, reason=options["reason"])
        except NotAllowed as refusal:
            self._stop(str(refusal))
        self.stdout.write(f"Reset for {user.full_name} <{user.email}>.")

    def _user(self, email: str) -> User:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            self._stop(f"There is no account with the address {email}.")
        return user

    def _stop(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)

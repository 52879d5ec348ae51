"""`manage.py add_user EMAIL …`: somebody who may sign in, with one role."""

import secrets
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from ehc import moments
from ehc.management.ready import DatabaseCommand
from ehc.models import Authority, Membership, Organisation, Role, Team, User
from ehc.sen2.authorities import known_authorities, locked_authority

OF_ORGANISATION = frozenset({Role.ADVISER, Role.SERVICE_LEAD})


class Command(DatabaseCommand):
    """Makes the user, or gives a known one another role; an existing password is left alone."""

    help = (
        "Let somebody sign in with a role from today on. A new user gets a password that is "
        "printed once, or none (--no-password) where an identity provider signs people in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and as what."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", required=True, help="Their full name.")
        parser.add_argument("--role", required=True, choices=[str(role) for role in Role])
        parser.add_argument(
            "--authority", required=True, metavar="LA", help="LA number, such as 373."
        )
        parser.add_argument("--team", default="", help="The name of their team; made if new.")
        parser.add_argument(
            "--organisation", default="", metavar="CODE", help="For an adviser or service lead."
        )
        parser.add_argument("--no-password", action="store_true", help="For single sign-on only.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make the user and the membership."""
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            self._stop(f"“{email}” is not an e-mail address.")
        role = Role(options["role"])
        with transaction.atomic():
            place = self._place(role, options)
            user = User.objects.filter(email=email).first()
            password = None
            if user is None:
                password = None if options["no_password"] else secrets.token_urlsafe(12)
                user = User.objects.create_user(email, options["name"].strip(), password)
            self._join(user, role, place)
        self.stdout.write(f"{user.full_name} <{email}> is {role.label.lower()} from today.")
        if password is not None:
            self.stdout.write(f"Password, shown this once: {password}")

    def _place(self, role: Role, options: dict[str, Any]) -> dict[str, Any]:
        """The authority, team or organisation that the role belongs to."""
        authority = self._authority(options["authority"])
        if role in OF_ORGANISATION:
            return {"organisation": self._organisation(role, authority, options["organisation"])}
        team = None
        if options["team"]:
            team, _ = Team.objects.get_or_create(authority=authority, name=options["team"].strip())
        return {"authority": authority, "team": team}

    def _authority(self, la_number: str) -> Authority:
        """The authority; one that the DfE lists is made when it is not here yet."""
        if la_number in known_authorities():
            return locked_authority(la_number)
        authority = Authority.objects.filter(la_number=la_number).first()
        if authority is None:
            self._stop(f"{la_number} is not the LA number of an authority in England.")
        return authority

    def _organisation(self, role: Role, authority: Authority, code: str) -> Organisation:
        if not code:
            self._stop(f"A {role.label.lower()} belongs to a service: name it with --organisation.")
        found = Organisation.objects.filter(
            Q(authority=authority) | Q(authority__isnull=True), code=code
        ).first()
        if found is None:
            self._stop(f"{authority.name} has no organisation with the code “{code}”.")
        return found

    @staticmethod
    def _join(user: User, role: Role, place: dict[str, Any]) -> None:
        held = Membership.objects.filter(user=user, role=role, ends_on__isnull=True, **place)
        if not held.exists():
            Membership.objects.create(user=user, role=role, starts_on=moments.today(), **place)

    def _stop(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)

"""`manage.py add_user`: how the people of an authority come to see its cases."""

import re

import pytest
from django.core.management import call_command

from ehc import moments
from ehc.models import Membership, Role, Team, User
from ehc.permissions import Action, actions_of
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db


def add(*words: str) -> None:
    call_command("add_user", *words)


def test_a_manager_with_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--name", "Robin Example", "--role", "manager", "--authority", "373")
    add("Robin@Example.org", *words, "--team", "North")
    told = capsys.readouterr().out
    password = re.search(r"shown this once: (\S+)", told)
    user = User.objects.get(email="robin@example.org")
    assert password is not None
    assert user.check_password(password[1])
    assert Action.ASSIGN_CASE in actions_of(user, moments.today())
    held = Membership.objects.get(user=user)
    assert held.authority is not None
    assert (held.authority.name, held.team) == ("Sheffield", Team.objects.get(name="North"))

    add("robin@example.org", *words, "--team", "North")
    assert "Password" not in capsys.readouterr().out
    assert Membership.objects.count() == 1
    add("robin@example.org", "--name", "R", "--role", "panel_chair", "--authority", "373")
    assert set(Membership.objects.values_list("role", flat=True)) == {"manager", "panel_chair"}


def test_an_adviser_belongs_to_a_service(capsys: pytest.CaptureFixture[str]) -> None:
    service = ServiceFactory.create(authority__la_number="373", code="health")
    words = ("--name", "Sam Example", "--role", "adviser", "--authority", "373", "--no-password")
    add("sam@example.org", *words, "--organisation", "health")
    held = Membership.objects.get()
    assert (held.organisation, held.authority) == (service, None)
    assert not held.user.has_usable_password()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nobody", "--authority", "373", "--role", "manager"), "not an e-mail address"),
        (("a@example.org", "--authority", "999", "--role", "manager"), "not the LA number"),
        (("a@example.org", "--authority", "373", "--role", "adviser"), "--organisation"),
        (
            ("a@example.org", "--authority", "373", "--role", "adviser", "--organisation", "x"),
            "no organisation with the code",
        ),
    ],
)
def test_refused_in_a_sentence(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        add(*words, "--name", "A")
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
    assert not User.objects.exists()


def test_roles_are_those_of_the_service() -> None:
    with pytest.raises(Exception, match="invalid choice"):
        add("a@example.org", "--name", "A", "--role", "king", "--authority", "373")
    assert Role.MANAGER == "manager"

"""Real children and invented ones never share an authority."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ehc.demo.places import FIRST_NUMBER, LAST_NUMBER, NotSeeded, authority_name
from ehc.demo.published import published
from ehc.demo.seed import seed
from ehc.models import Authority, Case, Membership, Person, User
from ehc.sen2.importer import import_return
from ehc.sen2.reader import Sen2Refused
from tests.factories import AuthorityFactory, Council
from tests.sen2_files import write_return

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)


@pytest.fixture
def real_return(tmp_path: Path) -> Path:
    return write_return(tmp_path / "return.xml", year=2025, people=3, lea="373")


def test_a_return_is_not_taken_into_an_invented_authority(real_return: Path) -> None:
    AuthorityFactory.create(la_number="373", name="Sheafdale", is_demonstration=True)
    with pytest.raises(Sen2Refused, match="Sheafdale") as refused:
        import_return(real_return, now=NOW)
    assert "demonstration" in str(refused.value)
    assert "373" in str(refused.value)
    assert not Person.objects.exists()


def test_the_refusal_as_a_person_reads_it(real_return: Path) -> None:
    AuthorityFactory.create(la_number="373", name="Sheafdale", is_demonstration=True)
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_sen2", str(real_return), stderr=said)
    assert ended.value.code == 2
    assert len(said.getvalue().strip().splitlines()) == 1


def test_a_return_is_taken_beside_an_invented_authority(real_return: Path) -> None:
    seed(published("Sheffield", 2024), now=NOW, cases=6)
    import_return(real_return, now=NOW)
    assert sorted(Authority.objects.values_list("is_demonstration", flat=True)) == [False, True]
    assert Case.objects.filter(authority__is_demonstration=False).count() == 3


def test_the_demonstration_is_not_made_in_a_real_authority() -> None:
    figures = published("Sheffield", 2024)
    council = Council()
    council.register(NOW.date(), today=NOW.date())
    Authority.objects.update(name=authority_name(figures))
    before = (Case.objects.count(), User.objects.count(), Membership.objects.count())
    with pytest.raises(NotSeeded, match="not a demonstration"):
        seed(figures, now=NOW, cases=6)
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("seed_demo", like="Sheffield", year=2024, cases=6)
    assert (Case.objects.count(), User.objects.count(), Membership.objects.count()) == before


def test_an_invented_authority_that_was_given_a_return_is_not_called_a_demonstration(
    real_return: Path,
) -> None:
    """However it came to be: imported cases in it are real ones, and the seed keeps away."""
    figures = published("Sheffield", 2024)
    import_return(real_return, now=NOW)
    Authority.objects.update(name=authority_name(figures), is_demonstration=True)
    with pytest.raises(NotSeeded, match="SEN2 return"):
        seed(figures, now=NOW, cases=6)


def test_when_every_invented_number_is_taken_that_is_one_sentence() -> None:
    for number in range(FIRST_NUMBER, LAST_NUMBER + 1):
        AuthorityFactory.create(la_number=str(number), name=f"Place {number}")
    with pytest.raises(CommandError, match="no number is left"):
        call_command("seed_demo", like="Sheffield", year=2024, cases=6)

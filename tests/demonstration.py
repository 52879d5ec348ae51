"""The demonstration, made once for all the tests of a class."""

from datetime import UTC, datetime

from django.conf import settings
from django.test import TestCase

from ehc.demo.published import published
from ehc.demo.seed import seed
from ehc.models import Authority

NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)
TODAY = NOW.date()


class Demonstration(TestCase):
    """An authority of 200 cases, like Sheffield in 2024; no test finds what another changed."""

    authority: Authority
    #: Where its files lie; a test may have a folder of its own.
    documents: str

    @classmethod
    def setUpTestData(cls) -> None:
        """Make it before the first test of the class."""
        cls.documents = str(settings.MEDIA_ROOT)
        cls.authority = seed(published("Sheffield", 2024), now=NOW, cases=200).authority

"""What the tests of these pages share."""

import pytest

from tests.advice.pages_writing.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()

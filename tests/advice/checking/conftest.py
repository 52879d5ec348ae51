"""What the tests of checking share."""

import pytest

from tests.advice.checking.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()

"""What the races share."""

import pytest

from tests.factories import Council


@pytest.fixture
def council(transactional_db: None) -> Council:
    return Council()

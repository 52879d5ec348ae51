"""What every test of panels has: a folder of its own for documents."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)

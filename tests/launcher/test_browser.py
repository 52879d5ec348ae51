"""A missing browser is said, or refused where one is demanded."""

from pathlib import Path

import pytest

from launcher import browser
from launcher.messages import Refusal


@pytest.fixture(autouse=True)
def machine_without_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which no program is found but what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("EHC_CHROMIUM", raising=False)
    monkeypatch.delenv("EHC_REQUIRE_BROWSER", raising=False)
    return tmp_path


def test_a_missing_browser_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert browser.environment() == {}
    assert "the browser tests are skipped" in capsys.readouterr().out


def test_a_missing_browser_is_refused_where_one_is_demanded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EHC_REQUIRE_BROWSER", "1")
    with pytest.raises(Refusal, match="No Chromium was found"):
        browser.environment()


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_is_found_by_its_usual_names(machine_without_browser: Path, name: str) -> None:
    program = machine_without_browser / name
    program.touch(mode=0o755)
    assert browser.environment() == {"EHC_CHROMIUM": str(program)}


def test_a_named_browser_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EHC_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Refusal, match="EHC_CHROMIUM names /nowhere/chromium"):
        browser.environment()

"""Whether a virus scanner does what it must is found by trying."""

from typing import Any

import pytest
from django.core.management import call_command

from advice.trial_scan import faults_of
from tests.advice.clamd import clamd
from tests.advice.real_clamd import PROGRAM, real_clamd
from tests.advice.test_real_scanner import RECOMMENDED


def test_one_that_does_what_it_must(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with clamd() as scanner:
        settings.CLAMAV = scanner.address
        call_command("check_scanner")
    assert "does what it must" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ("error", "does not answer"),
        ("blind", "Run freshclam"),
        ("beyond", "Run freshclam"),
    ],
)
def test_what_is_wrong_is_said(
    settings: Any, capsys: pytest.CaptureFixture[str], behaviour: str, says: str
) -> None:
    with clamd() as scanner:
        scanner.behaviour = behaviour
        settings.CLAMAV = scanner.address
        with pytest.raises(SystemExit) as ended:
            call_command("check_scanner")
    assert ended.value.code == 1
    assert says in capsys.readouterr().err


def test_a_limit_below_what_people_may_add_is_said() -> None:
    with clamd() as scanner:
        scanner.most = 25 * 1024 * 1024
        (fault,) = faults_of(scanner.address)
    assert "StreamMaxLength" in fault


def test_without_a_scanner_it_says_so(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.CLAMAV = ""
    with pytest.raises(SystemExit) as ended:
        call_command("check_scanner")
    assert ended.value.code == 2
    assert "not scanned" in capsys.readouterr().err


@pytest.mark.skipif(PROGRAM is None, reason="There is no ClamAV daemon (clamd) here.")
def test_a_real_one_as_recommended_and_as_it_comes() -> None:
    with real_clamd(*RECOMMENDED) as daemon:
        assert list(faults_of(daemon.address)) == []
    with real_clamd("StreamMaxLength 25M", "MaxFileSize 25M") as small:
        large, deep = faults_of(small.address)
        assert "StreamMaxLength" in large
        assert "AlertExceedsMax" in deep

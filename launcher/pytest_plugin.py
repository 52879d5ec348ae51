"""Lets ``pytest`` alone run the suite: the servers are there before Django's settings load."""

import contextlib
import os
import tempfile
from collections.abc import Generator
from typing import Any

import pytest

from launcher import browser, servers
from launcher.django_commands import django_environment
from launcher.given_redis import GivenRedis
from launcher.messages import Refusal
from launcher.paths import local_folder, make_local_folder
from launcher.testing import Slot


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Put the servers' addresses in the environment; leave the servers when pytest ends.

    Each process of a run on several has databases and documents of its own and takes them itself.
    The one that hands the tests out keeps the servers up, and tries beforehand whether the others
    will get what they need: what they refuse would come as a traceback.
    """
    leaving = contextlib.ExitStack()
    early_config.add_cleanup(leaving.close)
    leaving.callback(_restore, dict(os.environ))
    try:
        os.environ.setdefault("EHC_ENV", "test")
        make_local_folder(local_folder())
        addresses = leaving.enter_context(servers.ensure())
        if others := _others(early_config):
            with contextlib.ExitStack() as trial:
                for _ in range(others):
                    _take(addresses, trial)
        else:
            os.environ.update(_take(addresses, leaving))
    except Refusal as refusal:
        raise pytest.UsageError(str(refusal)) from None
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For ``--dist loadscope``: one test at a time, but the tests of a class to one process.

    They share what was made for the class. By module, as pytest-xdist has it, one process would
    wait for the other; and its ``xdist_group`` has no effect with this pytest.
    """
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class ByClass(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module, *names = nodeid.partition("[")[0].split("::")
            return f"{module}::{names[0]}" if len(names) > 1 else nodeid

    return ByClass(config, log) if config.getoption("dist") == "loadscope" else None


def _others(config: pytest.Config) -> int:
    """How many processes this one hands tests to (pytest-xdist); at least 1 when it does."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return 0
    wanted = getattr(config.known_args_namespace, "numprocesses", None) or 0
    return wanted if isinstance(wanted, int) else 1


def _take(addresses: dict[str, str], leaving: contextlib.ExitStack) -> dict[str, str]:
    """Databases and a document folder that no other test process uses, as the environment."""
    slot = Slot(local_folder())
    leaving.callback(slot.release)
    documents = leaving.enter_context(tempfile.TemporaryDirectory(prefix="ehc-documents-"))
    chosen = slot.addresses(addresses) | django_environment() | {"EHC_DOCUMENTS_DIR": documents}
    found = browser.find()
    if found:
        chosen["EHC_CHROMIUM"] = found
    if os.environ.get("REDIS_URL"):
        given = GivenRedis(chosen["REDIS_URL"], local_folder())
        given.claim()
        leaving.callback(given.release)
    return chosen


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)

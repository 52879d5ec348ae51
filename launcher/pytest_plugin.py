"""Lets ``pytest`` alone run the suite: the servers are there before Django's settings load."""

import contextlib
import os
from collections.abc import Generator

import pytest

from launcher import browser, servers
from launcher.django_commands import django_environment
from launcher.given_redis import GivenRedis
from launcher.messages import Refusal
from launcher.paths import local_folder, make_local_folder
from launcher.testing import Slot


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Put the servers' addresses in the environment; leave the servers when pytest ends."""
    # The workers of pytest-xdist inherit what their parent found.
    if "EHC_TEST_SLOT" not in os.environ:
        leaving = contextlib.ExitStack()
        early_config.add_cleanup(leaving.close)
        try:
            _prepare(leaving)
        except Refusal as refusal:
            raise pytest.UsageError(str(refusal)) from None
    yield


def _prepare(leaving: contextlib.ExitStack) -> None:
    before = dict(os.environ)
    os.environ.setdefault("EHC_ENV", "test")
    make_local_folder(local_folder())
    addresses = leaving.enter_context(servers.ensure())
    slot = Slot(local_folder())
    leaving.callback(slot.release)
    found = browser.find()
    chosen = slot.addresses(addresses) | django_environment()
    if found:
        chosen["EHC_CHROMIUM"] = found
    if os.environ.get("REDIS_URL"):
        given = GivenRedis(chosen["REDIS_URL"], local_folder())
        given.claim()
        leaving.callback(given.release)
    os.environ.update(chosen | {"EHC_TEST_SLOT": str(slot.number)})

    def restore() -> None:
        os.environ.clear()
        os.environ.update(before)

    leaving.callback(restore)

"""The private servers: shared while used, gone afterwards, kept from strangers."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from launcher.paths import ROOT
from launcher.servers import Postgres, Valkey
from launcher.servers.keeper import alive_lock
from tests.launcher.conftest import Checkout, until

SHOW = "import json, os; print(json.dumps([os.environ['DATABASE_URL'], os.environ['REDIS_URL']]))"


def addresses(checkout: Checkout) -> list[str]:
    """The addresses a command is given."""
    shown = checkout.run("-m", "launcher", "with", sys.executable, "-c", SHOW)
    assert shown.returncode == 0, shown.stderr
    found: list[str] = json.loads(shown.stdout)
    return found


def test_two_commands_share_the_servers_and_the_last_one_stops_them(checkout: Checkout) -> None:
    first = checkout.holding()
    pids = checkout.pids()
    database, cache = addresses(checkout)
    assert checkout.pids() == pids
    assert not checkout.nothing_runs(pids)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT current_setting('fsync')").fetchone() == ("on",)
    with redis.Redis.from_url(cache) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    first.terminate()
    until(lambda: checkout.nothing_runs(pids), "the last command takes the servers with it")


def test_nothing_outlives_a_command_killed_with_9(checkout: Checkout) -> None:
    command = checkout.holding()
    pids = checkout.pids()
    assert set(pids) == {"postgres", "valkey"}
    command.kill()
    until(lambda: checkout.nothing_runs(pids), "both servers end")


def test_nothing_outlives_a_keeper_killed_with_9(checkout: Checkout) -> None:
    checkout.holding()
    database, _ = addresses(checkout)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    pids = checkout.pids()
    for kind in (Postgres, Valkey):
        keeper = alive_lock(kind(checkout.local)).signed_by()
        assert keeper is not None
        os.kill(keeper, signal.SIGKILL)
    until(lambda: checkout.nothing_runs(pids), "both servers end")

    checkout.holding()
    database, _ = addresses(checkout)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_server_that_is_stopped_while_in_use_comes_back_with_its_data(checkout: Checkout) -> None:
    checkout.holding()
    database, cache = addresses(checkout)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept_too AS SELECT 1 AS one")
    with redis.Redis.from_url(cache) as client:
        client.set("kept", "1")
    before = checkout.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGINT)
    until(
        lambda: all(checkout.pids()[name] != pid for name, pid in before.items()),
        "both servers are started again",
    )
    assert addresses(checkout) == [database, cache]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT one FROM kept_too").fetchone() == (1,)
    with redis.Redis.from_url(cache) as client:
        assert client.get("kept") == b"1"


def test_given_servers_are_used_and_none_is_started(bare_checkout: Checkout) -> None:
    given = {"DATABASE_URL": "postgresql://db.example/ehc", "REDIS_URL": "redis://cache.example/0"}
    shown = bare_checkout.run("-m", "launcher", "with", sys.executable, "-c", SHOW, **given)
    assert json.loads(shown.stdout) == list(given.values())
    assert bare_checkout.pids() == {}


def test_only_the_missing_server_is_started(bare_checkout: Checkout) -> None:
    given = {"DATABASE_URL": "postgresql://db.example/ehc"}
    shown = bare_checkout.run("-m", "launcher", "with", sys.executable, "-c", SHOW, **given)
    assert json.loads(shown.stdout)[0] == given["DATABASE_URL"]
    assert not (bare_checkout.local / "postgres").exists()
    assert set(bare_checkout.pids()) == {"valkey"}


def test_strangers_on_the_machine_are_kept_out(checkout: Checkout) -> None:
    checkout.holding()
    database, cache = addresses(checkout)
    for guess in ("wrong", ""):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(psycopg.conninfo.make_conninfo(database, password=guess))
    password = cache.removeprefix("redis://:").partition("@")[0]
    open_door = cache.replace(f":{password}@", "")
    with (
        redis.Redis.from_url(open_door) as client,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        client.ping()
    for secret in (checkout.local / "secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert psycopg.conninfo.conninfo_to_dict(database)["password"] not in processes.stdout
    assert password not in processes.stdout


def test_reset_refuses_while_in_use_and_then_deletes_everything(bare_checkout: Checkout) -> None:
    command = bare_checkout.holding()
    refused = bare_checkout.run("-m", "launcher", "reset")
    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert (bare_checkout.local / "postgres" / "data" / "PG_VERSION").exists()
    command.terminate()
    pids = bare_checkout.pids()
    until(lambda: bare_checkout.nothing_runs(pids), "the servers end")
    done = bare_checkout.run("-m", "launcher", "reset")
    assert done.returncode == 0, done.stderr
    assert str(bare_checkout.local) in done.stdout
    assert not bare_checkout.local.exists()


def test_a_full_disk_is_one_sentence(checkout: Checkout) -> None:
    # Writing to /dev/full fails as on a full disk; the keeper writes where its server is.
    written = checkout.local / "postgres.new"
    written.symlink_to("/dev/full")
    refused = checkout.run("-m", "launcher", "with", "true")
    written.unlink()
    assert refused.returncode == 1
    assert "is full: free some space" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_database_of_another_release_is_left_alone(checkout: Checkout) -> None:
    checkout.run("-m", "launcher", "with", "true")
    version = checkout.local / "postgres" / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("12\n")
    refused = checkout.run("-m", "launcher", "with", "true")
    version.write_text(kept)
    assert refused.returncode == 1
    assert "made by PostgreSQL 12" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.skipif(os.getuid() != 0, reason="only root has a private folder to start from")
def test_root_finds_a_place_its_database_user_can_enter(bare_checkout: Checkout) -> None:
    bare_checkout.local.chmod(0o700)
    inner = Checkout(bare_checkout.local / "private")
    found = addresses(inner)
    elsewhere = Path((inner.local / "elsewhere").read_text().strip())
    try:
        assert (elsewhere / "postgres" / "data" / "PG_VERSION").exists()
        assert addresses(inner) == found
    finally:
        assert inner.run("-m", "launcher", "reset").returncode == 0
    assert not elsewhere.exists()


@pytest.mark.skipif(os.getuid() != 0, reason="already run as an ordinary user")
def test_an_ordinary_user_needs_nothing_special(bare_checkout: Checkout) -> None:
    nobody = pwd.getpwnam("nobody")
    python = _python_for(nobody)
    if python is None:
        pytest.skip("the ordinary user can start no Python here, or cannot enter the checkout")
    os.chown(bare_checkout.local, nobody.pw_uid, nobody.pw_gid)
    done = subprocess.run(
        [python, "-m", "launcher", "with", python, "-c", SHOW],
        cwd=ROOT,
        env=bare_checkout.environment(HOME="/"),
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (bare_checkout.local / "postgres").stat().st_uid == nobody.pw_uid


def _python_for(user: pwd.struct_passwd) -> str | None:
    """A Python, new enough, that ``user`` can start and that can read this checkout."""
    question = (
        "import sys; sys.path[:0] = sys.argv[1:]; import launcher; "
        "sys.exit(sys.version_info < (3, 11))"
    )
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3") or ""):
        try:
            done = subprocess.run(
                [python, "-c", question, str(ROOT)],
                cwd="/",
                user=user.pw_uid,
                group=user.pw_gid,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return None

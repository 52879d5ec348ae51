"""The launcher's commands."""

import os
from collections.abc import Callable, Sequence

from launcher import checks, health, processes, run, servers, setup
from launcher.messages import Refusal, refusal_for, say, warn
from launcher.paths import local_folder


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit status; a refusal is one sentence and status 1."""
    name, *rest = words or ["help"]
    command = COMMANDS.get(name)
    if command is None:
        warn(f"Unknown command {name}: choose one of {', '.join(COMMANDS)}.")
        return 2
    try:
        return command(rest)
    except Refusal as refusal:
        warn(str(refusal))
        return 1
    except OSError as error:
        warn(str(refusal_for(error, local_folder())))
        return 1
    except KeyboardInterrupt:
        return 130


def _keep(words: Sequence[str]) -> int:
    return servers.keep(servers.KINDS[words[0]](local_folder()))


def _with(words: Sequence[str]) -> int:
    """Run a command with the servers up and their addresses in its environment."""
    with servers.ensure() as addresses:
        process = processes.start(words, environment=os.environ | addresses, standard_input=None)
        try:
            return process.wait()
        except BaseException:
            processes.stop(process)
            raise


def _reset(_words: Sequence[str]) -> int:
    deleted = servers.reset()
    for path in deleted:
        say(f"Deleted {path}")
    if not deleted:
        say("Nothing to delete: there are no private servers here.")
    return 0


def _setup(_words: Sequence[str]) -> int:
    setup.ensure("local")
    say("Everything is installed: `make run` starts the service.")
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run.run,
    "setup": _setup,
    "test": checks.test,
    "check": checks.check,
    "bench": checks.bench,
    "keep": _keep,
    "with": _with,
    "reset": _reset,
    "health": health.health,
}

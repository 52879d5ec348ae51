#!/usr/bin/env python3
"""Django's command line, with the private servers for commands that need a database."""

import sys

from launcher import django_commands
from launcher.messages import Refusal, refusal_for, warn
from launcher.paths import local_folder


def main() -> int:
    """Run one command under the checkout's own Python."""
    django_commands.use_own_python(sys.argv)
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as error:
        warn(f"{error}: run `make setup` first.")
        return 1
    prepared = django_commands.prepared(sys.argv[1:])
    try:
        prepared.__enter__()
    except Refusal as refusal:
        warn(str(refusal))
        return 1
    except OSError as error:
        warn(str(refusal_for(error, local_folder())))
        return 1
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        return 130
    finally:
        prepared.__exit__(None, None, None)
    return 0


if __name__ == "__main__":
    sys.exit(main())

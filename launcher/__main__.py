"""``python -m launcher COMMAND``: what the Makefile calls."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("This needs Python 3.11 or newer: install it, or name it: make PYTHON=python3.12 run")

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from launcher.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

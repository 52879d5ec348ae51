"""The process that looks through files reaches no network and starts no program."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "tried",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import _socket; _socket.socket()",
    ],
)
def test_every_way_out_is_shut(tried: str) -> None:
    code = f"from advice.reading import confine; confine(); {tried}; print('out')"
    done = subprocess.run(
        [sys.executable, "-c", code], env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "out" not in done.stdout
    assert "may not" in done.stderr

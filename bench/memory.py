"""How much memory this process holds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def resident() -> float:
    """Megabytes of memory this process holds now."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def watched(every: float = 0.2) -> Iterator[list[float]]:
    """What the process holds while the block runs, in megabytes, every so many seconds."""
    seen = [resident()]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every):
            seen.append(resident())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()

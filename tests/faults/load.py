"""A program that writes commands without pause, retries what fails, and says what became of it.

Started by the test of a PostgreSQL that restarts, against a database of its own (DATABASE_URL).
Prints “ready”, then a line for every twenty commands; a line on its standard input ends it, and its
last line is a JSON object.
"""

import json
import sys
import threading
import time
import uuid
from datetime import date
from typing import Any

import django
from django.db import Error

THREADS, CASES = 4, 3
TODAY = date(2025, 3, 3)


class Load:
    """What the threads share."""

    def __init__(self) -> None:
        from tests.factories import Council

        self.council = Council()
        self.assessments = [self.council.register(date(2025, 1, 8)) for _ in range(CASES)]
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged: list[str] = []
        self.failures: list[str] = []
        self.unexpected: list[str] = []

    def work(self, number: int) -> None:
        """One person’s steps, each repeated with its token until it is acknowledged."""
        turn = number
        while not self.stop.is_set():
            turn += 1
            token = uuid.uuid4()
            while not self._attempt(turn, token):
                time.sleep(0.1)

    def _attempt(self, turn: int, token: uuid.UUID) -> bool:
        from django.db import connection
        from psycopg_pool import PoolTimeout

        try:
            self._take(turn, token)
        except (Error, PoolTimeout) as error:
            with self.lock:
                self.failures.append(type(error).__name__)
            connection.close()
            return False
        except Exception as error:
            with self.lock:
                self.unexpected.append(repr(error))
            self.stop.set()
            return True
        with self.lock:
            self.acknowledged.append(str(token))
            if len(self.acknowledged) % 20 == 0:
                print(len(self.acknowledged), flush=True)  # noqa: T201
        return True

    def _take(self, turn: int, token: uuid.UUID) -> None:
        from ehc import commands

        assessment = self.assessments[turn % CASES]
        common: dict[str, Any] = {
            "on": TODAY,
            "by": self.council.manager,
            "today": TODAY,
            "token": token,
        }
        if turn % 2:
            note = {"with_whom": "Mother", "how": "telephone", "note": "She asks when."}
            commands.record_contact(assessment.case, **note, **common)
        else:
            commands.claim_exemption(
                assessment,
                ground="exceptional_circumstances",
                starts_on=date(2025, 1, 10),
                until=date(2025, 2, 1 + turn % 20),
                limits=["final_plan"],
                reason="A bereavement.",
                **common,
            )

    def report(self) -> dict[str, Any]:
        """What the database holds, beside what the threads were told."""
        from django.db import connections

        from ehc import truth
        from ehc.models import CaseEvent

        # The connections of before the restart are of no use; a new process would have none.
        connections.close_all()
        connections["default"].close_pool()
        written = CaseEvent.objects.exclude(kind="request_registered")
        return {
            "acknowledged": sorted(self.acknowledged),
            "written": sorted(str(token) for token in written.values_list("token", flat=True)),
            "failures": self.failures,
            "unexpected": self.unexpected,
            "differences": list(truth.check()),
        }


def main() -> None:
    """Set up, work until told to stop, report."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    load = Load()
    print("ready", flush=True)  # noqa: T201
    threads = [threading.Thread(target=load.work, args=(n,), daemon=True) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    sys.stdin.readline()
    load.stop.set()
    for thread in threads:
        thread.join(30)
    print(json.dumps(load.report()), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

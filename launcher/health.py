"""``python -m launcher health web|beat``: the health checks of ``docker-compose.yml``.

Only these need what is installed in production (psycopg); everything else here is the standard
library.
"""

import http.client
import os
from collections.abc import Sequence
from datetime import timedelta

from launcher.messages import Refusal

# Beat writes the times of its last runs every three minutes; its busiest task runs every 30 s.
_BEAT_LIMIT = timedelta(minutes=10)


def health(words: Sequence[str]) -> int:
    """0 when the named process of this container does its work, else 1 with the reason."""
    checks = {"web": _web, "beat": _beat}
    if len(words) != 1 or words[0] not in checks:
        raise Refusal(f"Name the process whose health is asked: {' or '.join(checks)}.")
    checks[words[0]]()
    return 0


def _web() -> None:
    port = int(os.environ.get("PORT") or 8000)
    host = os.environ.get("EHC_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/healthz", headers={"Host": host or "localhost"})
    status = connection.getresponse().status
    if status != http.client.OK:
        raise Refusal(f"/healthz answers with status {status}.")


def _beat() -> None:
    import psycopg

    question = "SELECT max(last_run_at) > now() - %s FROM django_celery_beat_periodictask"
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        answer = connection.execute(question, [_BEAT_LIMIT]).fetchone()
    if answer is None or not answer[0]:
        raise Refusal(f"Beat has started no task for {_BEAT_LIMIT}.")

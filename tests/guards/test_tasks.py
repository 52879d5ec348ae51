"""Every scheduled task exists, and no task carries anything about a person."""

import inspect
from typing import Any

import pytest
from django.conf import settings

from ehc.celery import app

#: What a task may be given: nothing, or the key of a row.
KEYS = (int, "int", "uuid.UUID", "UUID")


def own_tasks() -> dict[str, Any]:
    app.loader.import_default_modules()
    return {
        name: task
        for name, task in app.tasks.items()
        if name.partition(".")[0] in {"ehc", "notifications", "advice", "panels"}
    }


@pytest.mark.parametrize("entry", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_scheduled_tasks_exist_and_take_nothing(entry: str) -> None:
    scheduled = settings.CELERY_BEAT_SCHEDULE[entry]
    assert scheduled["task"] in own_tasks()
    assert not scheduled.get("args")
    assert not scheduled.get("kwargs")


def test_the_nightly_work_is_scheduled() -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {
        "notifications.tasks.sweep_outbox",
        "ehc.tasks.sweep_deadlines",
        "ehc.tasks.check_truth",
        "advice.tasks.chase",
        "advice.tasks.end_invitations",
    } <= scheduled


def test_tasks_take_nothing_or_keys() -> None:
    assert own_tasks()
    for name, task in own_tasks().items():
        for parameter in inspect.signature(task.run).parameters.values():
            assert parameter.annotation in KEYS, f"{name} takes {parameter}"


def test_a_killed_worker_loses_no_task_and_none_runs_twice_at_once() -> None:
    """A task outliving `visibility_timeout` would be handed to a second worker meanwhile."""
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    limits = [task.time_limit or settings.CELERY_TASK_TIME_LIMIT for task in own_tasks().values()]
    assert max(limits) < timeout

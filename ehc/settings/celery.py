"""Celery: wake-ups only. The truth is in PostgreSQL; a sweep finds what a lost wake-up missed."""

from celery.schedules import crontab

from ehc.settings.environment import required

REDIS_URL = required(
    "REDIS_URL",
    "where Redis or Valkey is, as redis://:password@host:port/0",
    outside_production="redis://localhost:6379/0",
)

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Europe/London"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task that outlives this runs twice at once: keep it above every time limit.
    "visibility_timeout": 900,
    # Without these a killed worker's task comes back only after about 100 seconds.
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "deliver what waits in the outbox": {
        "task": "notifications.tasks.sweep_outbox",
        "schedule": 30.0,
    },
    "find the limits that fall due": {
        "task": "ehc.tasks.sweep_deadlines",
        "schedule": crontab(hour=5, minute=30),
    },
    "chase the advice that is due": {
        "task": "advice.tasks.chase",
        "schedule": crontab(hour=6, minute=30),
    },
    "end the invitations whose last day has passed": {
        "task": "advice.tasks.end_invitations",
        "schedule": crontab(hour=5, minute=45),
    },
    "check the truth": {
        "task": "ehc.tasks.check_truth",
        "schedule": crontab(hour=2, minute=15),
    },
    "check the uploads that wait": {
        "task": "advice.tasks.sweep_uploads",
        "schedule": 60.0,
    },
    "clear unfinished uploads": {
        "task": "advice.tasks.clear_uploads",
        "schedule": crontab(minute=20),
    },
    "tell of sittings that were not held": {
        "task": "panels.tasks.tell_not_held",
        "schedule": crontab(hour=6, minute=15),
    },
    "clear packs that were made a while ago": {
        "task": "panels.tasks.clear_packs",
        "schedule": crontab(minute=35),
    },
    "clear ended sessions": {
        "task": "ehc.tasks.clear_sessions",
        "schedule": crontab(minute=45),
    },
}

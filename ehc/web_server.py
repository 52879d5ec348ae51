"""How gunicorn serves: `gunicorn --config python:ehc.web_server ehc.wsgi:application`."""

from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from ehc.logs import Discreet


class DiscreetLogger(Logger):
    """gunicorn's own log, in which nobody else can write a line and no value stands."""

    def setup(self, cfg: Any) -> None:
        """Give every handler our filter, again after each reload."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            if not any(isinstance(kept, Discreet) for kept in handler.filters):
                handler.addFilter(Discreet())


logger_class = DiscreetLogger
worker_class = "gthread"
threads = 4
control_socket_disable = True
# The path without the query: what people look for does not belong in a log.
access_log_format = "%(m)s %(U)s %(s)s %(M)s ms"

"""Everything between a bare machine and a running service.

Standard library only, because it runs before anything is installed: the virtual environment, the
front-end assets, the private PostgreSQL and Valkey under ``.local/``, and the processes of
``make run`` and ``make test``. Nothing in ``ehc`` or its sister apps imports it.
"""

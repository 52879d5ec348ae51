"""Commands that need a database with all our tables: what is wrong is one sentence, not a trace."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg_pool import PoolTimeout


class DatabaseCommand(BaseCommand):
    """A command that ends with status 2 when the database is away or not up to date."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Look at the database first."""
        problem = problem_with_database()
        if problem:
            (options.get("stderr") or self.stderr).write(f"{problem}\n")
            sys.exit(2)
        return super().execute(*args, **options)


def problem_with_database() -> str:
    """What must be done before the database can be used, as a sentence; empty when it can."""
    try:
        executor = MigrationExecutor(connection)
    except (DatabaseError, PoolTimeout):
        at = connection.settings_dict
        where = f"{at['HOST'] or 'localhost'}:{at['PORT'] or 5432}"
        return (
            f"The database {at['NAME']} at {where} does not answer: see that the server runs and "
            "that DATABASE_URL has the right address, user and password."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return (
            "The database is not up to date with this release: run `python manage.py migrate`, "
            "then this again."
        )
    return ""

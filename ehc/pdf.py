"""Documents as PDF: typeset from a template of ours and data, readable by everybody.

Tagged for screen readers (PDF/UA-1), with bookmarks from headings, and with text that can be
selected. A template is a file `<app>/typst/<name>.typ`; what is common stands in
`ehc/typst/page.typ`. Data reaches it as JSON and is shown as it is, so nothing that a person typed
can become markup.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.core.serializers.json import DjangoJSONEncoder

STANDARD: Final = "ua-1"
_ROOT = Path(__file__).resolve().parent.parent
#: What a typesetter says of a letter for which the machine has no font.
_NO_FONT = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
#: Signs that no font shows and that stand for nothing in a document.
_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufeff\ufff9-\uffff\U000e0000-\U0010ffff]"
)
log = logging.getLogger(__name__)


class CannotTypeset(Exception):
    """A template of ours is wrong; it says nothing about the data."""


class NoFont(Exception):
    """The machine has no font for letters in the data; the words name their script."""


def typeset(template: str, data: Mapping[str, Any], *, boxes: bool = True) -> bytes:
    """The PDF of a template (`panels/typst/sheet.typ`) with this data; the same data, the same PDF.

    `data` must be fit for JSON (dates and moments are written as ISO text; word them before).
    Where the machine has no font for a script, its letters are drawn as boxes, the document is then
    tagged but not to the standard, and the log names the script: the deployment lacks a font. With
    `boxes=False`, for what goes out of the house, that raises `NoFont` instead.
    Raises `CannotTypeset`.
    """
    inputs = {"data": json.dumps(_clean(data), cls=DjangoJSONEncoder)}
    try:
        return _compile(template, inputs, to_standard=True)
    except typst.TypstError as error:
        missing = _NO_FONT.search(str(error))
        if missing is None:
            raise CannotTypeset(f"{template} cannot be typeset: {error}") from None
        script = _script(missing[1])
        log.warning("No font for %s: install fonts for all scripts.", script)
        if not boxes:
            raise NoFont(script) from None
    try:
        return _compile(template, inputs, to_standard=False)
    except typst.TypstError as error:
        raise CannotTypeset(f"{template} cannot be typeset: {error}") from None


def _compile(template: str, inputs: dict[str, str], *, to_standard: bool) -> bytes:
    made = typst.compile(
        str(_ROOT / template),
        root=str(_ROOT),
        font_paths=fonts(),
        sys_inputs=inputs,
        pdf_standards=STANDARD if to_standard else None,
    )
    if not isinstance(made, bytes):
        raise CannotTypeset(f"{template} makes no single document.")
    return made


@cache
def fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once: that takes longer than to typeset a page."""
    return typst.Fonts()


def _clean(value: Any) -> Any:
    """The data without signs that no document can show."""
    if isinstance(value, str):
        return _NOT_SHOWN.sub("", value)
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def _script(letters: str) -> str:
    """The script of a letter, for the log: never the word itself."""
    return unicodedata.name(letters[0], "unknown").partition(" ")[0].lower()

"""Minutes as blocks, which the page, the PDF and the Word file show alike."""

import io
import re
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ehc.pdf import typeset
from ehc.templating import count
from ehc.wording import listed

TEMPLATE: Final = "panels/typst/minutes.typ"
WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGE: Final = "en-GB"
_FACE: Final = "Arial"
#: An empty line begins a paragraph.
_BETWEEN: Final = re.compile(r"\n[ \t]*\n\s*")
Block = dict[str, Any]


def title_of(content: dict[str, Any]) -> str:
    """What the document is called."""
    return f"Minutes of the {content['panel']}, {content['on']}"


def blocks(content: dict[str, Any], check: str = "") -> list[Block]:
    """The minutes in order; `check` is the check value of signed ones.

    A copy from which something is left out for its reader says so before anything else.
    """
    return [
        *_left_out(content),
        _facts(_head(content)),
        *_people(content),
        *_opening(content),
        _heading("Items"),
        *(
            [block for row in content["items"] for block in _item(row)]
            or [_text("No item was listed.")]
        ),
        *_noted(content),
        *_end(content, check),
    ]


def _heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _points(items: list[str]) -> Block:
    return {"kind": "points", "items": items}


def _said(label: str, text: str) -> list[Block]:
    """What was written, under a word for what it is; nothing where nothing was."""
    return [{"kind": "said", "label": label, "text": text}] if text.strip() else []


def _facts(pairs: list[tuple[str, str]]) -> Block:
    return {"kind": "facts", "pairs": [[what, value] for what, value in pairs if value]}


def _head(content: dict[str, Any]) -> list[tuple[str, str]]:
    wanted = ", ".join(f"{least} from {seat}" for seat, least in content["quorum"])
    quorum = f"{content['least_present']} members" + (f", of them {wanted}" if wanted else "")
    return [
        ("Authority", content["authority"]),
        ("Panel", content["panel"]),
        ("Day", content["on"]),
        ("Place", content["place"]),
        ("In the chair", content["chair"]),
        ("Opened", content["opened"]),
        ("Ended", content["ended"]),
        ("Quorum", f"{quorum} (terms of reference, version {content['terms']})"),
    ]


def _left_out(content: dict[str, Any]) -> list[Block]:
    places = [str(row["position"]) for row in content["items"] if row.get("hidden")]
    noted = sum(1 for row in content["noted"] if row.get("hidden"))
    parts = [f"{'item' if len(places) == 1 else 'items'} {listed(places)}"] if places else []
    if noted:
        parts.append(f"{count(noted, 'decision')} taken without a sitting")
    if not parts:
        return []
    return [_text(f"This is a copy for one reader, and not the whole. Left out: {listed(parts)}.")]


def _people(content: dict[str, Any]) -> list[Block]:
    found = [_heading("Who was there")]
    rows = [
        [
            who["name"],
            f"{_seat(who)}, observes" if who["observer"] else _seat(who),
            ", ".join(who["times"]),
        ]
        for who in content["present"]
    ]
    if rows:
        found.append({"kind": "table", "header": ["Name", "Seat", "In the room"], "rows": rows})
    else:
        found.append(_text("Nobody is recorded as present."))
    if content["absent"]:
        found.append(_text("Asked to come, and not there:"))
        found.append(
            _points([f"{who['name']} ({_seat(who)}): {who['why']}" for who in content["absent"]])
        )
    return found


def _seat(who: dict[str, Any]) -> str:
    """The seat, and the body whose view it brings where one is recorded."""
    return f"{who['seat']}, {who['agency']}" if who["agency"] else str(who["seat"])


def _opening(content: dict[str, Any]) -> list[Block]:
    if not content["standing"]:
        return []
    return [_heading("The agenda began with"), _points(content["standing"])]


def _item(row: dict[str, Any]) -> list[Block]:
    if row.get("hidden"):
        return [_heading(f"Item {row['position']}", 3), _text("This item is not shown to you.")]
    found = [
        _heading(f"Item {row['position']}: {row['reference']}", 3),
        _text(f"{row['question']} ({row['test']})"),
    ]
    if row["interests"]:
        found.append(
            _text(f"Declared an interest and took no part: {', '.join(row['interests'])}.")
        )
    said = row["recommended"]
    if said is not None:
        found += _recommended(said)
    for each in row["corrected"]:
        found.append(
            _text(
                f"Written down first as “{each['was']}”, and corrected by {each['by']}: "
                f"{each['because']}"
            )
        )
    if row["decided"] is not None:
        found += _decided(row["decided"], advised=said is not None)
    elif said is not None:
        undecided = "The authority had not decided when these minutes were made."
        found.append(_text(row["ended_because"] or undecided))
    if row["deferred"] is not None:
        found += _deferred(row["deferred"])
    elif said is None and row["decided"] is None:
        because = f": {row['ended_because']}" if row["ended_because"] else "."
        found.append(_text(f"{row['status']}{because}"))
    if row["actions"]:
        found.append(_text("Actions:"))
        found.append(_points([_action(each) for each in row["actions"]]))
    return found


def _recommended(said: dict[str, Any]) -> list[Block]:
    quorate = (
        "The panel was quorate."
        if said["quorate"]
        else "The panel was not quorate"
        + (f" (missing: {', '.join(said['missing'])})" if said["missing"] else "")
        + ": this is the advice of those present."
    )
    return [
        _text(
            f"Recommended at {said['at']}: {said['outcome']}. {quorate} Took part: "
            f"{', '.join(said['present']) or 'nobody'}."
        ),
        *_said("Evidence for", said["evidence_for"]),
        *_said("Evidence against", said["evidence_against"]),
        *_said("Options looked at", said["options"]),
        *_said("Reasons", said["reasons"]),
        *_said("Dissent", said["dissent"]),
    ]


def _decided(said: dict[str, str], *, advised: bool) -> list[Block]:
    under = f", under {said['under']}" if said["under"] else ""
    found = [_text(f"Decided on {said['on']} by {said['by']}{under}: {said['outcome']}.")]
    if said["departs_because"] and advised:
        found += _said("Why otherwise than recommended", said["departs_because"])
    return found


def _deferred(said: dict[str, Any]) -> list[Block]:
    to = f" to {said['to']}" if said["to"] else ""
    clock = ""
    if said["due"]:
        late = said["days_late"]
        clock = f" The last lawful day is {said['due']}; no clock stops."
        if late:
            clock += f" The decision will be {late} {'day' if late == 1 else 'days'} late."
    found = [_text(f"Deferred{to}.{clock}"), *_said("Why", said["reason"])]
    if said["wanted"]:
        found += [_text("Wanted for then:"), _points(said["wanted"])]
    return found


def _action(said: dict[str, str]) -> str:
    shares = f" ({said['shares']})" if said["shares"] else ""
    # Some write what is to be done as a sentence, with its full stop.
    what = said["what"].rstrip(" .")
    return f"{said['kind']}: {what}{shares}. {said['owner']}, by {said['due']}."


def _noted(content: dict[str, Any]) -> list[Block]:
    if not content["noted"]:
        return []
    rows = []
    for row in content["noted"]:
        if row.get("hidden"):
            rows.append("A decision that is not shown to you.")
            continue
        remark = f" The panel remarked: {row['remark']}" if row["remark"] else ""
        rows.append(
            f"{row['reference']}: {row['outcome']}, {row['on']}, by {row['by']}. "
            f"{row['why']}.{remark}"
        )
    return [_heading("Noted: decisions taken without a sitting"), _points(rows)]


def _end(content: dict[str, Any], check: str) -> list[Block]:
    found = []
    if content["remarks"].strip():
        found += [_heading("Remarks"), {"kind": "said", "label": "", "text": content["remarks"]}]
    signed = content["signed"]
    found.append(_heading("Signed"))
    if signed is None:
        found.append(_text("This is a draft. The chair has not signed it."))
    else:
        found.append(_text(f"{signed['by']}, in the chair, on {signed['at']}."))
        if check:
            groups = " ".join(check[at : at + 8] for at in range(0, len(check), 8))
            found.append(_text(f"Check value (SHA-256): {groups}"))
    return found


def pdf_of(content: dict[str, Any], check: str = "") -> bytes:
    """The minutes as a tagged PDF."""
    data = {"title": title_of(content), "blocks": blocks(content, check)}
    return typeset(TEMPLATE, {**data, "draft": content["signed"] is None})


def word_of(content: dict[str, Any], check: str = "") -> bytes:
    """The minutes as a Word file with headings, header rows and its language."""
    made = Document()
    _dress(made, content)
    made.add_heading(_plain(title_of(content)), level=1)
    if content["signed"] is None:
        _paragraph(made, "Draft", "")
    for block in blocks(content, check):
        _add(made, block)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _dress(made: WordDocument, content: dict[str, Any]) -> None:
    """The properties of the file, its language for whoever has it read aloud, and its letters."""
    properties = made.core_properties
    properties.title = title_of(content)
    properties.language = _LANGUAGE
    properties.author = content["authority"]
    properties.comments = ""
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)
    settings = made.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), _LANGUAGE)
    # Written for the Word of today: an older mode is named in the title bar and warned of.
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
    _lay_out(made, title_of(content))
    made.styles["Normal"].font.name = _FACE
    made.styles["Normal"].font.size = Pt(11)
    for level, size in ((1, 18), (2, 14), (3, 12)):
        style = made.styles[f"Heading {level}"]
        # The theme’s own face is named by each script, and stands before a face by name.
        for script in ("asciiTheme", "hAnsiTheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{script}"), None)
        style.font.name, style.font.size = _FACE, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)


def _lay_out(made: WordDocument, title: str) -> None:
    """Sheets of A4, with the title and the number of each at its foot."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin = section.bottom_margin = Mm(22)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{_plain(title)}, page ")
    for field, words in (("PAGE", " of "), ("NUMPAGES", "")):
        holder = OxmlElement("w:fldSimple")
        holder.set(qn("w:instr"), field)
        number = OxmlElement("w:r")
        shown = OxmlElement("w:t")
        shown.text = "1"
        number.append(shown)
        holder.append(number)
        foot._p.append(holder)
        foot.add_run(words)


def _add(made: WordDocument, block: Block) -> None:
    match block["kind"]:
        case "heading":
            made.add_heading(_plain(block["text"]), level=block["level"])
        case "text":
            made.add_paragraph(_plain(block["text"]))
        case "points":
            for item in block["items"]:
                made.add_paragraph(_plain(item), style="List Bullet")
        case "said":
            label = f"{block['label']}: " if block["label"] else ""
            for part in _BETWEEN.split(block["text"].replace("\r\n", "\n").strip()):
                _paragraph(made, label, part)
                label = ""
        case "facts":
            for what, value in block["pairs"]:
                _paragraph(made, f"{what}: ", value)
        case "table":
            _table(made, block["header"], block["rows"])


def _paragraph(made: WordDocument, label: str, words: str) -> None:
    """A paragraph that begins with what it is."""
    paragraph = made.add_paragraph()
    if label:
        paragraph.add_run(label).bold = True
    paragraph.add_run(_plain(words))


def _table(made: WordDocument, header: list[str], rows: list[list[str]]) -> None:
    table = made.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, header, strict=True):
        cell.text = words
        cell.paragraphs[0].runs[0].bold = True
    # What repeats on each page is what a screen reader reads as the heads of columns.
    repeats = OxmlElement("w:tblHeader")
    repeats.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeats)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(words)


def _plain(text: str) -> str:
    """Without signs that no Word file may hold."""
    return "".join(c for c in text if c in "\t\n" or " " <= c < "\ud800" or c >= "\ue000")

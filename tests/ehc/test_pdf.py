"""Typeset documents: read by everybody, and never broken by what somebody typed."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from ehc import pdf
from tests.pdf_structure import elements, faults_of

_TEMPLATE = """#import "/ehc/typst/page.typ": a4, prose, facts
#let d = json(bytes(sys.inputs.data))
#show: a4.with(title: d.title, foot: d.foot)
= #d.title
#facts(d.facts)
== What was said
#prose(d.words)
"""


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A template in a folder of its own, beside what all templates share."""
    (tmp_path / "ehc" / "typst").mkdir(parents=True)
    shared = Path(pdf.__file__).parent / "typst" / "page.typ"
    (tmp_path / "ehc" / "typst" / "page.typ").write_text(shared.read_text())
    (tmp_path / "letter.typ").write_text(_TEMPLATE)
    monkeypatch.setattr(pdf, "_ROOT", tmp_path)
    return "letter.typ"


_PAIRS = [["Name", "Zoë"], ["What the family asks for, soon and later", "A friend. " * 200]]
_ROWS = [{"title": "Report", "about": "accepted", "late": True, "part": 1}]
_BLOCKS = [
    {"kind": "heading", "text": "Items", "level": 2},
    {"kind": "facts", "pairs": _PAIRS},
    {"kind": "table", "header": ["Name", "Seat"], "rows": [["Ann", "Health"]] * 60},
    {"kind": "points", "items": ["One.", "Two."]},
    {"kind": "said", "label": "Reasons", "text": "One.\n\nTwo."},
]
_EVERY: dict[str, dict[str, object]] = {
    "panels/typst/cover.typ": {
        "when": "Monday",
        "place": "Town Hall",
        "chair": "Ann",
        "standing": ["Welcome"],
        "items": [
            {
                "number": 1,
                "name": "Zoë",
                "reference": "E-1",
                "question": "Is it?",
                "due": "None",
                "part": 1,
            }
        ],
        "hidden": 2,
    },
    "panels/typst/sheet.typ": {
        "question": "Is it?",
        "test": ["Where it is."],
        "introduction": "Please.",
        "facts": _PAIRS,
        "papers": _ROWS,
        "taken_back": ["1 May 2026"],
        "missing": ["The advice."],
        "incomplete_because": "It is urgent.",
        "earlier": [["1 May 2026", "Assess."]],
        "made_on": "1 May 2026",
    },
    "panels/typst/minutes.typ": {"draft": True, "blocks": _BLOCKS},
    "advice/typst/advice.typ": {
        "facts": _PAIRS,
        "nothing": "",
        "answers": [["Strengths", "Many."]],
        "rows": [_PAIRS, _PAIRS],
    },
    "panels/typst/letter.typ": {
        **dict.fromkeys(("subject", "from", "reference", "date", "dear", "signed"), "Said"),
        **{key: ["A line"] for key in ("to", "to_lines", "from_lines")},
        "signed_for": "The authority",
        "blocks": [
            {"kind": "text", "text": "We have decided."},
            {"kind": "heading", "level": 2, "text": "Why"},
            {"kind": "written", "text": "One.\n\nTwo."},
            {"kind": "steps", "items": ["Ring us.", "Appeal."]},
            {"kind": "contact", "name": "SENDIASS", "ways": [["Telephone", "0114 496 0101"]]},
        ],
    },
    "ehc/typst/word.typ": {
        "blocks": [{"heading": "Findings"}, {"rows": [["a", "b"], ["c"]]}, {"text": "Said."}]
    },
    "ehc/typst/notice.typ": {"why": "It is damaged."},
}


def _data(name: str, words: str = "One.\n\nTwo,\nthree.") -> dict[str, object]:
    return {"title": f"About {name}", "foot": "EHC-1", "facts": [["Name", name]], "words": words}


def _read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Ọláńrewájú", "محمد علی", "Ольга", "O’Brien\u200f"]
)
def test_a_document_is_tagged_to_the_standard_with_bookmarks_and_text(
    letter: str, name: str
) -> None:
    made = _read(pdf.typeset(letter, _data(name)))
    xmp = made.xmp_metadata
    assert xmp is not None
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp.stream.get_data()
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert made.trailer["/Root"]["/Lang"] == "en-GB"
    assert made.metadata is not None
    assert made.metadata.title == f"About {name}"
    assert "Page 1 of 1" in made.pages[0].extract_text()
    heading, below = made.outline
    assert heading["/Title"].startswith("About")
    assert below[0]["/Title"] == "What was said"


@pytest.mark.parametrize("template", _EVERY)
def test_every_document_of_ours_keeps_the_standard(template: str) -> None:
    """Structure, order of headings, heads of tables, words of pictures, fonts, language, title."""
    data = {"title": "About Zoë", "foot": "EHC-1", "first": 3, "total": 9, "starts": [1, 7]}
    assert faults_of(_read(pdf.typeset(template, data | _EVERY[template]))) == []


def test_each_value_of_a_list_of_facts_is_read_with_what_it_is(letter: str) -> None:
    made = _read(pdf.typeset(letter, _data("Ann")))
    kinds = [str(each["/S"]) for each in elements(made)]
    at = kinds.index("/L")
    assert kinds[at : at + 5] == ["/L", "/LI", "/Lbl", "/Strong", "/LBody"]


@pytest.mark.parametrize("name", ["ꯃꯩꯇꯩ 𐑕𐑱𐑥 ᏣᎳᎩ", "\ue000 \x00\ud800 \ufffe"])
def test_no_name_stops_a_document(letter: str, name: str) -> None:
    assert "Two" in _read(pdf.typeset(letter, _data(name))).pages[0].extract_text()


def test_what_was_typed_is_no_markup(letter: str) -> None:
    words = '#read("/ehc/pdf.py") *bold* = not a heading\n\n#let x = 1 \\ $a$ <label> @ref'
    text = _read(pdf.typeset(letter, _data("Ann", words))).pages[0].extract_text()
    assert '#read("/ehc/pdf.py") *bold* = not a heading' in text
    assert "#let x = 1 \\ $a$ <label> @ref" in text


def test_a_name_of_any_length_stays_on_the_page(letter: str) -> None:
    name = "Maximiliane" * 27
    made = _read(pdf.typeset(letter, _data(name)))
    runs: list[str] = []
    made.pages[0].extract_text(visitor_text=lambda text, *_: runs.append(text))
    lines = [line.replace("\u200b", "") for run in runs for line in run.split("\n")]
    assert max(len(line) for line in lines) < 120
    assert name in "".join(lines)


def test_the_same_data_make_the_same_document(letter: str) -> None:
    assert pdf.typeset(letter, _data("Ann")) == pdf.typeset(letter, _data("Ann"))


def test_a_template_that_is_wrong_is_our_fault_and_said_so(letter: str) -> None:
    with pytest.raises(pdf.CannotTypeset, match=letter):
        pdf.typeset(letter, {"title": "No more"})

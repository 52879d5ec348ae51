"""Typeset documents: read by everybody, and never broken by what somebody typed."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from ehc import pdf

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

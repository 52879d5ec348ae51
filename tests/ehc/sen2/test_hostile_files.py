"""Files that are broken, cut off or made to harm: refused with a sentence, nothing written."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from ehc.models import Authority, Case, Person
from ehc.sen2 import reader
from tests import sen2_files as files

pytestmark = pytest.mark.django_db


def refusal(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says about a file that it refuses, having written nothing."""
    with pytest.raises(SystemExit) as ended:
        call_command("import_sen2", str(path))
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    assert (Person.objects.count(), Case.objects.count(), Authority.objects.count()) == (0, 0, 0)
    return said.err


def whole(people: int = 3, **instead: object) -> str:
    return files.message(files.invented_people(2025, people), **instead)  # type: ignore[arg-type]


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda _: "", "empty"),
        (lambda _: "surname,forename\nTestwood,Ada\n", "not XML"),
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: text[:-3], "cut off"),
        (lambda text: text + text, "two files run together"),
        (lambda text: text.replace("</Surname>", "</Surnam>", 1), "not well-formed XML"),
        (lambda text: text.replace("Message>", "CINMessage>"), "begins with <Message>"),
        (lambda text: text.replace(">SEN2<", ">CIN<"), "SEN2 collection"),
        (lambda text: text.replace("<Year>2025", "<Year>2022"), "2023 to 2026"),
        (lambda text: text.replace("<Year>2025", "<Year>soon"), "2023 to 2026"),
        (lambda text: text.replace("<LEA>373", "<LEA>999"), "authority in England"),
        (lambda text: text.replace("<LEA>373</LEA>", ""), "authority in England"),
        (lambda text: text.replace("Header>", "Heading>"), "where a SEN2 return has only"),
        (lambda text: text.replace("Source>", "Sauce>"), "no <Source>"),
        (lambda _: whole(0), "no people"),
        (
            lambda text: text.replace(
                "?>\n", f'?>\n<!DOCTYPE Message [<!ENTITY e0 "x">{BOMB}]>\n', 1
            ).replace("<Surname>", "<Surname>&e11;", 1),
            "document type",
        ),
        (
            lambda text: text.replace(
                "?>\n", '?>\n<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n', 1
            ).replace("<Surname>", "<Surname>&x;", 1),
            "document type",
        ),
        (
            lambda text: text.replace(
                "?>\n", '?>\n<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/x.dtd">\n', 1
            ),
            "document type",
        ),
        (
            lambda text: text.replace("?>\n", f"?>\n<!--{'x' * 70_000}--><!DOCTYPE Message>\n", 1),
            "does not begin with an element",
        ),
        (lambda text: text.replace("<Surname>", "<Surname>&x;", 1), "not well-formed"),
        (lambda text: text.replace("<Surname>", "<a>" * 400, 1), "nested deeper"),
        (lambda text: text.replace("<Surname>", "<a>" * 100_000, 1), "deeper"),
        (lambda text: text.replace("<Surname>", "<Surname>" + "x" * 30_000, 1), "longer than"),
        (lambda text: text.replace("<Surname>", "<Surname>" + "x" * 11_000_000, 1), "longer"),
        (lambda text: text.replace("<Surname>", "<a/>" * 6_000 + "<Surname>", 1), "elements"),
    ],
)
def test_refused_with_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    broken: Callable[[str], str],
    says: str,
) -> None:
    path = tmp_path / "return.xml"
    path.write_text(broken(whole()), encoding="utf-8")
    assert says in refusal(path, capsys)


def test_an_encoding_that_lies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "return.xml"
    text = whole().replace("<Surname>", "<Surname>Zoë", 1)
    path.write_bytes(text.encode("latin-1", "replace"))
    assert "not in the encoding" in refusal(path, capsys)
    path.write_bytes(text.replace("UTF-8", "UTF-7").encode())
    assert "unusual encoding" in refusal(path, capsys)
    path.write_bytes(text.replace("UTF-8", "UTF-16").encode())
    assert "return.xml was not taken" in refusal(path, capsys)


def test_a_document_type_cannot_hide_in_another_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "return.xml"
    text = whole().replace("UTF-8", "UTF-16")
    path.write_bytes(text.replace("?>\n", "?>\n<!DOCTYPE Message>\n", 1).encode("utf-16"))
    assert "document type" in refusal(path, capsys)


def test_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no file of this name" in refusal(tmp_path / "missing.xml", capsys)
    assert "folder" in refusal(tmp_path, capsys)
    assert "not an ordinary file" in refusal(Path("/dev/null"), capsys)
    workbook = tmp_path / "return.xlsm"
    workbook.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "Excel" in refusal(workbook, capsys)


def test_a_gigabyte_is_refused_unread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "return.xml"
    with path.open("wb") as target:
        target.write(whole().encode())
        target.truncate(1024**3)
    assert "1,024 MB" in refusal(path, capsys)


def test_too_many_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_PEOPLE", 5)
    path = files.write_return(tmp_path / "return.xml", people=6)
    assert "more than 5 people" in refusal(path, capsys)


def test_a_good_file_in_utf_16_with_a_name_space_is_read() -> None:
    text = whole().replace("UTF-8", "UTF-16").replace("<Message>", '<Message xmlns="urn:x">')
    people = list(reader.stream(io.BytesIO(text.encode("utf-16"))))
    assert [node.tag for node in people] == ["Header", "Person", "Person", "Person"]

"""Real files for tests, made on the spot: what people add, and what they should not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from pypdf import PdfReader, PdfWriter

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(
    text: str = "A report", *, catalog: str = "", more: Sequence[str] = (), packed: bool = False
) -> bytes:
    """A PDF of one page; `catalog` and the objects `more` (from number 6 on) are added to it.

    With `packed` the added objects lie compressed in an object stream, where a search of the bytes
    does not find them.
    """
    said = text.replace("\\", "").replace("(", "").replace(")", "").encode("cp1252")
    lines = b" Tj 0 -14 Td ".join(b"(%s)" % line for line in said.split(b"\n"))
    content = b"BT /F1 12 Tf 20 800 Td %s Tj ET" % lines
    bodies: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    added = {6 + n: body.encode("latin-1") for n, body in enumerate(more)}
    return _packed(bodies, added) if packed else _plain(bodies | added)


def _plain(bodies: Mapping[int, bytes]) -> bytes:
    out, places = _written(bodies)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    for number in sorted(bodies):
        out += b"%010d 00000 n \n" % places[number]
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def _packed(bodies: dict[int, bytes], added: Mapping[int, bytes]) -> bytes:
    heads, inside = b"", b""
    for number, body in added.items():
        heads += b"%d %d " % (number, len(inside))
        inside += body + b" "
    stream, xref = 6 + len(added), 7 + len(added)
    data = zlib.compress(heads + inside)
    bodies[stream] = (
        b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\n"
        b"stream\n%s\nendstream" % (len(added), len(heads), len(data), data)
    )
    out, places = _written(bodies)
    rows = struct.pack(">BIH", 0, 0, 65535)
    for number in range(1, xref):
        inside_at = list(added).index(number) if number in added else 0
        rows += (
            struct.pack(">BIH", 2, stream, inside_at)
            if number in added
            else struct.pack(">BIH", 1, places[number], 0)
        )
    rows += struct.pack(">BIH", 1, len(out), 0)
    start = len(out)
    out += (
        b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\n" % (xref, xref + 1, len(rows), rows)
    )
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def _written(bodies: Mapping[int, bytes]) -> tuple[bytes, dict[int, int]]:
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in bodies.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return out, places


def locked_pdf(password: str, owner: str = "owner") -> bytes:
    """A PDF that asks for a password; with an empty one it may be read but not changed."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(password, owner_password=owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(
    text: str = "A report", *, header: str = "", more: Mapping[str, bytes] | None = None
) -> bytes:
    """A Word document: a paragraph for each line, with the parts `more` beside it."""

    def part(tag: str, said: str) -> bytes:
        lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in said.split("\n"))
        return f'<?xml version="1.0"?><w:{tag} xmlns:w="{_W}">{lines}</w:{tag}>'.encode()

    parts = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types/>',
        "word/document.xml": part("document", text),
    }
    if header:
        parts["word/header1.xml"] = part("hdr", header)
    return archive(parts | dict(more or {}))


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture of one colour; a large one is small as a file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(b"\0" * (min(width, 10) // 8 + 2) * min(height, 10))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """The outline of a JPEG: its frame, a scan and its end."""
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    scan = struct.pack(">BBBBBB", 1, 1, 0, 0, 63, 0)
    return (
        b"\xff\xd8"
        + b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
        + b"\xff\xda" + struct.pack(">H", len(scan) + 2) + scan
        + b"\x12\x34\xff\x00\x56"
        + b"\xff\xd9"
    )  # fmt: skip

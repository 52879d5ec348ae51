"""Why a file is refused: what it is, and what to do instead, for the person who added it."""

from collections.abc import Mapping

#: By the code that is kept with the file. Each follows its name.
REFUSALS: Mapping[str, str] = {
    "too_large": "It is larger than 50 MB. Save it with smaller pictures, or split it in two.",
    "empty": "It is empty. Save it again and add it again.",
    "old_word": (
        "It is an older Office file (.doc or its like), which can hold programs. Open it in Word, "
        "save it as a Word document (.docx) or as a PDF, and add that."
    ),
    "rich_text": "It is an RTF file. Save it as a Word document (.docx) or a PDF, and add that.",
    "program": "It is a program, whatever its name says. Add the report itself.",
    "macros": (
        "It is a Word document with macros, which are programs. Save it as a Word document (.docx) "
        "without macros or as a PDF, and add that."
    ),
    "archive": (
        "It is a zip file or another kind of Office file, not a Word document. Take the reports "
        "out, or save it as a PDF, and add that."
    ),
    "iphone_picture": (
        "It is a picture in the HEIC format. Save it as JPEG, or in the settings of the camera "
        "choose “Most compatible” and take it again."
    ),
    "other_type": (
        "It is not a PDF, a Word document (.docx) or a picture (JPEG, PNG), whatever its name "
        "says. Save it as one of these, and add that."
    ),
    "archive_bomb": (
        "Opened, it would take up far more room than a report can need. Save it as a PDF, and add "
        "that."
    ),
    "inserted_files": (
        "Other files or programs are inserted in it. Take them out, or save it as a PDF, and add "
        "that; add the inserted files by themselves."
    ),
    "word_fetches": (
        "It is a Word document that fetches or starts something from elsewhere when it is opened. "
        "Open it in Word, save it as a PDF, and add that."
    ),
    "pdf_script": (
        "It is a PDF that holds a program (JavaScript). Open it, choose Print and then “Save as "
        "PDF”, and add what that makes."
    ),
    "pdf_launch": (
        "It is a PDF that starts programs or opens files from elsewhere. Open it, choose Print and "
        "then “Save as PDF”, and add what that makes."
    ),
    "pdf_files": (
        "Other files are attached inside this PDF. Add them by themselves. Then open the PDF, "
        "choose Print and “Save as PDF”, and add what that makes."
    ),
    "pdf_form": (
        "It is a PDF form that only one program can open. Open it there, choose Print and then "
        "“Save as PDF”, and add what that makes."
    ),
    "pdf_password": (
        "It is locked with a password, so nobody could read it here. Save it without a password, "
        "and add that: this service keeps it private."
    ),
    "picture_too_large": (
        "The picture has more than 100 million points. Save it smaller, and add that."
    ),
    "truncated": "The end of it is missing. Save it or copy it again, and add that.",
    "unreadable": (
        "It is damaged and cannot be read. Open it, save it again as a PDF, and add that."
    ),
    "took_too_long": (
        "It could not be looked through in a minute. Open it, choose Print and then “Save as PDF”, "
        "and add what that makes."
    ),
    "lost": "It was lost here before it could be checked. We are sorry. Add it again.",
    "not_scanned": (
        "The virus scanner could not look through all of it: it is too large for the scanner, has "
        "too many parts, or is locked. Open it, choose Print and then “Save as PDF”, and add what "
        "that makes; or split it in two."
    ),
    "infected": (
        "The virus scanner found something in it. It was deleted here. Do not send it to anybody; "
        "tell your IT service."
    ),
}


class Rejected(Exception):
    """The file is refused; the argument is a code of `REFUSALS`."""

    @property
    def code(self) -> str:
        """The code."""
        return str(self.args[0])


def refuse_if(found: bool, code: str) -> None:
    """Raise `Rejected` when it was found."""
    if found:
        raise Rejected(code)

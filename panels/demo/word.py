"""A Word file as a school writes it."""

import io
from datetime import date

from docx import Document

from ehc.dates import in_words


def word_file(title: str, full_name: str, born: date) -> bytes:
    """A heading, two paragraphs and a table, about this child."""
    made = Document()
    made.add_heading(title, 1)
    made.add_paragraph(f"About {full_name}, born {in_words(born)}.")
    made.add_paragraph(
        "The numbers of the first version were those of last year. These are the right ones."
    )
    table = made.add_table(rows=1, cols=3, style="Table Grid")
    for cell, words in zip(table.rows[0].cells, ("What", "Hours a week", "Since"), strict=True):
        cell.text = words
    for row in (
        ("Adult beside the child", "14", "September"),
        ("Group for reading", "2.5", "January"),
        ("Quiet room at noon", "1", "March"),
    ):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()

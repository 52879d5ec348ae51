"""Handing over the bytes of a document."""

from django.http import FileResponse, Http404

from ehc import documents
from ehc.models import DocumentVersion


def handed_over(version: DocumentVersion, *, as_file: bool = True) -> FileResponse:
    """The version as a file to keep, or to be shown in place; no browser stores it by itself.

    404 where the folder of documents does not hold its bytes. The view records who looked.
    """
    try:
        file = documents.open_version(version)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=as_file, filename=version.file_name, content_type=version.media_type
    )
    response["Cache-Control"] = "private, no-store"
    return response

"""What holds for every request and every answer, whatever the page."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers

Answer = Callable[[HttpRequest], HttpResponseBase]


def nothing_is_kept(answer: Answer) -> Answer:
    """Tell browsers and what stands between to keep no page: most of them name a child.

    So “back” after signing out shows nothing. Files that never change are served before this; an
    answer that says for itself how it may be kept is left alone.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


def sound_requests_only(answer: Answer) -> Answer:
    """Refuse what no page of ours sends, before anything reads it: 400 instead of a failure.

    A null character in an address or a cookie, which PostgreSQL cannot take; and a body so large
    that receiving it, which needs no sign-in, could fill the disk.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        address = (request.path, *(text for pair in request.GET.lists() for text in _texts(pair)))
        if any("\0" in text for text in (*address, *request.COOKIES.values())):
            raise BadRequest("A null character in the address or in a cookie.")
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.LARGEST_BODY:
            raise RequestDataTooBig("The body is larger than any that a page of ours sends.")
        return answer(request)

    return middleware


def _texts(pair: tuple[str, list[str]]) -> list[str]:
    name, values = pair
    return [name, *values]

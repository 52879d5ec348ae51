"""The picture of a comparison: each share as a dot on the line on which it could lie by chance.

The table beside it says the same in numbers; the picture is not read out.
"""

from collections.abc import Sequence

from markupsafe import Markup

from panels.queries.figures_compared import Share

_WIDTH, _LEFT, _RIGHT = 640, 44, 620
_ROW, _TOP, _BELOW = 30, 10, 28
_DOT = 6


def picture(shares: Sequence[Share]) -> Markup:
    """One line for each share, numbered as the rows of its table, from none to all refused."""
    bottom = _TOP + _ROW * len(shares)
    parts = [*_scale(bottom)]
    for number, share in enumerate(shares, 1):
        parts.append(_line(number, share, _TOP + _ROW * number - _ROW // 2))
    return Markup(
        '<svg class="ehc-shares" viewBox="0 0 {} {}" width="100%" '
        'font-family="arial, sans-serif" aria-hidden="true" focusable="false">{}</svg>'
    ).format(_WIDTH, bottom + _BELOW, Markup("").join(parts))


def _across(share: float) -> int:
    return round(_LEFT + (_RIGHT - _LEFT) * share)


def _scale(bottom: int) -> list[Markup]:
    parts = []
    for percent in range(0, 101, 25):
        x = _across(percent / 100)
        parts.append(
            Markup(
                '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="#b1b4b6" stroke-width="1"/>'
                '<text x="{0}" y="{3}" font-size="14" text-anchor="middle" fill="currentColor">'
                "{4}%</text>"
            ).format(x, _TOP, bottom, bottom + 20, percent)
        )
    return parts


def _line(number: int, share: Share, y: int) -> Markup:
    """A hollow dot where there are few cases behind it."""
    least, most = share.between
    fill = "#ffffff" if share.is_few else "#1d70b8"
    return Markup(
        '<text x="{0}" y="{1}" font-size="14" text-anchor="end" fill="currentColor">{2}</text>'
        '<line x1="{3}" y1="{4}" x2="{5}" y2="{4}" stroke="#1d70b8" stroke-width="3"/>'
        '<circle cx="{6}" cy="{4}" r="{7}" fill="{8}" stroke="#1d70b8" stroke-width="2"/>'
    ).format(
        _LEFT - 14,
        y + 5,
        number,
        _across(least),
        y,
        _across(most),
        _across(share.share),
        _DOT,
        fill,
    )

"""A chart of columns, one a day, as SVG: made here, without script, style or anybody's library.

Colours and type come from the site's style sheet, by classes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT = 720, 200
LEFT, BELOW, ABOVE = 60, 26, 16  # room for the figures, the days, and the tallest column
STEPS = (1, 2, 5)


class Column(NamedTuple):
    """One day: its name under the chart (empty: none), the words for a pointer, and the number."""

    label: str
    title: str
    value: int


def ceiling(most: int) -> int:
    """Return the next round number that *most* does not exceed: 1, 2 or 5 with zeros.

    >>> [ceiling(n) for n in (0, 1, 3, 8, 41, 730)]
    [1, 1, 5, 10, 50, 1000]
    """
    power = 1
    while True:
        for step in STEPS:
            if step * power >= most:
                return step * power
        power *= 10


def chart(columns: Sequence[Column], title: str, figures: Sequence[str]) -> Markup:
    """Return the SVG of *columns*; *figures* are the texts for half and all of the height."""
    top = ceiling(max((column.value for column in columns), default=0))
    wide = (WIDTH - LEFT) / max(1, len(columns))
    parts = [lines(figures)]
    for number, column in enumerate(columns):
        parts.append(drawn(column, LEFT + number * wide, wide, top))
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-title">'
        '<title id="chart-title">{}</title>{}</svg>'
    ).format(WIDTH, HEIGHT, title, Markup("").join(parts))


def lines(figures: Sequence[str]) -> Markup:
    """Return the ground line, and one for each figure."""
    floor, found = HEIGHT - BELOW, []
    for part, text in zip((0.5, 1.0), figures, strict=True):
        y = round(floor - part * (floor - ABOVE), 1)
        found.append(
            Markup('<path class="chart-line" d="M{} {}H{}"/><text x="{}" y="{}">{}</text>').format(
                LEFT, y, WIDTH, LEFT - 6, y + 4, text
            )
        )
    found.append(Markup('<path class="chart-floor" d="M{} {}H{}"/>').format(LEFT, floor, WIDTH))
    return Markup("").join(found)


def drawn(column: Column, x: float, wide: float, top: int) -> Markup:
    """Return one column with its name under it."""
    floor = HEIGHT - BELOW
    tall = round((floor - ABOVE) * column.value / top, 1)
    shape = Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1.5"><title>{}</title></rect>'
    ).format(round(x + wide * 0.12, 1), floor - tall, round(wide * 0.76, 1), tall, column.title)
    if not column.label:
        return shape
    name = Markup('<text class="chart-day" x="{}" y="{}">{}</text>').format(
        round(x + wide / 2, 1), HEIGHT - 6, column.label
    )
    return shape + name

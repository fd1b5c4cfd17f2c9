"""The geometry of the report's charts: numbers in, SVG coordinates out.

Nothing here knows of markup: eval/page.html draws what these values say, eval/page.py says what is
to be drawn. Coordinates are in units of the drawing, from its upper left corner.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.run import Growth
from eval.summary import Mean

# A drawing is as wide as a phone, so that its letters stay legible there.
WIDTH = 440.0
_HEIGHT = 270.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 54.0, WIDTH - 30, 46.0, _HEIGHT - 44
# Of bars: where their names end, where they begin and may end; the height of a row and a heading.
_BARS = (112.0, 120.0, WIDTH - 126)
_ROW, _HEADING = 25.0, 30.0
# So many columns of ordinary letters is a name wide, a Han character being two.
_NAME = 15
_BINS = 24


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high` laid on coordinates from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The coordinate of a value; what lies outside is put at the nearer end."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return round(self.start + min(1.0, max(0.0, share)) * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A value of an axis: where it is and how it is written."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The area of a drawing that holds the data, with the values its axes name."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    across: tuple[Tick, ...] = ()
    upward: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What a bar shows: its name, a mean with its interval, whether it is ours."""

    name: str
    mean: Mean
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `frame.left` to `end`; its interval from `low` to `high`; `middle` is its height."""

    row: Row
    name: str
    middle: float
    end: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above a group of bars; `y` is its base line."""

    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Groups of horizontal bars, from 0 to 1."""

    frame: Frame
    headings: tuple[Heading, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a chart with its values."""

    x: float
    y: float
    across: float
    upward: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves over a common frame, with a point of its own if there is one."""

    frame: Frame
    lines: tuple[tuple[Point, ...], ...]
    mark: Point | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram; `count` values are from `low` up to `high`."""

    x: float
    y: float
    width: float
    height: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Columns with marked values; `beyond` is how many values the axis leaves out on the right."""

    frame: Frame
    columns: tuple[Column, ...]
    marks: tuple[Tick, ...]
    beyond: int


def bars(groups: Sequence[tuple[str, Sequence[Row]]]) -> Bars:
    """Bars one below the other, each group under its heading; an empty group is left out."""
    name_end, start, end = _BARS
    across = Axis(0, 1, start, end)
    headings, drawn = [], []
    y = 0.0
    for text, rows in groups:
        if rows:
            headings.append(Heading(text, y + _HEADING - 10))
            y += _HEADING
        for row in rows:
            low, high = across.at(row.mean.low), across.at(row.mean.high)
            name = shortened(row.name)
            drawn.append(Bar(row, name, y + _ROW / 2, across.at(row.mean.mean), low=low, high=high))
            y += _ROW
    ticks = tuple(Tick(across.at(value), value) for value in (0.0, 0.5, 1.0))
    frame = Frame(WIDTH, y + 26, start, end, name_end, y, ticks)
    return Bars(frame, tuple(headings), tuple(drawn))


def risk_lines(
    coverages: Sequence[float], risks: Sequence[float], mark: tuple[float, float] | None
) -> Lines:
    """The risk at each share that is answered; `mark` is such a pair that was measured."""
    across = Axis(0, 1, _LEFT, _RIGHT)
    highest = max([*risks, mark[1] if mark else 0.0])
    upward_values = steps(min(1.0, max(0.05, highest)), 4)
    upward = Axis(0, upward_values[-1], _BOTTOM, _TOP)
    frame = _frame(across, steps(1, 4), upward, upward_values)
    curve = tuple(_point(across, upward, x, y) for x, y in zip(coverages, risks, strict=True))
    return Lines(frame, (curve,), _point(across, upward, *mark) if mark else None)


def growth_lines(growth: Sequence[Growth]) -> Lines:
    """Median and 95th percentile in milliseconds over the number of chunks, from the smallest."""
    ordered = sorted(growth, key=lambda one: one.chunks)
    largest = ordered[-1].chunks
    # The axis ends where the data does, so that the lines have the whole width.
    across_values = [value for value in steps(largest, 4) if value <= largest]
    upward_values = steps(max(max(one.p50_ms, one.p95_ms) for one in ordered), 4)
    across = Axis(0, largest, _LEFT, _RIGHT)
    upward = Axis(0, upward_values[-1], _BOTTOM, _TOP)
    lines = (
        tuple(_point(across, upward, one.chunks, one.p50_ms) for one in ordered),
        tuple(_point(across, upward, one.chunks, one.p95_ms) for one in ordered),
    )
    return Lines(_frame(across, across_values, upward, upward_values), lines)


def histogram(values: Sequence[float], marked: Sequence[float]) -> Histogram:
    """How often which values are, up to half as much again as the highest marked one.

    A single slow question would else press all others into one column: those beyond are counted.
    """
    top = min(max(values), 1.5 * max(marked))
    across_values = steps(top, 4)
    across = Axis(0, across_values[-1], _LEFT, _RIGHT)
    counts, edges = np.histogram(values, bins=_BINS, range=(0, across.high))
    upward_values = steps(int(counts.max()) or 1, 4, whole=True)
    upward = Axis(0, upward_values[-1], _BOTTOM, _TOP)
    columns = tuple(
        _column(across, upward, float(low), float(high), int(count))
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
        if count
    )
    return Histogram(
        frame=_frame(across, across_values, upward, upward_values),
        columns=columns,
        marks=tuple(Tick(across.at(value), value) for value in marked),
        beyond=len(values) - int(counts.sum()),
    )


def steps(top: float, count: int, *, whole: bool = False) -> tuple[float, ...]:
    """Round values from 0, at least `count` steps or so, the last of them no less than `top`.

    >>> steps(0.37, 4)
    (0.0, 0.1, 0.2, 0.3, 0.4)
    >>> steps(3, 4, whole=True)
    (0.0, 1.0, 2.0, 3.0)
    """
    rough = (top or 1.0) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough * (1 - 1e-9))
    if whole:
        step = float(max(1, math.ceil(step)))
    last = math.ceil((top or 1.0) / step - 1e-9)
    return tuple(round(n * step, 10) for n in range(last + 1))


def shortened(name: str, room: int = _NAME) -> str:
    """A name cut to so many columns, a Han character being two.

    >>> shortened("两份文档合答", 8)
    '两份文…'
    """
    if sum(_columns(character) for character in name) <= room:
        return name
    kept, used = "", 1
    for character in name:
        used += _columns(character)
        if used > room:
            break
        kept += character
    return f"{kept}…"


def _columns(character: str) -> int:
    return 2 if ord(character) >= 0x2E80 else 1


def _frame(
    across: Axis, across_values: Sequence[float], upward: Axis, upward_values: Sequence[float]
) -> Frame:
    return Frame(
        WIDTH,
        _HEIGHT,
        _LEFT,
        _RIGHT,
        _TOP,
        _BOTTOM,
        tuple(Tick(across.at(value), value) for value in across_values),
        tuple(Tick(upward.at(value), value) for value in upward_values),
    )


def _point(across: Axis, upward: Axis, x: float, y: float) -> Point:
    return Point(across.at(x), upward.at(y), x, y)


def _column(across: Axis, upward: Axis, low: float, high: float, count: int) -> Column:
    x, y = across.at(low), upward.at(count)
    # A hair of paper between two columns.
    width = round(across.at(high) - x - 1, 1)
    return Column(x, y, width, round(upward.start - y, 1), low, high, count)

"""The rows of a table in a text: what labels them, what their columns are called, what stands in them.

Pure. index/tables.py writes a row as one line, "标签：列 值；列 值。"; here such lines are read again. Rows
that follow one another with the same columns are a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.types import Document, Span

_LINE = re.compile("(?P<label>[^：:；;，。\\s][^：:；;，。]{0,29})[：:](?P<fields>[^：:]+)")
_FIELD = re.compile("(?P<name>[^\\s；;]+) (?P<value>[^；;]+?)(?=[；;]|。?$)")
_SUM = re.compile("合计|总计|共计|小计|总数")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a row, with what stands in it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `span` and `label` count the characters of the document."""

    span: Span
    label: Span
    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same columns, two at least, with what stands right above them."""

    rows: tuple[Row, ...]
    above: str


@lru_cache(maxsize=16)
def tables(document: Document) -> tuple[Table, ...]:
    """The tables of a document, without rows that sum others up; each row of one asks for them."""
    return tuple(_tables(document))


def _tables(document: Document) -> Iterator[Table]:
    start, above, rows = 0, "", list[Row]()
    for line in document.text.splitlines(keepends=True):
        text = line.rstrip("\n")
        row = row_of(text, start)
        if rows and (row is None or row.columns != rows[-1].columns):
            yield from _table(document, rows, above)
            rows = []
        if row is None:
            above = text
        else:
            rows.append(row)
        start += len(line)
    yield from _table(document, rows, above)


def row_of(line: str, start: int = 0) -> Row | None:
    """A line as a row, None if it is none; `start` is where it begins in its document.

    >>> row_of("甲厂：产量 3万吨；产值 2亿元。").fields[1].value
    '2亿元'
    """
    match = _LINE.fullmatch(line)
    fields = (
        tuple(Field(*found.groups()) for found in _FIELD.finditer(match["fields"])) if match else ()
    )
    if match is None or len(fields) < 2 or len(fields) != len(re.split("[；;]", match["fields"])):
        return None
    label = Span(start, start + len(match["label"]))
    return Row(Span(start, start + len(line)), label, fields)


def _table(document: Document, rows: list[Row], above: str) -> Iterator[Table]:
    kept = tuple(row for row in rows if not _SUM.search(row.label.of(document.text)))
    if len(kept) > 1:
        yield Table(kept, above)

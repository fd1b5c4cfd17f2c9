"""Plain text to a Draft. The rest, furniture and headings, is index/clean.py's."""

from index.decode import decode
from index.lines import LINE_BREAK, Draft, canonical_line, plain
from index.wrapping import looks_wrapped, unwrap


def read_text(text: str) -> Draft:
    """Each line of `text` a paragraph, or each run of lines where an editor broke them to a width."""
    rows = [canonical_line(row) for row in LINE_BREAK.split(text)]
    return Draft(plain(unwrap(rows) if looks_wrapped(rows) else rows))


def read(data: bytes) -> Draft:
    return read_text(decode(data))
